import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PolicyName, Sabotage } from '../stage/functions.ts';
import { anyDraw, soakOf } from './draws.ts';
import { Epoch } from './epoch.ts';

it('B5.15 B5.16 B5.21 B5.24 B6.14 whatever happens, in whatever order, all invariants hold', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraw, async (draw) => {
      expect((await Epoch.live(draw)).violations).toEqual([]);
    }),
    { numRuns: 10, seed: 2 },
  );
});

it.each<{ defect: string; sabotage: Sabotage; found: string }>([
  {
    defect: 'protects nothing',
    sabotage: {
      settings: ({ guard, ...rest }) => ({
        ...rest,
        guard: {
          ...guard,
          protect: { ids: [], names: [], tags: [] },
          exemption: { ...guard.exemption, tag: 'none' },
        },
      }),
    },
    found: 'wrong',
  },
  {
    defect: 'tells nobody',
    sabotage: { ports: (ports) => ({ ...ports, notify: async () => [] }) },
    found: 'lost',
  },
  {
    defect: 'never ends what it began',
    sabotage: { ports: (ports) => ({ ...ports, journal: { ...ports.journal, finish: async () => {} } }) },
    found: 'unexplained',
  },
])('an account in which Reeve $defect does not pass', async ({ sabotage, found }) => {
  const [draw] = soakOf(9, 2);
  if (draw === undefined) throw new Error('a soak has at least one epoch');
  const { violations } = await Epoch.live({ ...draw, calm: 3, faults: 0, deeds: 12 }, sabotage);
  expect(violations.map(({ invariant }) => invariant)).toContain(found);
});

/** Of the findings of one policy, people are told the first, the third and so on. */
const tellingEveryOther = (policy: PolicyName): Sabotage => {
  const ids: string[] = [];
  return {
    ports: (ports) => ({
      ...ports,
      notify: (report) => {
        if (report.policy !== policy) return ports.notify(report);
        for (const { resource } of report.results) if (!ids.includes(resource.id)) ids.push(resource.id);
        const results = report.results.filter(({ resource }) => ids.indexOf(resource.id) % 2 === 0);
        return ports.notify({ ...report, results });
      },
    }),
  };
};

/** An account in which nothing is changed: all that is out of policy stays, and has to be told. */
function onlyTold(sabotage?: Sabotage) {
  const [draw] = soakOf(9, 2);
  if (draw === undefined) throw new Error('a soak has at least one epoch');
  return Epoch.live({ ...draw, calm: 3, faults: 0, deeds: 12, mode: 'report' }, sabotage);
}

it('an account in which everything is only told passes', async () => {
  expect((await onlyTold()).violations).toEqual([]);
});

it.each<PolicyName>(['revoke-open-ssh', 'stop-idle-instances', 'enforce-tags', 'delete-stale-buckets'])(
  'an account in which %s tells of every other finding only does not pass',
  async (policy) => {
    const { violations } = await onlyTold(tellingEveryOther(policy));
    const lost = violations.filter(({ invariant }) => invariant === 'lost').map(({ detail }) => detail);
    expect(lost.map((detail) => detail.split(':')[0])).toContain(policy);
  },
);
