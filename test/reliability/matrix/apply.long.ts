import { expect, it } from 'vitest';
import { apply, sshApply, until } from '../scenarios/apply.ts';
import type { Violation } from '../stage/audit.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Scenario } from '../stage/scenario.ts';
import { rehearse } from './matrix.ts';

it.each<{
  defect: string;
  scenario?: Scenario;
  sabotage?: Sabotage;
  found: Violation['invariant'];
}>([
  {
    defect: 'says nothing of an item that it left alone',
    scenario: {
      ...sshApply,
      play: until(async (runtime) =>
        (await apply(runtime))?.filter(({ outcome }) => outcome.outcome === 'done'),
      ),
    },
    found: 'untrue',
  },
  {
    defect: 'does not do all of it',
    scenario: { ...sshApply, play: async () => {} },
    found: 'lost',
  },
  {
    defect: 'acts without an intent in the journal',
    sabotage: {
      ports: (ports) => ({ ...ports, journal: { ...ports.journal, begin: async () => 'begun' } }),
    },
    found: 'unexplained',
  },
  {
    defect: 'does more than was planned',
    scenario: {
      ...sshApply,
      settings: sshApply.settings.replace('mode: report', 'mode: enforce'),
      async play(runtime) {
        runtime.sweep('revoke-open-ssh');
        await runtime.pass(3_600_000);
      },
    },
    found: 'wrong',
  },
])('B6.20 B6.21 the matrix sees an apply that $defect', async ({ scenario = sshApply, sabotage, found }) => {
  const spoilt = await rehearse(scenario, 1, undefined, sabotage);

  expect(spoilt.violations.map(({ invariant }) => invariant)).toContain(found);
});

it('B6.20 B6.21 a plan is applied to what has not changed since, with nothing going wrong', async () => {
  expect((await rehearse(sshApply, 1)).violations).toEqual([]);
});
