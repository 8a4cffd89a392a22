/** One input that could not be handled, alone, and why. */
export interface Refused<T> {
  readonly input: T;
  readonly error: unknown;
}

export interface Batched<T, O> {
  readonly results: readonly O[];
  readonly refused: readonly Refused<T>[];
}

/** Cuts a list into pieces of at most `size`. */
export function chunks<T>(inputs: readonly T[], size: number): readonly (readonly T[])[] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`chunk size must be 1 or more, got ${size}`);
  const pieces: T[][] = [];
  for (let start = 0; start < inputs.length; start += size) pieces.push(inputs.slice(start, start + size));
  return pieces;
}

/**
 * Calls once per chunk; where one bad input makes AWS refuse a whole call, halves the chunk until it stands alone.
 *
 * `splits` says which errors a smaller chunk may cure (one unknown id, one protected instance); any other error
 * refuses the chunk as a whole, so that a denied or throttled account is not asked again input by input.
 */
export async function batched<T, O>(
  inputs: readonly T[],
  size: number,
  call: (chunk: readonly T[]) => Promise<readonly O[]>,
  splits: (error: unknown) => boolean,
): Promise<Batched<T, O>> {
  const results: O[] = [];
  const refused: Refused<T>[] = [];
  const waiting = [...chunks(inputs, size)];
  for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
    try {
      results.push(...(await call(chunk)));
    } catch (error) {
      if (chunk.length > 1 && splits(error)) {
        waiting.unshift(...chunks(chunk, Math.ceil(chunk.length / 2)));
      } else {
        refused.push(...chunk.map((input) => ({ input, error })));
      }
    }
  }
  return { results, refused };
}
