import { expect, it } from 'vitest';
import { dueOf } from '../../../shared/engine/outcome.ts';
import type { GuardSettings } from '../../../shared/engine/ports.ts';
import { enforcing, House, named, noon, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;
const exemption = { ...enforcing.exemption, remindMs: 7 * 24 * HOUR, noticeMs: HOUR };
/** An hour, and more than any two clocks differ. */
const DUE = new Date('2026-11-20T13:10:00Z');
const ENDED = 'T-1 by ana until 2026-11-20T11:00Z';

function houseWith(value: string, kind: House['kind'] = 'security'): House {
  const house = new House();
  house.kind = kind;
  house.add('hall', { tags: new Map([['reeve:exempt', value]]) });
  return house;
}

function at(house: House, hours: number, rules: Partial<GuardSettings['exemption']> = {}, signal = sweep) {
  house.time = noon.getTime() + hours * HOUR;
  return house.run(signal, { exemption: { ...exemption, ...rules } });
}

it.each(['security', 'cost', 'tagging'] as const)(
  'B6.7 an expired exemption is enforced after notice, in a %s policy',
  async (kind) => {
    const house = houseWith(ENDED, kind);
    const first = await at(house, 0);
    await at(house, 1);

    expect(house.litIds).toEqual(['hall']);
    expect(first.state).toBe('complete');
    expect(first.results[0]?.outcome).toMatchObject({ outcome: 'queued', code: 'exemption-ended' });
    expect(first.results[0]?.outcome.reason).toContain(DUE.toISOString());
    expect(first.results[0]?.notes).toEqual([
      'Its exemption (T-1, of ana) expired on 2026-11-20T11:00:00.000Z.',
    ]);
    expect(house.told).toHaveLength(1);
    await at(house, 2);
    expect(house.litIds).toEqual([]);
  },
);

it('B3.39 B6.7 the notice is given once: what is opened after it is closed at once', async () => {
  const house = houseWith(ENDED);
  const [hall] = house.lamps;
  await at(house, 0);
  await at(house, 2);
  if (hall) house.light(hall);
  await at(house, 3, {}, named('hall'));
  expect(house.switchedOff).toEqual(['hall', 'hall']);
});

it('B5.37 B6.7 a notice that reached nobody is given again', async () => {
  const house = houseWith(ENDED);
  house.notify = () => {
    throw new Error('no topic');
  };
  await at(house, 0);
  house.notify = () => {};
  const again = await at(house, 2);
  expect(house.litIds).toEqual(['hall']);
  expect(again.results.map(({ outcome }) => dueOf(outcome))).toEqual([new Date('2026-11-20T15:10:00Z')]);
  await at(house, 4);
  expect(house.litIds).toEqual([]);
});

it.each<{ when: string; value: string; rules?: Partial<GuardSettings['exemption']> }>([
  { when: 'it ended more than 30 days ago', value: 'T-1 until 2026-10-20' },
  { when: 'no notice is asked for', value: ENDED, rules: { noticeMs: undefined } as never },
  { when: 'whoever set it may not', value: ENDED, rules: { setBy: ['arn:aws:iam::*:role/security'] } },
])('B6.8 no time is given where $when', async ({ value, rules = {} }) => {
  const house = houseWith(value);
  house.whoTagged = () => 'arn:aws:iam::111122223333:user/ana';
  await at(house, 0, rules);
  expect(house.litIds).toEqual([]);
});

it.each(['marks.open', 'marks.put'] as const)('B6.16 without %s it is left, and said', async (call) => {
  const house = houseWith(ENDED);
  house.journal.broken.add(call);
  const report = await at(house, 0);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'journal-unavailable' });
  expect(house.litIds).toEqual(['hall']);
});

it('B6.2 the kill switch holds the notice back too', async () => {
  const house = houseWith(ENDED);
  house.killSwitch = () => 'on';
  const report = await at(house, 0);
  expect(report.results[0]?.outcome.code).toBe('kill-switch');
  expect(house.journal.marked.size).toBe(0);
});

it('B6.7 that an exemption ends is told once, a week before, with what follows', async () => {
  const house = houseWith('T-1 by ana until 2026-11-30');
  for (let day = 0; day < 9; day++) await at(house, 24 * day);

  expect(house.told).toHaveLength(1);
  expect(house.told[0]?.results[0]).toMatchObject({
    verdict: { verdict: 'exempt', reason: expect.stringContaining('T-1, of ana') },
    ending: true,
    notes: ['Its exemption ends on 2026-11-30T23:59:59.999Z; from then on it is due again: Switch off hall.'],
  });
  house.lamps[0]?.tags.set('reeve:exempt', 'T-1 by ana until 2026-12-02');
  await at(house, 24 * 9);
  expect(house.told).toHaveLength(2);
});

it('B6.7 nothing is told of an exemption that holds for long, or where no reminder is asked for', async () => {
  const house = houseWith('T-1 until 2026-11-22');
  await house.run(sweep);
  house.lamps[0]?.tags.set('reeve:exempt', 'T-1 until 2026-12-20');
  await at(house, 0);
  expect(house.told).toEqual([]);
});
