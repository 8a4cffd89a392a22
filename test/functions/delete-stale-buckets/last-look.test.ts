import { expect, it } from 'vitest';
import type { JournalEntry } from '../../../shared/engine/journal.ts';
import { Attic } from './attic.ts';

it.each<{ when: string; forge: (entry: JournalEntry) => Partial<JournalEntry>; deleted: boolean }>([
  { when: 'as it was written', forge: () => ({}), deleted: true },
  {
    when: 'that failed',
    forge: ({ outcome }) => ({ outcome: outcome && { ...outcome, result: 'failed' } }),
    deleted: false,
  },
  {
    when: 'of other settings',
    forge: ({ fingerprint }) => ({
      fingerprint: fingerprint.replace(/ [0-9a-f]{16} /, ' 0123456789abcdef '),
    }),
    deleted: false,
  },
  { when: 'of another account', forge: () => ({ account: '999900001111' }), deleted: false },
])('B4.24 an entry $when proves the mark: $deleted', async ({ forge, deleted }) => {
  const attic = new Attic();
  attic.stale('old-logs');
  await attic.sweep();
  for (const entry of attic.journal.entries) Object.assign(entry, forge(entry));
  await attic.days(15);
  await attic.sweep();
  expect(attic.exists('old-logs')).toBe(!deleted);
});
