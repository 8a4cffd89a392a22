import type { Aws } from '../../shared/aws/access.ts';
import { readConfiguration } from '../../shared/aws/s3/configuration.ts';
import { bucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import { brief } from '../../shared/engine/words.ts';
import { begunAmong, type Other, othersUnder } from './begun.ts';
import type { Bucket } from './bucket.ts';
import { BOUND, digestOf } from './digest.ts';
import { markOf } from './mark.ts';
import type { BucketChange } from './remedy.ts';
import { addressOf } from './vault.ts';

/** An intent is written before its tag, in the same invocation. */
const INVOCATION_MS = 20 * 60_000;

/**
 * Just before the first deletion: tags and settings are as they were judged, and the mark is one that the journal holds.
 * Whoever may tag a bucket could write a mark, or copy an old one from another bucket; nobody would have waited then.
 */
export async function lastLook(
  change: BucketChange,
  bucket: Bucket,
  around: Surroundings<Aws>,
): Promise<Acted | undefined> {
  const unproven = await whyUnproven(change, bucket, around);
  if (unproven !== undefined) return left(unproven);
  const moved = await whyTagsMoved(bucket, around.aws);
  if (moved !== undefined) return left(moved);
  const digest = digestOf(await readConfiguration(around.aws, bucket.id, BOUND));
  return digest === change.digest ? undefined : left('Its settings changed since it was judged.');
}

/** An objection, an exemption, another date: any tag that is not as it was judged stops it (B4.24). */
export async function whyTagsMoved({ id, tags }: Bucket, aws: Aws): Promise<string | undefined> {
  const now = await bucketTags(aws, id);
  return isSame(tags, now) ? undefined : `The tags of ${id} were changed since it was judged.`;
}

async function whyUnproven(
  { waitDays, archive }: BucketChange,
  bucket: Bucket,
  around: Surroundings<Aws>,
): Promise<string | undefined> {
  const { id, arn, tags } = bucket;
  const { history, place } = around;
  const mark = markOf(tags, waitDays);
  if (mark.state !== 'marked') return `${id} is not marked.`;
  if (history === undefined) return `No journal is kept, so that nobody knows who marked ${id}.`;
  let entries: readonly JournalEntry[];
  try {
    entries = await history(arn, new Date(mark.at.getTime() - INVOCATION_MS));
  } catch (error) {
    return `Who marked ${id} could not be read from the journal: ${brief(error)}.`;
  }
  // What a person took back proves nothing any more, whoever puts the same tags on again.
  const undone = new Set(entries.map(({ undoes }) => undoes));
  const own = entries.filter(
    ({ policy, id: entry, account }) =>
      policy === 'delete-stale-buckets' && account === place.account && !undone.has(entry),
  );
  const isProven = (action: BucketChange['action'], at: Date, among = own) =>
    among.some((entry) => entry.action === action && isWithin(entry.at, at) && isNotFailed(entry));
  const sameSettings = own.filter(({ fingerprint }) => fingerprint.includes(` ${mark.digest} `));
  if (!isProven('mark', mark.at, sameSettings)) {
    return `The journal knows nothing of a mark on ${id} of that time.`;
  }
  if (own.some(({ action, at }) => action === 'unmark' && at > mark.at)) {
    return `The mark on ${id} was taken off, and somebody else put it back.`;
  }
  const { emptyingSince } = mark;
  if (emptyingSince !== undefined && !isProven('empty-by-rule', emptyingSince)) {
    return `The journal knows nothing of a rule that empties ${id}.`;
  }
  return whyElsewhere(bucket, othersUnder(entries, mark, archive), around);
}

/** Another run, with other settings, is at it, or has begun to delete what is in its own archive (B4.48). */
async function whyElsewhere(
  { id }: Bucket,
  others: readonly Other[],
  around: Surroundings<Aws>,
): Promise<string | undefined> {
  const now = around.now();
  if (others.some(({ entry }) => entry.outcome === undefined && entry.leaseUntil > now)) {
    return `Another run empties ${id}, with other settings of the archive.`;
  }
  const begun = await begunAmong(id, others, around);
  if (begun.state === 'unreadable') return `It cannot be told whether ${id} may go: ${begun.why}.`;
  const { archive } = begun.value;
  return archive && `The emptying of ${id} has begun with the archive ${addressOf(archive)}.`;
}

/** Without an outcome it was cut off between tag and outcome. */
function isNotFailed({ outcome }: JournalEntry): boolean {
  return outcome === undefined || outcome.result === 'done';
}

function isWithin(intent: Date, tagged: Date): boolean {
  const later = tagged.getTime() - intent.getTime();
  return later >= 0 && later <= INVOCATION_MS;
}

function isSame(one: Tags, other: Tags): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

function left(reason: string): Acted {
  return { result: 'left', code: 'changed', reason: `${reason} Nothing was deleted.` };
}
