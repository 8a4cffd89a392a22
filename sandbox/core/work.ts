/** What is under way: counted, so that whoever turns the clock can wait for it. */
export function createWork() {
  const failures: unknown[] = [];
  let busy = 0;
  let waiting: (() => void)[] = [];
  const stir = () => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  };
  const count = (difference: 1 | -1) => {
    busy += difference;
    stir();
  };
  const track = <T>(promise: Promise<T>): Promise<T> => {
    count(1);
    promise.then(
      () => count(-1),
      () => count(-1),
    );
    return promise;
  };
  return {
    stir,
    track,
    keepFailure: (failure: unknown) => void failures.push(failure),
    run(task: () => void | Promise<void>, failed: (failure: unknown) => void) {
      void track((async () => task())().catch(failed));
    },
    /** True after something changed; false at once when nothing is under way. */
    async change(): Promise<boolean> {
      if (busy <= 0) return false;
      await new Promise<void>((resume) => waiting.push(resume));
      return true;
    },
    /** A sleeper is not under way until it is woken. */
    async asleep(schedule: (wake: () => void) => void): Promise<void> {
      await new Promise<void>((resolve) => {
        schedule(() => {
          count(1);
          resolve();
        });
        count(-1);
      });
    },
    /** What a timer threw belongs to whoever turned the clock. */
    rethrow() {
      const [failure] = failures.splice(0);
      if (failure !== undefined) throw failure;
    },
  };
}
