import type { Filter } from '@aws-sdk/client-ec2';
import { chunks } from '../batch.ts';

/** Most values that one filter of a Describe call may hold (EC2 API reference, Filter). */
const MOST_VALUES = 200;

/**
 * Reads by a filter instead of by id, so that one id that no longer exists does not refuse the others. Ids come from
 * events: what holds a wildcard or nothing at all is left out, it would match more than was asked for.
 */
export async function filtered<T>(
  name: string,
  ids: readonly string[],
  read: (filter: Filter) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const plain = [...new Set(ids)].filter((id) => /^[\w-]+$/.test(id));
  const parts: (readonly T[])[] = [];
  for (const values of chunks(plain, MOST_VALUES)) {
    parts.push(await read({ Name: name, Values: [...values] }));
  }
  return parts.flat();
}
