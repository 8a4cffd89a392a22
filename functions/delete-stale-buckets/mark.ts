import { createHash } from 'node:crypto';
import type { Tags } from '../../shared/engine/verdict.ts';

/** When the bucket may be deleted; taking it away, or setting a later time, is how an owner objects. */
export const DELETE_AFTER = 'reeve:delete-after';
/** When we marked it, and the digest of the settings that it had then. */
export const MARKED = 'reeve:marked';
/** A lifecycle rule of ours is emptying it since then. */
export const EMPTYING = 'reeve:emptying';
/** It was emptied then, and is kept so that nobody else takes its name. */
export const TOMBSTONE = 'reeve:tombstone';

const OURS: readonly string[] = [DELETE_AFTER, MARKED, EMPTYING];

/** Where a bucket stands on its way, by its own tags. */
export type Mark =
  | { readonly state: 'none' }
  | {
      readonly state: 'marked';
      readonly at: Date;
      readonly due: Date;
      readonly digest: string;
      /** Since when a lifecycle rule empties it. */
      readonly emptyingSince: Date | undefined;
    }
  /** Somebody took the date away: an objection (B4.24). */
  | { readonly state: 'withdrawn'; readonly at: Date; readonly emptyingSince: Date | undefined }
  | { readonly state: 'unclear'; readonly why: string };

export type Marked = Mark & { readonly state: 'marked' };
export type Withdrawn = Mark & { readonly state: 'withdrawn' };

const DAY_MS = 86_400_000;

/** Reads the mark. The date never counts for less than the wait that the settings ask for. */
export function markOf(tags: Tags, waitDays: number): Mark {
  const [marked, date] = [tags.get(MARKED), tags.get(DELETE_AFTER)];
  if (marked === undefined && date === undefined) return { state: 'none' };
  if (marked === undefined) return { state: 'unclear', why: `tag ${DELETE_AFTER} is not one that Reeve set` };
  const [time = '', digest = ''] = marked.split(' ');
  const at = timeOf(time);
  if (at === undefined || !/^[0-9a-f]{16}$/.test(digest)) {
    return { state: 'unclear', why: `tag ${MARKED} cannot be read` };
  }
  const emptyingSince = timeOf(tags.get(EMPTYING)?.split(' ')[0] ?? '');
  if (date === undefined) return { state: 'withdrawn', at, emptyingSince };
  const asked = timeOf(date);
  if (asked === undefined) return { state: 'unclear', why: `tag ${DELETE_AFTER} holds no time` };
  const earliest = at.getTime() + waitDays * DAY_MS;
  const due = new Date(Math.max(asked.getTime(), earliest));
  return { state: 'marked', at, due, digest, emptyingSince };
}

/** The wait is over: from then on, what goes from the bucket is our doing. */
export function isDue(mark: Mark, now: Date): boolean {
  return mark.state === 'marked' && now >= mark.due;
}

/** The tags with the mark on. */
export function withMark(tags: Tags, at: Date, waitDays: number, digest: string): Tags {
  const due = new Date(at.getTime() + waitDays * DAY_MS);
  return new Map([
    ...withoutMark(tags),
    [MARKED, `${at.toISOString()} ${digest}`],
    [DELETE_AFTER, due.toISOString()],
  ]);
}

/** The tags with nothing of the mark left. */
export function withoutMark(tags: Tags): Tags {
  return new Map([...tags].filter(([key]) => !OURS.includes(key)));
}

/** The tags once the mark no longer holds. An objection stays on record, so that the bucket is not marked again. */
export function withMarkOff(tags: Tags): Tags {
  return tags.has(DELETE_AFTER) ? withoutMark(tags) : new Map([...tags].filter(([key]) => key !== EMPTYING));
}

/** The tags with our rule on: what they hold by then is bound to it. */
export function withRule(tags: Tags, at: Date): Tags {
  return new Map([...tags, [EMPTYING, `${at.toISOString()} ${othersDigest(tags)}`]]);
}

/** The tags with our rule gone, and whatever somebody made of the mark kept. */
export function withoutRule(tags: Tags): Tags {
  return new Map([...tags].filter(([key]) => key !== EMPTYING));
}

/** A tag changed while a rule of ours is at work: an objection, an exemption, another date (B4.24). */
export function isDisputed(tags: Tags): boolean {
  const [, digest] = (tags.get(EMPTYING) ?? '').split(' ');
  return digest !== undefined && digest !== othersDigest(tags);
}

function othersDigest(tags: Tags): string {
  const others = [...withoutRule(tags)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(others)).digest('hex').slice(0, 16);
}

/** A day (`2026-12-24`, as people write it: its end) or a moment, in UTC. */
function timeOf(text: string): Date | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text)) return undefined;
  const time = new Date(day ? `${text}T23:59:59.999Z` : text);
  // The 31st of February would silently become the 3rd of March.
  const exists = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10));
  return exists ? time : undefined;
}
