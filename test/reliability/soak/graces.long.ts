import { expect, it } from 'vitest';
import type { Sabotage } from '../stage/functions.ts';
import { marking, untoldCounts } from '../stage/spoilt-grace.ts';
import { liveBusily, lookFor } from './busy.ts';

it.each<{ defect: string; graces: readonly number[]; onReeve?: number; sabotage: Sabotage; found: RegExp }>([
  {
    defect: 'gives half of it',
    graces: [4],
    sabotage: {
      settings: ({ guard, ...rest }) => ({ ...rest, guard: { ...guard, graceMs: (guard.graceMs ?? 0) / 2 } }),
    },
    found: /^wrong .*: the grace of \S+ lasts until /m,
  },
  {
    defect: 'counts what nobody was told',
    graces: [1],
    sabotage: untoldCounts,
    found: /^wrong .*: nobody was told of the grace of /m,
  },
  {
    defect: 'never closes a mark',
    graces: [1],
    sabotage: marking(() => ({ close: async () => {} })),
    found: /^unexplained .* has an open mark of /m,
  },
  {
    defect: 'keeps what was promised although none is given any more',
    graces: [0, 3],
    onReeve: 60,
    sabotage: marking(({ put }) => ({
      put: async (mark, instead) => mark.lapsed !== undefined || (await put(mark, instead)),
    })),
    found: /^unexplained .* has an open mark of |^wrong .*: nobody was told of the grace of /m,
  },
  {
    defect: 'shows a date that the journal does not have',
    graces: [1],
    sabotage: marking(() => ({ put: async () => true })),
    found: /^wrong CreateTags .* is not in the journal/m,
  },
])(
  'B2.13 B6.7 an account whose grace Reeve $defect does not pass',
  async ({ graces, onReeve = 0, sabotage, found }) => {
    expect(await lookFor(found, { graces, onReeve }, sabotage)).toMatch(found);
  },
);

it('B2.13 B6.7 an account in which time is given, now and then, passes', async () => {
  expect(await liveBusily(2, { graces: [0, 1, 3], onReeve: 60, hours: 12 })).toBe('');
});
