import type { Clock } from './clock.ts';
import { createWork } from './work.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void | Promise<void>;
}

/** The real time that a running clock follows, passed in so that tests need none. */
export interface RealTime {
  now(): number;
  /** Calls back once, later; answers a cancel function. Must not keep the process alive. */
  wake(afterMs: number, task: () => void): () => void;
}

/** Node waits at most 2^31 ms; a running clock looks again at least this often. */
const LONGEST_WAIT_MS = 3_600_000;

const nodeTime: RealTime = {
  // As functions count theirs: it goes on evenly when the machine's own clock is set.
  now: () => Math.floor(performance.now()),
  wake: (afterMs, task) => {
    const timer = setTimeout(task, afterMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that starts at `start`, frozen until turned, or running along with real time. */
export function createClock(start: number, mode: 'frozen' | 'running', real: RealTime = nodeTime): Clock {
  const timers: Timer[] = [];
  const work = createWork();
  const realStart = real.now();
  let turned = start;
  let cancelWake = () => {};

  const now = () => (mode === 'running' ? turned + real.now() - realStart : turned);
  const runDue = (failed: (failure: unknown) => void = work.keepFailure) => {
    for (let next = timers[0]; next && next.at <= now(); next = timers[0]) {
      timers.shift();
      work.run(next.task, failed);
    }
  };
  const rest = async () => {
    runDue();
    while (await work.change()) runDue();
    work.rethrow();
  };
  /** A running clock wakes up for the next timer by itself; a frozen one is woken by whoever turns it. */
  const arm = () => {
    cancelWake();
    const next = timers[0];
    if (mode === 'frozen' || !next) return;
    cancelWake = real.wake(Math.min(Math.max(0, next.at - now()), LONGEST_WAIT_MS), () => {
      runDue(throwAlone);
      arm();
    });
  };
  const at: Clock['at'] = (moment, task) => {
    const timer: Timer = { at: moment, task };
    timers.splice(positionOf(timers, moment), 0, timer);
    arm();
    work.stir();
    return () => {
      const index = timers.indexOf(timer);
      if (index >= 0) timers.splice(index, 1);
    };
  };

  return {
    ticking: mode === 'running',
    now,
    at,
    track: (promise) => work.track(promise),
    sleep: (ms) => work.asleep((wake) => at(now() + ms, wake)),
    async advance(ms) {
      const target = now() + ms;
      await rest();
      for (let next = timers[0]; next && next.at <= target; next = timers[0]) {
        turned += Math.max(0, next.at - now());
        await rest();
      }
      turned += Math.max(0, target - now());
      arm();
    },
    async settle() {
      await rest();
      arm();
    },
  };
}

/** Nobody waits for a timer that a running clock fired: its failure must not pass unseen. */
function throwAlone(failure: unknown): void {
  queueMicrotask(() => {
    throw failure;
  });
}

/** After every timer of the same moment: first come, first served. */
function positionOf(timers: readonly Timer[], at: number): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const timer = timers[middle];
    if (timer && timer.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
