/** Like `Promise.all(values.map(work))`, at most `limit` at once; results keep the order of the values. */
export async function inParallel<T, U>(
  values: readonly T[],
  limit: number,
  work: (value: T) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  const queue = values.entries();
  async function worker(): Promise<void> {
    for (const [index, value] of queue) results[index] = await work(value);
  }
  await Promise.all(Array.from({ length: Math.min(limit, values.length) }, worker));
  return results;
}

/** Split into runs of at most `size`. */
export function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

/** Group by a key, keeping order. */
export function groups<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  return [...Map.groupBy(values, keyOf).values()];
}

/**
 * Asks for the next page while the consumer is still busy with the current one: at most one page ahead. For listings
 * that are read to their end; one that is left early has asked for a page too many.
 */
export async function* ahead<T>(listing: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = listing[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let page = await next; !page.done; page = await next) {
      next = iterator.next();
      // It is told when its turn comes, not as an unhandled rejection before.
      next.catch(() => undefined);
      yield page.value;
    }
  } finally {
    await iterator.return?.();
  }
}
