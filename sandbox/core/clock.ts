/**
 * The account's clock. `frozen`: time moves only when someone turns it. `running`: it follows real time from where it
 * was set. Whatever AWS does later (deliveries, schedules, state changes) is a timer on this clock.
 */
export interface Clock {
  /** Simulated epoch milliseconds. */
  now(): number;
  /** The clock follows real time between turns. */
  readonly ticking: boolean;
  /** Run `task` once the clock reaches `at` (epoch ms, the past means as soon as possible). Returns a cancel function. */
  at(at: number, task: () => void | Promise<void>): () => void;
  /**
   * Turn the clock forward, running every timer that falls due in order, each at its own moment, and waiting for it
   * (timers due at one moment run side by side).
   */
  advance(ms: number): Promise<void>;
  /** Run what is due now and wait until nothing that was started is still under way. */
  settle(): Promise<void>;
  /** Note work that `settle` and `advance` have to wait for, such as a running function. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Wait on this clock from inside tracked work: `settle` and `advance` do not wait for a sleeper, they wake it in its time. */
  sleep(ms: number): Promise<void>;
}
