import { pageByKey } from '../pages.ts';
import { validation } from './on-stack.ts';

const SIZE = 100;

/** One page of a list in its own order, which may only grow at its end. */
export function pageOf<T>(
  all: readonly T[],
  token: string | undefined,
): { readonly page: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const numbered = all.map((one, index) => ({ one, key: String(index) }));
  const found = pageByKey(numbered, ({ key }) => key, SIZE, token);
  if (!found) throw validation('Invalid NextToken');
  const next = found.next === undefined ? {} : { NextToken: found.next };
  return { page: found.items.map(({ one }) => one), next };
}
