import { compareKeys } from './utf8-order.ts';

interface Keyed {
  readonly key: string;
}

/** A place in a listing: every key before it is out of the way. */
export type Bound = (key: string) => boolean;

/**
 * JavaScript's own order is that of UTF-8 unless both keys hold surrogates or what comes behind them, and is ten times
 * as fast.
 */
const isPlain = (key: string) => !/[\ud800-\uffff]/.test(key);

/** Keys from this one on. */
export function from(start: string): Bound {
  return isPlain(start) ? (key) => key < start : (key) => compareKeys(key, start) < 0;
}

/** Keys behind this one. */
export function after(start: string): Bound {
  return isPlain(start) ? (key) => key <= start : (key) => compareKeys(key, start) <= 0;
}

/** Keys behind all that begin with this prefix. */
export function behindPrefix(prefix: string): Bound {
  const before = from(prefix);
  return (key) => before(key) || key.startsWith(prefix);
}

const FULL = 512;

/**
 * Entries sorted by key in chunks of at most 512: finding, inserting and deleting touch one chunk, so a million keys
 * cost no more than ten.
 */
export class KeyIndex<E extends Keyed> {
  readonly #chunks: E[][] = [];

  get(key: string): E | undefined {
    const [chunk, at] = this.#find(from(key));
    const entry = this.#chunks[chunk]?.[at];
    return entry?.key === key ? entry : undefined;
  }

  /** Puts an entry in, in the place of the one with the same key. */
  set(entry: E): void {
    const [index, at] = this.#find(from(entry.key));
    const last = this.#chunks.length - 1;
    // Behind the last key of all: the last chunk grows.
    const target = index > last ? Math.max(last, 0) : index;
    const chunk = this.#chunks[target] ?? [];
    if (this.#chunks.length === 0) this.#chunks.push(chunk);
    const place = index > last ? chunk.length : at;
    if (chunk[place]?.key === entry.key) {
      chunk[place] = entry;
      return;
    }
    chunk.splice(place, 0, entry);
    // A chunk that fills up at its end is left nearly full, since keys often come in order.
    const keep = place === chunk.length - 1 ? FULL : FULL / 2;
    if (chunk.length > FULL) this.#chunks.splice(target + 1, 0, chunk.splice(keep));
  }

  delete(key: string): void {
    const [index, at] = this.#find(from(key));
    const chunk = this.#chunks[index];
    if (chunk?.[at]?.key !== key) return;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** The first entry that is not before the bound. */
  first(bound: Bound): E | undefined {
    const [chunk, at] = this.#find(bound);
    return this.#chunks[chunk]?.[at];
  }

  /** All entries from the bound on, in order. The index must not change meanwhile. */
  *walk(bound: Bound = from('')): Generator<E, void> {
    const [start, first] = this.#find(bound);
    for (let index = start; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] ?? [];
      for (let at = index === start ? first : 0; at < chunk.length; at++) {
        const entry = chunk[at];
        if (entry) yield entry;
      }
    }
  }

  #find(isBefore: Bound): readonly [chunk: number, at: number] {
    const chunk = firstNot(this.#chunks.length, (index) => isBefore(this.#chunks[index]?.at(-1)?.key ?? ''));
    const entries = this.#chunks[chunk] ?? [];
    return [chunk, firstNot(entries.length, (index) => isBefore(entries[index]?.key ?? ''))];
  }
}

/** The first index of a sorted row for which the test does not hold. */
function firstNot(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
