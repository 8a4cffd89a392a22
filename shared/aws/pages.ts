import { AwsFailure } from './errors.ts';

/** One answer of a paged call: what it holds, and where the next page begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

const STALE_TOKEN: readonly string[] = [
  'InvalidNextToken',
  'InvalidPaginationToken',
  'PaginationTokenExpired',
  'PaginationTokenExpiredException',
];

/**
 * Reads page after page while the consumer asks for more; empty pages with a token go on (B5.29).
 *
 * A repeated or expired token restarts the listing once, so a consumer may see an item twice. The second time it
 * throws: a listing that cannot be finished is not a complete one.
 */
export async function* pages<T>(
  read: (token: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[], void, undefined> {
  let restarts = 1;
  let seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await readOrRestart(read, token, restarts > 0);
    if (page === 'restart') {
      restarts -= 1;
      seen = new Set();
      token = undefined;
      continue;
    }
    if (page.items.length > 0) yield page.items;
    if (page.next === undefined || page.next === '') return;
    if (!seen.has(page.next)) {
      seen.add(page.next);
      token = page.next;
      continue;
    }
    if (restarts === 0) throw repeated(page.next);
    restarts -= 1;
    seen = new Set();
    token = undefined;
  }
}

/** All items of all pages in one array, for listings that are known to be small. */
export async function collect<T>(listing: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of listing) items.push(...page);
  return items;
}

/** Like `collect`, of what may be large: throws rather than tell a part of it. */
export async function collectAtMost<T>(
  listing: AsyncIterable<readonly T[]>,
  most: number,
): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of listing) {
    items.push(...page);
    if (items.length > most) throw new Error(`there are more than ${most}`);
  }
  return items;
}

async function readOrRestart<T>(
  read: (token: string | undefined) => Promise<Page<T>>,
  token: string | undefined,
  mayRestart: boolean,
): Promise<Page<T> | 'restart'> {
  try {
    return await read(token);
  } catch (error) {
    const stale = error instanceof AwsFailure && STALE_TOKEN.includes(error.code);
    if (stale && token !== undefined && mayRestart) return 'restart';
    throw error;
  }
}

function repeated(token: string): AwsFailure {
  return new AwsFailure({
    kind: 'retryable',
    code: 'RepeatedToken',
    action: 'paging',
    requestId: undefined,
    status: undefined,
    full: `AWS gave the page token ${token.slice(0, 20)} twice, also after a restart`,
  });
}
