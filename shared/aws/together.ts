interface Waiting<T, R> {
  readonly input: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/** Lets what is asked for at the same time be asked in one call: at most `most` inputs, answered in their order. */
export function together<T, R>(
  most: number,
  call: (inputs: readonly T[]) => Promise<readonly R[]>,
): (input: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];

  async function ask(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await call(batch.map(({ input }) => input));
      batch.forEach((one, index) => {
        const result = results[index];
        if (result === undefined) one.reject(new RangeError('there is no answer to one of the inputs'));
        else one.resolve(result);
      });
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  }

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += most) ask(all.slice(start, start + most));
  }

  return (input) =>
    new Promise<R>((resolve, reject) => {
      // Whoever asks in this turn of the event loop goes along.
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ input, resolve, reject });
    });
}
