import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Sabotage } from '../stage/functions.ts';
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
