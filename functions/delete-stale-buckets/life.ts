import type { Bucket } from './bucket.ts';
import type { Contents, Facts, Signs } from './facts.ts';
import { isDue, type Mark } from './mark.ts';
import type { Settings } from './settings.ts';

/** Whether anybody still writes to or reads from a bucket. */
export type Life =
  | { readonly state: 'alive'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }
  | {
      readonly state: 'stale';
      /** The newest of all known signs. */
      readonly last: Date;
      /** How long all of them had to be silent. */
      readonly days: number;
      /** Whoever writes at or after this moment is a new sign of life. */
      readonly cutoff: Date;
      /** What is known about reading, a clause. */
      readonly access: string;
    };

export type Stale = Life & { readonly state: 'stale' };

const DAY_MS = 86_400_000;
/** Of the days asked for: the newest two are not there yet (B4.4), and some are always missing. */
const ENOUGH = 0.8;

/** Stale is what shows no known sign of life in the whole window, with at least one write sign known (B4.1). Pure. */
export function lifeOf(bucket: Bucket, facts: Facts, mark: Mark, settings: Settings, now: Date): Life {
  const { signs } = facts;
  if (signs === undefined) return unknown('its signs of life were not read');
  if (bucket.createdAt === undefined) return unknown('its age is not known');
  const contents = signs.contents.state === 'read' ? signs.contents.value : undefined;
  // What is emptied after the wait is over, we emptied: it is judged as what it was.
  const bare = contents !== undefined && isEmpty(contents) && !isDue(mark, now);
  const days = windowOf(signs, bare, settings);
  const cutoff = new Date(now.getTime() - days * DAY_MS);
  const seen = timesOf(bucket, signs, mark, bare);
  const fresh = seen.find(({ at }) => at >= cutoff);
  if (fresh !== undefined) {
    return { state: 'alive', reason: `${fresh.what} on ${day(fresh.at)}, within the last ${days} days` };
  }
  const gap = gapOf(signs, contents, bare, days);
  if (gap !== undefined) return unknown(gap);
  const last = new Date(Math.max(...seen.map(({ at }) => at.getTime())));
  return { state: 'stale', last, days, cutoff, access: accessText(signs) };
}

function unknown(reason: string): Life {
  return { state: 'unknown', reason };
}

/** Where nobody counts reads, silence has to be longer (B4.3); where nothing is held, there is nothing to read. */
function windowOf({ requests }: Signs, bare: boolean, settings: Settings): number {
  if (bare) return settings.emptyDays;
  if (requests.state === 'read') return settings.windowDays;
  return Math.max(settings.windowDays, settings.unknownAccessDays);
}

/** Nothing is in it, and that is certain. */
export function isEmpty({ complete, objects, noncurrent, markers, uploads }: Contents): boolean {
  return complete && objects + noncurrent + markers + uploads === 0;
}

interface Seen {
  readonly what: string;
  readonly at: Date;
}

function timesOf({ createdAt }: Bucket, signs: Signs, mark: Mark, bare: boolean): readonly Seen[] {
  const contents = signs.contents.state === 'read' ? signs.contents.value : undefined;
  // The rule that empties it for us sets delete markers and takes objects away, all of them new.
  const ruled = mark.state === 'marked' && mark.emptyingSince !== undefined;
  return [
    seen('it was created, or its policy changed,', createdAt),
    seen('an object was written', contents?.newest),
    seen('an object was deleted', ruled ? undefined : contents?.newestMarker),
    seen('an upload was begun', contents?.newestUpload),
    seen('its number of objects changed', changedAt(signs, mark, bare)),
    seen(
      'an object was read or written',
      signs.requests.state === 'read' ? signs.requests.value.last : undefined,
    ),
    seen(
      'an object was asked for or written (access logs)',
      signs.logs.state === 'read' ? signs.logs.value.last : undefined,
    ),
  ].flat();
}

function seen(what: string, at: Date | undefined): readonly Seen[] {
  return at === undefined ? [] : [{ what, at }];
}

/** The last day on which NumberOfObjects was not what it was before; after the mark is due, the change is ours. */
function changedAt({ trend }: Signs, mark: Mark, bare: boolean): Date | undefined {
  if (trend.state !== 'read') return undefined;
  const until = mark.state === 'marked' ? mark.due.getTime() : Number.POSITIVE_INFINITY;
  const days = trend.value.days
    .filter(({ at }) => at.getTime() <= until)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (bare) return days.findLast(({ objects }) => objects > 0)?.at;
  return days.findLast(({ objects }, index) => index > 0 && objects !== days[index - 1]?.objects)?.at;
}

/** Why no write sign is known well enough. */
function gapOf(
  { contents, trend, logs }: Signs,
  read: Contents | undefined,
  bare: boolean,
  days: number,
): string | undefined {
  if (contents.state === 'unreadable') return `its contents could not be listed (${contents.why})`;
  if (logs.state === 'unreadable') return `its access logs could not be read (${logs.why})`;
  if (read === undefined || (read.complete && !bare)) return undefined;
  if (trend.state === 'unreadable') {
    return `${bare ? 'it is empty' : 'it is too large to list'}, and its metrics could not be read (${trend.why})`;
  }
  // No datapoint is right for an empty bucket, and proves nothing for one that holds something.
  const points = trend.value.days.length;
  if (bare || points >= days * ENOUGH) return undefined;
  return `it is too large to list, and only ${points} of ${days} days of its metrics are there`;
}

/** Access logs are best effort and CloudTrail's history has no data events: silence there proves less (B4.3). */
function accessText({ requests, logs }: Signs): string {
  if (requests.state === 'read') return 'request metrics show no reading';
  if (logs.state === 'read') return 'its access logs show no reading';
  if (requests.state === 'off') return 'whether anything was read is unknown (request metrics are off)';
  return `whether anything was read is unknown (${requests.why})`;
}

/** `2026-11-21` */
export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
