import type { Change, Json } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import type { Facts } from './facts.ts';
import { day, type Stale } from './life.ts';
import { EMPTYING, type Marked, type Withdrawn } from './mark.ts';
import { isAccountRegional } from './names.ts';
import { readPolicy } from './policy-document.ts';
import { NONCURRENT_DAYS } from './rules.ts';
import type { Settings } from './settings.ts';
import { type ArchivePlan, addressOf, archivePlan, journaled } from './vault.ts';

/** One step of a bucket's way: mark it, take the mark back, have a rule empty it, delete it, or keep its bare name. */
export interface BucketChange extends Change {
  readonly action:
    | 'mark'
    | 'unmark'
    | 'stop-rule'
    | 'empty-by-rule'
    | 'empty-and-delete'
    | 'empty-and-keep-name';
  readonly bucket: string;
  /** Digest of the settings that the mark is bound to. */
  readonly digest: string;
  readonly waitDays: number;
  /** Nothing that was written at or after this moment may be deleted. */
  readonly writtenBefore: Date;
  /** A rule of ours sets new delete markers: those are not a sign of life. */
  readonly anyMarker: boolean;
  /** Where its objects are copied to before; undefined: nowhere. */
  readonly archive: ArchivePlan | undefined;
  /** Versions and markers that the listing counted, for the time left. */
  readonly expected: number | undefined;
}

const NO_WAY_BACK = 'Deleted objects cannot be brought back';

/**
 * Mark a stale bucket. A mark that was taken back may be set again, so the day is part of what it is: two deliveries of
 * one event fall on the same.
 */
export function markChange(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  digest: string,
  now: Date,
): BucketChange {
  return {
    ...common(bucket, settings, now, digest),
    action: 'mark',
    summary: `Mark ${bucket.id} for deletion in ${settings.waitDays} days`,
    past: `marked a bucket for deletion in ${settings.waitDays} days`,
    fingerprint: `mark ${bucket.id} ${bucket.createdAt?.toISOString()} ${digest} ${day(now)}`,
    planKey: `mark ${bucket.createdAt?.toISOString()} ${digest} ${settings.waitDays}`,
    before: { bucket: bucket.id, action: 'mark', tags: tagList(bucket) },
    undo: `Remove the tags reeve:delete-after and reeve:marked from ${bucket.id}.`,
    parameters: { bucket: bucket.id, waitDays: settings.waitDays, holds: amount(facts) },
  };
}

/** Take the mark back, because the bucket lives, is protected, has changed, or somebody objects. */
export function unmarkChange(
  bucket: Bucket,
  settings: Settings,
  mark: Marked | Withdrawn,
  why: string,
): BucketChange {
  return {
    ...common(bucket, settings, new Date(0), ''),
    action: 'unmark',
    summary: `Take the deletion mark off ${bucket.id}: ${why}`,
    past: 'took a deletion mark off a bucket',
    fingerprint: `unmark ${bucket.id} ${mark.at.toISOString()} ${mark.state}`,
    before: { bucket: bucket.id, action: 'unmark', tags: tagList(bucket) },
    undo: 'If it is still stale, the next sweep marks it anew.',
    parameters: { bucket: bucket.id },
    takesBack: mark.emptyingSince !== undefined,
  };
}

/** Somebody objects while a rule of ours is at work: the rule goes, and what they made of the tags stays. */
export function stopRuleChange(bucket: Bucket, settings: Settings, why: string, now: Date): BucketChange {
  return {
    ...common(bucket, settings, new Date(0), ''),
    action: 'stop-rule',
    summary: `Take away the lifecycle rules that empty ${bucket.id}: ${why}`,
    past: 'stopped a rule that emptied a bucket',
    fingerprint: `stop-rule ${bucket.id} ${bucket.tags.get(EMPTYING) ?? ''} ${day(now)}`,
    planKey: `stop-rule ${bucket.tags.get(EMPTYING) ?? ''}`,
    before: { bucket: bucket.id, action: 'stop-rule', tags: tagList(bucket) },
    undo: 'The rules are not set again by hand: once nobody objects, the next sweep does.',
    parameters: { bucket: bucket.id },
    takesBack: true,
  };
}

/** The wait is over: a rule for a giant, else emptying, then either deletion or a tombstone. */
export function endChange(
  bucket: Bucket,
  facts: Facts,
  settings: Settings,
  life: Stale,
  mark: Marked,
  now: Date,
): BucketChange {
  const action = endOf(bucket, facts, settings, mark);
  const begun = facts.begun?.state === 'read' ? facts.begun.value : undefined;
  const planned = archivePlan(bucket, settings, mark);
  const archive = begun?.archive ? { ...begun.archive, mostBytes: 0, isWhole: true } : planned;
  const anyMarker = mark.emptyingSince !== undefined;
  return {
    ...common(bucket, settings, life.cutoff, mark.digest),
    anyMarker,
    archive,
    expected: expectedOf(facts),
    action,
    summary: summaryOf(action, bucket.id, archive),
    past: PAST[action],
    // A rule that was taken back may be set again; what deletes is one long piece of work. An entry names one archive.
    fingerprint: [
      ...[action, bucket.id, mark.at.toISOString()],
      ...(action === 'empty-by-rule' ? [day(now)] : []),
      ...(archive === undefined ? [] : ['to', addressOf(archive)]),
    ].join(' '),
    before: {
      bucket: bucket.id,
      region: bucket.region,
      action,
      markedAt: mark.at.toISOString(),
      holds: amount(facts),
      tags: tagList(bucket),
      configuration: configurationOf(facts),
      archive: archive === undefined ? null : journaled(archive),
      ...(begun?.unarchived.length ? { unarchived: begun.unarchived } : {}),
    },
    undo: archive === undefined ? UNDO[action] : undoFrom(archive, action),
    parameters: {
      bucket: bucket.id,
      writtenBefore: day(life.cutoff),
      holds: amount(facts),
      archive: archive === undefined ? null : addressOf(archive),
    },
  };
}

type End = 'empty-by-rule' | 'empty-and-delete' | 'empty-and-keep-name';

function endOf(bucket: Bucket, facts: Facts, settings: Settings, mark: Marked): End {
  if (mark.emptyingSince === undefined && isGiant(facts, settings)) return 'empty-by-rule';
  return keepsName(bucket, facts, settings) ? 'empty-and-keep-name' : 'empty-and-delete';
}

/** By the newest count of its metrics (B4.39); the listing of a giant is never read to its end. */
export function isGiant({ signs }: Facts, { giantObjects }: Settings): boolean {
  const contents = signs?.contents.state === 'read' ? signs.contents.value : undefined;
  if (giantObjects === undefined || contents === undefined || contents.complete) return false;
  const days = signs?.trend.state === 'read' ? signs.trend.value.days : [];
  const newest = days.reduce<(typeof days)[number] | undefined>(
    (last, one) => (last === undefined || one.at > last.at ? one : last),
    undefined,
  );
  return (newest?.objects ?? 0) > giantObjects;
}

/** The global name could be taken by anyone (B4.46): whoever still refers to it would then talk to a stranger. */
export function keepsName(bucket: Bucket, facts: Facts, settings: Settings): boolean {
  if (settings.tombstone !== 'referenced') return settings.tombstone === 'always';
  if (isAccountRegional(bucket.id, bucket.account, bucket.region)) return false;
  const part = facts.configuration?.get('policy');
  const text = part?.state === 'set' ? part.value.Policy : undefined;
  const granted = typeof text === 'string' ? (readPolicy(text, bucket.account)?.own ?? []) : [];
  return (
    granted.length > 0 ||
    (facts.references?.mentions.length ?? 0) > 0 ||
    settings.referenceTags.some((key) => bucket.tags.has(key))
  );
}

const SUMMARY: Readonly<Record<End, (bucket: string) => string>> = {
  'empty-by-rule': (bucket) =>
    `Empty ${bucket} by a lifecycle rule, which works for days inside S3, whatever is switched off here, and delete it then`,
  'empty-and-delete': (bucket) => `Empty ${bucket} and delete it`,
  'empty-and-keep-name': (bucket) =>
    `Empty ${bucket}, keep the empty bucket and shut it, because of its name`,
};

function summaryOf(action: End, bucket: string, archive: ArchivePlan | undefined): string {
  const end = SUMMARY[action](bucket);
  if (archive === undefined) return end;
  return `Copy the objects of ${bucket} to ${addressOf(archive)}. Then: ${end}`;
}

function undoFrom(archive: ArchivePlan, action: End): string {
  if (action === 'empty-by-rule') {
    return `Take the rules away; what they took for good is copied back from ${addressOf(archive)}, but for older versions.`;
  }
  return `Make the bucket again, if its name is still free, and copy the objects back from ${addressOf(archive)}; older versions are not kept.`;
}

const PAST: Readonly<Record<End, string>> = {
  'empty-by-rule': 'set a rule that empties a stale bucket',
  'empty-and-delete': 'deleted a stale bucket',
  'empty-and-keep-name': 'emptied a stale bucket and kept its name',
};

const UNDO: Readonly<Record<End, string>> = {
  'empty-by-rule': `Take the rules away. In a bucket with versioning, what they took is back within ${NONCURRENT_DAYS} days, if the delete markers go; ${NO_WAY_BACK.toLowerCase()} otherwise.`,
  'empty-and-delete': `${NO_WAY_BACK}. The journal holds the whole configuration of the bucket to make it again, if its name is still free.`,
  'empty-and-keep-name': `${NO_WAY_BACK}. Its policy can be put back from the journal.`,
};

function common(bucket: Bucket, { waitDays }: Settings, writtenBefore: Date, digest: string) {
  return {
    bucket: bucket.id,
    digest,
    waitDays,
    writtenBefore,
    anyMarker: false,
    expected: undefined,
    archive: undefined,
  };
}

function expectedOf({ signs }: Facts): number | undefined {
  if (signs?.contents.state !== 'read' || !signs.contents.value.complete) return undefined;
  const { objects, noncurrent, markers } = signs.contents.value;
  return objects + noncurrent + markers;
}

/** What the listing counted, for people and the journal. */
export function amount({ signs }: Facts): Json {
  if (signs?.contents.state !== 'read') return 'unknown';
  const { complete, objects, noncurrent, markers, uploads, bytes, newest } = signs.contents.value;
  const counted = { objects, noncurrent, markers, uploads, bytes, newest: newest?.toISOString() ?? null };
  return complete ? counted : { ...counted, andMore: true };
}

/** Tag keys are written by strangers, hence a list. */
function tagList({ tags }: Bucket): Json {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function configurationOf({ configuration }: Facts): Json {
  const parts = [...(configuration ?? [])].map(([name, part]): [string, Json] => [
    name,
    part.state === 'set' ? part.value : part.state === 'unset' ? null : { unreadable: part.why },
  ]);
  return Object.fromEntries(parts);
}
