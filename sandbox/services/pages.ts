export interface KeyedPage<T> {
  readonly items: readonly T[];
  /** Stands for the last one shown, so that deletions between pages hide nothing before it. */
  readonly next?: string;
}

/** One page of a list in its own order; undefined when nobody gave out that token. */
export function pageByKey<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  size: number,
  token: string | undefined,
): KeyedPage<T> | undefined {
  const after = token === undefined ? -1 : all.findIndex((one) => tokenOf(keyOf(one)) === token);
  if (token !== undefined && after < 0) return undefined;
  const items = all.slice(after + 1, after + 1 + size);
  const last = items.at(-1);
  const more = after + 1 + items.length < all.length && last !== undefined;
  return { items, ...(more && { next: tokenOf(keyOf(last)) }) };
}

const tokenOf = (key: string) => Buffer.from(key).toString('base64url');
