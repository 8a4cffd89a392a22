import { setImmediate as immediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createClock } from '../../../sandbox/core/simulated-clock.ts';
import { Turns } from './turns.ts';

const START = Date.parse('2026-11-20T12:00:00Z');

/** Three that make five calls each, of which each takes so many turns of the event loop. */
async function together(seed: number, slowness: (call: number) => number): Promise<string> {
  const clock = createClock(START, 'frozen');
  const turns = new Turns(clock, seed);
  const order: string[] = [];
  const live = async (who: number) => {
    for (let call = 0; call < 5; call++) {
      const work = async () => {
        for (let turn = slowness(who * 5 + call); turn > 0; turn--) await immediate();
        order.push(`${who}${call}`);
      };
      await turns.take(who, () => String(call), work);
    }
  };
  await Promise.all([0, 1, 2].map(live));
  return order.join(' ');
}

it('the seed decides in which order calls come, not how long each takes', async () => {
  const first = await together(1, () => 0);

  expect(await together(1, (call) => (call * 7) % 11)).toBe(first);
  expect(first.split(' ')).toHaveLength(15);
  const others = await Promise.all([2, 3, 4, 5].map((seed) => together(seed, () => 0)));
  expect(new Set([first, ...others]).size).toBeGreaterThan(1);
});

it('of what one asks for at once the order is drawn as well, whatever was said first', async () => {
  const ask = async (calls: readonly string[]) => {
    const turns = new Turns(createClock(START, 'frozen'), 7);
    const order: string[] = [];
    const work = (call: string) => async () => void order.push(call);
    await Promise.all(calls.map((call) => turns.take(0, () => call, work(call))));
    return order;
  };

  expect(await ask(['c', 'a', 'b', 'd'])).toEqual(await ask(['a', 'b', 'c', 'd']));
});

/** One sleeps two seconds, another makes three calls and rests; a third that sleeps has died. */
async function sleeping(seed: number): Promise<string> {
  const clock = createClock(START, 'frozen');
  const turns = new Turns(clock, seed);
  const seen: string[] = [];
  const note = (what: string) => seen.push(`${what} ${clock.now() - START}`);
  const sleeper = turns.sleep(2_000, () => false).then(() => note('woken'));
  void turns.sleep(1_000, () => true).then(() => note('dead'));
  const worker = (async () => {
    for (let call = 0; call < 3; call++) await turns.take(1, String, async () => note('call'));
    await turns.sleep(500, () => false);
    note('rested');
  })();
  await Promise.all([sleeper, worker]);
  return seen.join(', ');
}

it('time passes when all wait for it, or while a call takes long, and never for what is over', async () => {
  const seen = await Promise.all(Array.from({ length: 60 }, (_, seed) => sleeping(seed)));
  const prompt = 'call 0, call 0, call 0, rested 500, woken 2000';

  expect(seen.filter((each) => each === prompt).length).toBeGreaterThan(30);
  expect(seen).toContain('call 0, woken 2000, call 2000, call 2000, rested 2500');
  expect(seen.join()).not.toContain('dead');
});
