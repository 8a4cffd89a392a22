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
