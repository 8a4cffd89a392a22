import type { Run } from './context.ts';
import { matchesGlob } from './glob.ts';
import type { Place } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/** What an exemption tag says. `malformed` and `doubtful` carry a sentence about what is wrong. */
export type Exemption =
  | { readonly state: 'valid' | 'expired'; readonly reason: string; readonly until: Date }
  | { readonly state: 'malformed' | 'doubtful'; readonly problem: string };

const day = 86_400_000;
const example = '"TICKET-123 until 2026-12-31"';

/**
 * Read the value of an exemption tag: `TICKET-123 until 2026-12-31`, or `reason=TICKET-123;until=2026-12-31` (also with
 * a space between). A date without zone means the end of that day in UTC. At most `maxDays` ahead (B6.7).
 */
export function parseExemption(value: string, now: Date, maxDays: number): Exemption {
  const [reason, date] = split(value.slice(0, 256));
  if (!/[\p{L}\p{N}]/u.test(reason)) return malformed(`it names no reason; write ${example}`);
  const until = endOf(date);
  if (!until) return malformed(`it names no date that can be read; write ${example}`);
  if (until < now) return { state: 'expired', reason, until };
  if (until.getTime() > endOfDay(now) + maxDays * day)
    return malformed(`it runs longer than the ${maxDays} days allowed`);
  return { state: 'valid', reason, until };
}

function malformed(problem: string): Exemption {
  return { state: 'malformed', problem };
}

function split(value: string): [reason: string, date: string] {
  const found = /(?:^|[\s;])until(?:=|\s+)(\S*)\s*$/i.exec(value);
  if (!found) return [value, ''];
  const reason = value.slice(0, found.index).replace(/^\s*reason=/i, '');
  return [reason.trim(), found[1] ?? ''];
}

function endOf(text: string): Date | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const [, date, time, zone] = found ?? [];
  if (date === undefined || (zone !== undefined && time === undefined)) return undefined;
  const midnight = new Date(`${date}T00:00:00Z`);
  // The 30th of February would silently become the 1st or 2nd of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const until = zone === undefined ? new Date(endOfDay(midnight)) : new Date(`${date}${time}${zone}`);
  return Number.isNaN(until.getTime()) ? undefined : until;
}

function endOfDay(date: Date): number {
  return Math.floor(date.getTime() / day) * day + day - 1;
}

/** The exemption that a resource carries, checked for form and, where the settings ask for it, for who set it (B6.8). */
export async function exemptionOf<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resource: Resource,
  place: Place,
): Promise<Exemption | undefined> {
  const { tag, maxDays, setBy } = run.guard.exemption;
  const value = resource.tags.get(tag);
  if (value === undefined) return undefined;
  const exemption = parseExemption(value, run.ports.now(), maxDays);
  if (exemption.state !== 'valid' || setBy.length === 0) return exemption;

  let setter: string | undefined;
  try {
    setter = await run.ports.whoTagged(resource, tag, place);
  } catch (error) {
    return { state: 'doubtful', problem: `who set it could not be read (${brief(error)})` };
  }
  if (setter === undefined) return { state: 'doubtful', problem: 'it cannot be told who set it' };
  return setBy.some((pattern) => matchesGlob(pattern, setter))
    ? exemption
    : { state: 'doubtful', problem: `${setter} may not set exemptions` };
}
