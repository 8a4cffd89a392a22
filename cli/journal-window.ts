import type { Taking } from '../shared/engine/journal.ts';

/** The keys of the changes that were taken out of each window. */
export type Taken = Map<string, Set<string>>;

/** The name of a window in the file. */
export function windowOf({ policy, from }: Pick<Taking, 'policy' | 'from'>): string {
  return `${policy} ${from.toISOString()}`;
}

/** Which changes a window has room for, and which of them are new in it. */
export function roomFor(
  { changes, most, ...window }: Taking,
  taken: Taken,
  whole: boolean,
): { readonly granted: ReadonlySet<string>; readonly fresh: readonly string[] } {
  const before = taken.get(windowOf(window)) ?? new Set();
  const known = changes.filter((key) => before.has(key));
  const unknown = [...new Set(changes.filter((key) => !before.has(key)))];
  const left = Math.max(0, most - before.size);
  if (whole && unknown.length > left) return { granted: new Set(), fresh: [] };
  const fresh = unknown.slice(0, left);
  return { granted: new Set([...known, ...fresh]), fresh };
}

/** Note changes as taken. */
export function note(taken: Taken, window: string, keys: readonly string[]): void {
  taken.set(window, new Set([...(taken.get(window) ?? []), ...keys]));
}
