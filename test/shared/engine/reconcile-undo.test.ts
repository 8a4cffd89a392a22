import { expect, it } from 'vitest';
import type { Signal } from '../../../shared/engine/signal.ts';
import { House, named, sweep } from '../../support/lamps.ts';
import { relight, undoIn } from '../../support/relight.ts';

const HOUR = 3_600_000;

const lookBack: Signal = {
  ...named(),
  actor: undefined,
  cause: { kind: 'reconciliation', name: 'reconcile' },
};

const stateOf = (house: House) => house.journal.entries.at(-1)?.outcome;
const toldCodes = (house: House) =>
  house.told.flatMap(({ results }) => results.map(({ outcome }) => `${outcome.outcome} ${outcome.code}`));

/** Hall was switched off; who takes that back dies right before lighting it, or right after. */
async function brokenOff(
  when: 'before' | 'after' | 'after, the very same',
  repeatKey?: string,
): Promise<House> {
  const house = new House();
  const hall = house.add('hall', repeatKey === undefined ? {} : { repeatKey });
  await house.run(sweep);
  house.told.length = 0;
  const target = house.journal.entries[0]?.id ?? '';
  house.journal.broken.add('finish');
  const undo: typeof relight.undo = async (entry, around) => {
    if (when === 'after') await relight.undo(entry, around);
    if (when === 'after, the very same') hall.light = 'lit';
    throw new Error('the process is gone');
  };
  await undoIn(house, target, {}, { ...relight, undo }).catch(() => {});
  house.journal.broken.clear();
  expect(house.journal.entries.at(-1)).toMatchObject({ undoes: target, outcome: undefined });
  return house;
}

async function lookBackAfter(house: House, hours: number) {
  house.time += hours * HOUR;
  return house.run(lookBack, {}, []);
}

it('B5.17 B6.19 an undo that broke off is left to its own person while it is an exemption', async () => {
  const house = await brokenOff('before');
  await lookBackAfter(house, 23);

  expect(stateOf(house)).toBeUndefined();
  expect(house.told).toEqual([]);
});

it('B5.17 B6.19 an undo that broke off before its change, and nobody asked for again, is told and ended', async () => {
  const house = await brokenOff('before');
  const report = await lookBackAfter(house, 25);

  expect(report.results).toMatchObject([
    {
      resource: { id: 'hall' },
      verdict: { reason: 'ana asked for it: the night shift needs it' },
      outcome: { outcome: 'failed', code: 'unverified', reason: expect.stringContaining('cannot be told') },
    },
  ]);
  expect(stateOf(house)).toMatchObject({ result: 'failed', code: 'unverified' });
  expect(house.litIds).toEqual([]);

  await lookBackAfter(house, 1);
  expect(house.told).toHaveLength(1);
});

it.each([
  { by: 'the very same state', when: 'after, the very same', repeatKey: undefined },
  { by: 'the same thing in another state', when: 'after', repeatKey: 'hall' },
] as const)(
  'B5.17 B6.19 an undo that broke off after its change, as $by shows, frees that change',
  async ({ when, repeatKey }) => {
    const house = await brokenOff(when, repeatKey);
    expect(house.litIds).toEqual(['hall']);
    await lookBackAfter(house, 25);

    expect(stateOf(house)).toMatchObject({ result: 'done', code: 'taken-back' });
    expect(toldCodes(house)).toEqual(['skipped changed']);
    expect(house.postponed).toHaveLength(1);
    const { results } = await house.run(sweep);
    expect(results).toMatchObject([{ outcome: { outcome: 'done' } }]);
    expect(house.litIds).toEqual([]);
  },
);

it('B5.17 whose doing something else is, an undo that broke off cannot tell', async () => {
  const house = await brokenOff('after');
  await lookBackAfter(house, 25);

  expect(stateOf(house)).toMatchObject({ result: 'failed', code: 'unverified' });
  expect(house.postponed).toHaveLength(1);
});

it('B5.17 B6.18 of what is gone nothing is to be taken back any more', async () => {
  const house = await brokenOff('before');
  house.lamps.length = 0;
  await lookBackAfter(house, 25);

  expect(stateOf(house)).toMatchObject({ result: 'gone', after: { found: 'gone' } });
  expect(toldCodes(house)).toEqual(['skipped gone']);
});

it('B5.17 an undo of which nothing can be read stays open, for a week', async () => {
  const house = await brokenOff('before');
  for (const lamp of house.lamps) lamp.hidden = 1_000;
  await lookBackAfter(house, 25);
  expect(stateOf(house)).toBeUndefined();
  expect(toldCodes(house)).toEqual(['failed unreadable']);

  await lookBackAfter(house, 7 * 24);
  expect(stateOf(house)).toMatchObject({ result: 'failed', code: 'unverified' });
});

it('B5.17 an undo that is asked for again ends as that does', async () => {
  const house = await brokenOff('before');
  house.time += HOUR;
  await undoIn(house, house.journal.entries[0]?.id ?? '');
  expect(stateOf(house)).toMatchObject({ result: 'done' });
  await lookBackAfter(house, 25);

  expect(house.told).toEqual([]);
});
