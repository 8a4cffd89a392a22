import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { Tagged } from './taggable.ts';
import { TAGGABLES } from './taggables.ts';

/** ARNs that had a tag when the Tagging API last looked. */
const onceTagged = drawer<Set<string>>(() => new Set());

/**
 * What the Tagging API knows of: resources that have tags, or had some when it looked before. Resources that were
 * never tagged do not exist for it. Sorted by ARN.
 */
export function knownResources(call: Call): readonly Tagged[] {
  const known = onceTagged.of(call);
  const all = TAGGABLES.flatMap((taggable) => taggable.list(call));
  for (const { arn, tags } of all) if (tags.size > 0) known.add(arn);
  return all.filter(({ arn }) => known.has(arn)).sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

const TOKEN_HOLDS_MS = 15 * 60_000;

interface Page<T> {
  readonly items: T[];
  /** Empty on the last page, as the Tagging API answers it. */
  readonly PaginationToken: string;
}

/** One page of what is sorted by key; a token holds for 15 minutes. */
export function pageOf<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  size: number,
  token: string | undefined,
  call: Call,
): Page<T> {
  const after = token ? positionOf(token, call) : undefined;
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const more = items.length < rest.length && last !== undefined;
  return { items, PaginationToken: more ? tokenOf(keyOf(last), call) : '' };
}

function tokenOf(after: string, call: Call): string {
  return Buffer.from(JSON.stringify([call.operation, call.now.getTime(), after])).toString('base64');
}

function positionOf(token: string, call: Call): string {
  const told = /^\["(\w+)",(\d+),"(.*)"\]$/s.exec(Buffer.from(token, 'base64').toString());
  if (told?.[1] !== call.operation) {
    throw new AwsError('InvalidParameterException', 'The PaginationToken is not valid.');
  }
  if (call.now.getTime() - Number(told[2]) > TOKEN_HOLDS_MS) {
    throw new AwsError('PaginationTokenExpiredException', 'The PaginationToken has expired.');
  }
  return JSON.parse(`"${told[3]}"`);
}

/** What a request does wrong, as the Tagging API says it. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
