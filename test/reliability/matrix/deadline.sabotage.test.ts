import { expect, it } from 'vitest';
import { tagsQuarantine } from '../scenarios/deadline.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import { rehearse } from './matrix.ts';

it.each<{ defect: string; sabotage: Sabotage; found: Violation['invariant'] }>([
  {
    defect: 'cutting off without an intent in the journal',
    sabotage: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          begin: async (intent, taking) =>
            intent.action === 'quarantine-instance' ? 'begun' : ports.journal.begin(intent, taking),
        },
      }),
    },
    found: 'unexplained',
  },
  {
    defect: 'telling nobody',
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: 'lost',
  },
])('the matrix sees a quarantine that is spoilt by $defect', async ({ sabotage, found }) => {
  const { violations } = await rehearse(tagsQuarantine, 1, undefined, sabotage);

  expect(violations.map(({ invariant }) => invariant)).toContain(found);
});

it.each([
  ['exempted right before the cut', 'dynamodb', 'Query', 3, 'changed'],
  ['tagged right before its mark', 'dynamodb', 'TransactWriteItems', 0, 'tagged'],
  ['whose group cannot be read any more', 'ec2', 'DescribeSecurityGroups', 1, 'time-out after each time'],
] as const)(
  'B2.40 B6.21 nothing wrong becomes of one %s',
  async (_when, service, operation, occurrence, fault) => {
    const point = { call: { service, operation, occurrence }, fault };
    const { struck, violations } = await rehearse(tagsQuarantine, 1, point);

    expect(violations).toEqual([]);
    expect(struck).toBeGreaterThan(0);
  },
);
