import { expect, it } from 'vitest';
import { idleUndo, sshUndo, tagsUndo } from '../scenarios/undo.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { rehearse } from './matrix.ts';

const withoutExemption: Sabotage = {
  ports: (ports) => ({
    ...ports,
    journal: {
      ...ports.journal,
      begin: ({ exemptUntil: _none, ...intent }, taking) => ports.journal.begin(intent, taking),
    },
  }),
};

it.each<{ defect: string; scenario: Scenario; sabotage: Sabotage; found: Violation['invariant'] }>([
  {
    defect: 'writes no exemption',
    scenario: sshUndo,
    sabotage: withoutExemption,
    found: 'wrong',
  },
  {
    defect: 'writes no exemption for its tags',
    scenario: tagsUndo,
    sabotage: withoutExemption,
    found: 'wrong',
  },
  {
    defect: 'keeps no journal',
    scenario: idleUndo,
    sabotage: {
      ports: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          begin: async (intent, taking) =>
            intent.undoes === undefined ? ports.journal.begin(intent, taking) : 'begun',
        },
      }),
    },
    found: 'unexplained',
  },
])('B6.18 B6.19 the matrix sees an undo that $defect', async ({ scenario, sabotage, found }) => {
  const spoilt = await rehearse(scenario, 1, undefined, sabotage);
  const sound = await rehearse(scenario, 1);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
  expect(sound.violations).toEqual([]);
});
