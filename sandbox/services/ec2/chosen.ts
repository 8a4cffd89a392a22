import { checkId, type KINDS, resolve } from './refuse.ts';

type Kind = (typeof KINDS)[keyof typeof KINDS];

/** The resources that a listing names by id (each must exist), or all of them. */
export function chosen<T>(seen: ReadonlyMap<string, T>, ids: readonly string[] | undefined, kind: Kind): T[] {
  if (!ids || ids.length === 0) return [...seen.values()];
  for (const id of ids) checkId(id, kind);
  return [...new Set(ids)].map((id) => resolve(seen, id, kind, 'id'));
}
