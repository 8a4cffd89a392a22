import { beforeEach, expect, it } from 'vitest';
import { lastScans, noteScans } from '../../../shared/aws/scan-table.ts';
import type { LastScan } from '../../../shared/engine/shrinkage.ts';
import { withTable } from './fixture.ts';

const NOW = new Date('2026-11-02T08:00:00Z');

let world: Awaited<ReturnType<typeof withTable>>;
beforeEach(async () => {
  world = await withTable();
});

it('B6.6 keeps what was read for each policy, account and region, and overwrites only what is told anew', async () => {
  expect(await lastScans(world.aws, 'journal', 'revoke-open-ssh')).toEqual(new Map());
  const fewer = { since: new Date('2026-11-01T08:00:00Z'), paged: NOW };
  const first = new Map<string, LastScan>([
    ['111122223333, eu-west-1', { scanned: 100, regime: 'grace' as const }],
    ['111122223333, us-gov-east-1', { scanned: 50, fewer }],
    ['444455556666, eu-west-1', { scanned: 0, accepted: { at: NOW, by: 'ana', instead: 9 } }],
  ]);
  await noteScans(world.aws, 'journal', 'revoke-open-ssh', first, NOW);
  await noteScans(
    world.aws,
    'journal',
    'enforce-tags',
    new Map([['111122223333, eu-west-1', { scanned: 7 }]]),
    NOW,
  );
  expect(await lastScans(world.aws, 'journal', 'revoke-open-ssh')).toEqual(first);

  const again = new Map([['111122223333, us-gov-east-1', { scanned: 20 }]]);
  await noteScans(world.aws, 'journal', 'revoke-open-ssh', again, NOW);
  expect(await lastScans(world.aws, 'journal', 'revoke-open-ssh')).toEqual(new Map([...first, ...again]));
});

it('B6.6 throws when it cannot be read, so that nothing is changed', async () => {
  world.world.faults.add({ service: 'dynamodb', operation: 'Query', kind: 'denied' });
  await expect(lastScans(world.aws, 'journal', 'revoke-open-ssh')).rejects.toMatchObject({ kind: 'denied' });
});
