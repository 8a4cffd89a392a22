import { expect, it } from 'vitest';
import type { Signal } from '../../../shared/engine/signal.ts';
import { House, named } from '../../support/lamps.ts';

const MINUTE = 60_000;
const lookBack: Signal = { ...named(), cause: { kind: 'reconciliation', name: 'reconcile' } };

/** A lamp that takes an hour to go dark, of which something is done every five minutes. */
function slow(everyFive: (house: House, minutes: number) => Promise<void>, remaining: () => number) {
  const house = new House();
  house.add('hall');
  house.remaining = remaining;
  const said: (string | undefined)[] = [];
  house.whileActing = async ({ halted }) => {
    house.whileActing = async () => {};
    for (let minutes = 5; minutes <= 60 && house.remaining() > 5 * MINUTE; minutes += 5) {
      house.time += 5 * MINUTE;
      await everyFive(house, minutes);
      said.push(await halted?.());
    }
  };
  return { house, said };
}

const forEver = () => Number.MAX_SAFE_INTEGER;

it('B5.17 a change that takes longer than a lease is not taken for broken off while it goes on', async () => {
  const others: number[] = [];
  const { house, said } = slow(async () => {
    others.push((await house.run(lookBack, {}, [])).results.length);
    others.push((await house.run(named('hall'))).counts.done);
  }, forEver);
  const report = await house.run(named('hall'));

  expect(new Set(others)).toEqual(new Set([0]));
  expect(new Set(said)).toEqual(new Set([undefined]));
  expect(report.results[0]?.outcome.code).toBe('remedied');
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'done', code: 'remedied' } }]);
});

it('B5.16 one that was taken over all the same is stopped', async () => {
  const { house, said } = slow(async (_, minutes) => {
    if (minutes > 5) return;
    house.time += 15 * MINUTE;
    await house.run(named('hall'));
  }, forEver);
  await house.run(named('hall'));

  expect(said[0]).toBe('Another run has taken this change over.');
});

it('a journal that fails is no matter as long as the lease holds', async () => {
  const { house, said } = slow(async (_, minutes) => {
    if (minutes === 5) house.journal.broken.add('claim');
  }, forEver);
  await house.run(named('hall'));

  expect(said.slice(0, 2)).toEqual([undefined, undefined]);
  expect(said[3]).toMatch(/could not be told that this goes on/);
});

it('a function prolongs nothing: its lease ends with its time', async () => {
  const end = new House().time + 15 * MINUTE;
  const { house, said } = slow(
    async () => {},
    () => end - house.time,
  );
  await house.run(named('hall'));

  expect(said).toEqual([undefined, undefined]);
  expect(house.calls).not.toContain('journal.claim');
});
