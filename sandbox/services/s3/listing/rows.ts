import { after, type Bound, behindPrefix, from, type KeyIndex } from '../versions/key-index.ts';

export interface Scope {
  readonly prefix: string;
  readonly delimiter: string | undefined;
}

/** The row of a listing: an entry, or the common prefix that stands for all keys under it. */
export type Row<E> = { readonly entry: E } | { readonly group: string };

/** Walks what a listing shows, in order; a common prefix is jumped over as a whole. */
export function* rows<E extends { readonly key: string }>(
  index: Pick<KeyIndex<E>, 'walk'>,
  { prefix, delimiter }: Scope,
  start: Bound,
  shows: (entry: E) => boolean,
): Generator<Row<E>, void> {
  const inPrefix = from(prefix);
  let bound: Bound = (key) => inPrefix(key) || start(key);
  for (;;) {
    let group: string | undefined;
    for (const entry of index.walk(bound)) {
      if (!entry.key.startsWith(prefix)) return;
      if (!shows(entry)) continue;
      group = groupOf(entry.key, { prefix, delimiter });
      if (group !== undefined) break;
      yield { entry };
    }
    if (group === undefined) return;
    yield { group };
    bound = behindPrefix(group);
  }
}

/** Where a listing goes on behind its marker, which is a key or, with a delimiter, perhaps a common prefix. */
export function startAfter(marker: string | undefined, scope: Scope): Bound {
  if (!marker) return () => false;
  return groupOf(marker, scope) === marker ? behindPrefix(marker) : after(marker);
}

function groupOf(key: string, { prefix, delimiter }: Scope): string | undefined {
  if (!delimiter || !key.startsWith(prefix)) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** The first `size` of a sequence, and whether more follow. */
export function page<T>(
  all: Iterable<T>,
  size: number,
): { readonly items: readonly T[]; readonly more: boolean } {
  const items: T[] = [];
  if (size <= 0) return { items, more: false };
  for (const each of all) {
    if (items.length === size) return { items, more: true };
    items.push(each);
  }
  return { items, more: false };
}
