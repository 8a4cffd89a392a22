import { expect, it } from 'vitest';
import type { Journal } from '../../../shared/engine/journal.ts';
import { idleUndoDuring, sshUndoDuring } from '../scenarios/beside.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { rehearse } from './matrix.ts';

const journaling = (change: (journal: Journal) => Partial<Journal>): Sabotage => ({
  ports: (ports) => ({ ...ports, journal: { ...ports.journal, ...change(ports.journal) } }),
});

it.each<{ defect: string; scenario: Scenario; sabotage: Sabotage; found: Violation['invariant'] }>([
  {
    defect: 'does not look into the journal before it acts',
    scenario: sshUndoDuring,
    sabotage: journaling(() => ({ recent: async () => [] })),
    found: 'wrong',
  },
  {
    defect: 'takes an undo that is not yet over for none',
    scenario: sshUndoDuring,
    sabotage: journaling(({ recent }) => ({
      recent: async (arn, since) =>
        (await recent(arn, since)).filter(
          ({ undoes, outcome }) => undoes === undefined || outcome !== undefined,
        ),
    })),
    found: 'wrong',
  },
  {
    defect: 'never writes the end of an undo',
    scenario: idleUndoDuring,
    sabotage: journaling(({ finish }) => ({
      finish: async (intent, outcome) =>
        intent.undoes === undefined ? await finish(intent, outcome) : undefined,
    })),
    found: 'unexplained',
  },
])('B6.19 the matrix sees a policy beside an undo that $defect', async ({ scenario, sabotage, found }) => {
  const seen = new Set<string>();
  // In which order the calls of two come is drawn: not each order brings a defect to light.
  for (let seed = 1; seed <= 8; seed++) {
    for (const { invariant } of (await rehearse(scenario, seed, undefined, sabotage)).violations)
      seen.add(invariant);
    expect((await rehearse(scenario, seed)).violations).toEqual([]);
  }

  expect([...seen]).toContain(found);
});
