import { expect, it } from 'vitest';
import { sshWindow } from '../scenarios/ssh.ts';
import { rehearse } from './matrix.ts';

it('B6.5 the matrix sees runs that do not count what others changed in the same window', async () => {
  const spoilt = await rehearse(sshWindow, 1, undefined, {
    ports: (ports) => ({
      ...ports,
      journal: { ...ports.journal, begin: (intent) => ports.journal.begin(intent, undefined) },
    }),
  });
  const sound = await rehearse(sshWindow, 1);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain('above the cap');
  expect(sound.violations).toEqual([]);
});
