import { expect, it } from 'vitest';
import type { Journal } from '../../../shared/engine/journal.ts';
import { idleUndoLookBackUndone, sshUndoLookBack } from '../scenarios/broken-off-undo.ts';
import { idleLookBackUndone, sshLookBack, tagsLookBackUndone } from '../scenarios/reconcile.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { type Point, rehearse } from './matrix.ts';

const journaling = (change: (journal: Journal) => Partial<Journal>): Sabotage => ({
  ports: (ports) => ({ ...ports, journal: { ...ports.journal, ...change(ports.journal) } }),
});

/** Whatever is in order is taken for its own work. */
const boasting = journaling(({ finish }) => ({
  finish: (intent, outcome) =>
    finish(
      intent,
      outcome.code === 'superseded' ? { ...outcome, result: 'done', code: 'found-in-order' } : outcome,
    ),
}));

it.each<{
  defect: string;
  scenario: Scenario;
  fault?: Point['fault'];
  sabotage: Sabotage;
  found: Violation['invariant'];
}>([
  {
    defect: 'never looks back',
    scenario: sshLookBack,
    sabotage: journaling(() => ({ open: async () => [] })),
    found: 'unexplained',
  },
  {
    defect: 'looks and writes nothing down',
    scenario: sshLookBack,
    sabotage: journaling(() => ({ finish: async () => {} })),
    found: 'unexplained',
  },
  {
    defect: 'tells of it again and again',
    scenario: sshLookBack,
    sabotage: journaling(() => ({ told: async () => {} })),
    found: 'not settled',
  },
  {
    defect: 'tells nobody',
    scenario: sshLookBack,
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: 'lost',
  },
  {
    defect: 'calls a machine stopped that somebody uses',
    scenario: idleLookBackUndone,
    fault: 'used',
    sabotage: boasting,
    found: 'untrue',
  },
  {
    defect: 'calls a tag its own that somebody else wrote',
    scenario: tagsLookBackUndone,
    fault: 'tagged',
    sabotage: boasting,
    found: 'untrue',
  },
  {
    defect: 'never ends an undo that broke off',
    scenario: sshUndoLookBack,
    sabotage: journaling(({ open }) => ({
      open: async (...given) => (await open(...given)).filter(({ undoes }) => undoes === undefined),
    })),
    found: 'unexplained',
  },
  {
    defect: 'tells nobody of an undo that broke off',
    scenario: idleUndoLookBackUndone,
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: 'lost',
  },
])('B5.17 the matrix sees a reconciliation that $defect', async ({ scenario, fault, sabotage, found }) => {
  const call = { service: 'dynamodb', operation: 'Query', occurrence: 0 };
  const point = fault && { call, fault };
  const spoilt = await rehearse(scenario, 1, point, sabotage);
  const sound = await rehearse(scenario, 1, point);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
  expect(sound.violations).toEqual([]);
});
