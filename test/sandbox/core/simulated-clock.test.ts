import { expect, it } from 'vitest';
import { createClock, type RealTime } from '../../../sandbox/core/simulated-clock.ts';

const START = Date.UTC(2026, 10, 2, 8);
const frozen = () => createClock(START, 'frozen');

/** Real time that a test moves by hand. */
function handTime(): RealTime & { move(ms: number): void } {
  let now = 5_000;
  let pending: { readonly at: number; readonly task: () => void } | undefined;
  return {
    now: () => now,
    wake: (afterMs, task) => {
      const mine = { at: now + afterMs, task };
      pending = mine;
      return () => {
        if (pending === mine) pending = undefined;
      };
    },
    move(ms) {
      now += ms;
      for (let due = pending; due && due.at <= now; due = pending) {
        pending = undefined;
        due.task();
      }
    },
  };
}

it('stands still until somebody turns it', async () => {
  const clock = frozen();
  await clock.advance(90_000);

  expect(clock.now()).toBe(START + 90_000);
});

it('runs timers in order, each at its own moment, also those that timers set', async () => {
  const clock = frozen();
  const seen: [string, number][] = [];
  const note = (name: string) => () => void seen.push([name, clock.now() - START]);
  clock.at(START + 20, note('second'));
  clock.at(START + 10, () => {
    note('first')();
    clock.at(clock.now() + 5, note('set by first'));
  });
  clock.at(START + 31, note('too late'));
  await clock.advance(30);

  expect(seen).toEqual([
    ['first', 10],
    ['set by first', 15],
    ['second', 20],
  ]);
  expect(clock.now()).toBe(START + 30);
});

it('runs what was due in the past only when it is settled or turned', async () => {
  const clock = frozen();
  let ran = 0;
  clock.at(START - 1, () => void ran++);

  expect(ran).toBe(0);
  await clock.settle();
  expect([ran, clock.now()]).toEqual([1, START]);
});

it('forgets a cancelled timer', async () => {
  const clock = frozen();
  let ran = false;
  const cancel = clock.at(START + 1, () => {
    ran = true;
  });
  cancel();
  await clock.advance(10);

  expect(ran).toBe(false);
});

it('waits for a slow timer before time goes on, and lets timers of one moment run side by side', async () => {
  const clock = frozen();
  const seen: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.at(START + 1, async () => {
    await promise;
    seen.push(`slow at ${clock.now() - START}`);
  });
  clock.at(START + 1, () => {
    seen.push('beside');
    resolve();
  });
  clock.at(START + 2, () => void seen.push('after'));
  await clock.advance(5);

  expect(seen).toEqual(['beside', 'slow at 1', 'after']);
});

it('waits for tracked work and for what it sets off, whether it goes well or not', async () => {
  const clock = frozen();
  const seen: string[] = [];
  const work = clock.track(
    (async () => {
      await Promise.resolve();
      clock.at(clock.now(), () => void seen.push('due now'));
      throw new Error('broken');
    })(),
  );
  await clock.settle();

  expect(seen).toEqual(['due now']);
  await expect(work).rejects.toThrow('broken');
});

it('does not wait for work that sleeps on the clock, and wakes it in its time', async () => {
  const clock = frozen();
  const woken: number[] = [];
  void clock.track(
    (async () => {
      await clock.sleep(1_000);
      woken.push(clock.now() - START);
      await clock.sleep(2_000);
      woken.push(clock.now() - START);
    })(),
  );
  await clock.settle();
  expect(woken).toEqual([]);
  await clock.advance(10_000);

  expect(woken).toEqual([1_000, 3_000]);
});

it('hands a failed timer to whoever turns the clock', async () => {
  const clock = frozen();
  clock.at(START, () => {
    throw new Error('delivery is broken');
  });

  await expect(clock.settle()).rejects.toThrow('delivery is broken');
  await expect(clock.settle()).resolves.toBeUndefined();
});

it('follows real time when it runs, and fires its timers by itself', () => {
  const real = handTime();
  const clock = createClock(START, 'running', real);
  const seen: number[] = [];
  clock.at(START + 200, () => void seen.push(clock.now() - START));
  clock.at(START + 100, () => void seen.push(clock.now() - START));
  real.move(99);
  expect([clock.now(), seen]).toEqual([START + 99, []]);
  real.move(1);
  expect(seen).toEqual([100]);
  real.move(150);

  expect(seen).toEqual([100, 250]);
});

it('can be turned forward while it runs', async () => {
  const real = handTime();
  const clock = createClock(START, 'running', real);
  const seen: number[] = [];
  clock.at(START + 60_000, () => void seen.push(clock.now() - START));
  await clock.advance(3_600_000);
  real.move(10);

  expect(seen).toEqual([60_000]);
  expect(clock.now()).toBe(START + 3_600_010);
});
