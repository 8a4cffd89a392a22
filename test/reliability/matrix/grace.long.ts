import { expect, it } from 'vitest';
import { idleGrace, idlePromise, sshGrace } from '../scenarios/grace.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { marking, untoldCounts } from '../stage/spoilt-grace.ts';
import { rehearse } from './matrix.ts';

const HALF_A_DAY_MS = 43_200_000;

it.each<{
  defect: string;
  scenario: Scenario;
  sabotage: Sabotage;
  found: Violation['invariant'];
}>([
  {
    defect: 'takes every mark for one of long ago',
    scenario: sshGrace,
    sabotage: marking(({ open }) => ({
      open: async (policy) =>
        (await open(policy)).map((mark) => ({
          ...mark,
          since: new Date(mark.since.getTime() - 2 * HALF_A_DAY_MS),
          due: new Date(mark.due.getTime() - 2 * HALF_A_DAY_MS),
        })),
    })),
    found: 'wrong',
  },
  {
    defect: 'gives half of it',
    scenario: idleGrace,
    sabotage: {
      settings: (settings) => ({
        ...settings,
        guard: { ...settings.guard, graceMs: HALF_A_DAY_MS },
      }),
    },
    found: 'wrong',
  },
  {
    defect: 'counts what nobody was told',
    scenario: sshGrace,
    sabotage: untoldCounts,
    found: 'wrong',
  },
  {
    defect: 'never closes a mark',
    scenario: idleGrace,
    sabotage: marking(() => ({ close: async () => {} })),
    found: 'unexplained',
  },
  {
    defect: 'writes a date on a machine that the journal does not have',
    scenario: idlePromise,
    sabotage: marking(() => ({ put: async () => true })),
    found: 'unexplained',
  },
])('B2.13 B6.7 the matrix sees a grace that $defect', async ({ scenario, sabotage, found }) => {
  const spoilt = await rehearse(scenario, 1, undefined, sabotage);
  const sound = await rehearse(scenario, 1);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
  expect(sound.violations).toEqual([]);
});
