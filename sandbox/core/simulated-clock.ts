import type { Clock } from './clock.ts';

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
  now: () => Date.now(),
  wake: (afterMs, task) => {
    const timer = setTimeout(task, afterMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that starts at `start`, frozen until turned, or running along with real time. */
export function createClock(start: number, mode: 'frozen' | 'running', real: RealTime = nodeTime): Clock {
  const timers: Timer[] = [];
  const failures: unknown[] = [];
  let base = start;
  const realBase = real.now();
  let busy = 0;
  let waiting: (() => void)[] = [];
  let cancelWake = () => {};

  const now = () => (mode === 'running' ? base + real.now() - realBase : base);
  const stir = () => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  };
  const track = <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    const done = () => {
      busy -= 1;
      stir();
    };
    work.then(done, done);
    return work;
  };
  const runDue = () => {
    while (timers[0] && timers[0].at <= now()) {
      const timer = timers.shift();
      if (timer) track(run(timer));
    }
  };
  const run = async ({ task }: Timer) => {
    try {
      await task();
    } catch (failure) {
      failures.push(failure);
    }
  };
  const arm = () => {
    cancelWake();
    if (mode === 'frozen' || !timers[0]) return;
    const wait = Math.min(Math.max(0, timers[0].at - now()), LONGEST_WAIT_MS);
    cancelWake = real.wake(wait, () => {
      runDue();
      arm();
    });
  };
  const rest = async () => {
    runDue();
    while (busy > 0) {
      await new Promise<void>((resume) => waiting.push(resume));
      runDue();
    }
    const [failure] = failures.splice(0);
    if (failure !== undefined) throw failure;
  };

  return {
    now,
    ticking: mode === 'running',
    track,
    at(at, task) {
      const timer: Timer = { at, task };
      timers.splice(positionOf(timers, at), 0, timer);
      arm();
      stir();
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    async advance(ms) {
      const target = now() + ms;
      await rest();
      while (timers[0] && timers[0].at <= target) {
        base += Math.max(0, timers[0].at - now());
        await rest();
      }
      base += Math.max(0, target - now());
      arm();
    },
    async settle() {
      await rest();
      arm();
    },
    async sleep(ms) {
      await new Promise<void>((wake) => {
        busy -= 1;
        this.at(now() + ms, () => {
          busy += 1;
          wake();
        });
        stir();
      });
    },
  };
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
