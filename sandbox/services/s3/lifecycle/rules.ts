import type * as s3 from '@aws-sdk/client-s3';
import { protection } from '../objects/lock.ts';
import type { Bucket, Upload } from '../state.ts';
import type { Version } from '../versions/version.ts';

const DAY = 86_400_000;

/** What one day's run does to a bucket, found before anything changes. */
export interface DueWork {
  /** Newest versions whose time is over: removed, or covered by a marker where versions are kept. */
  readonly expired: readonly Version[];
  /** Older versions and lone delete markers: gone for good. */
  readonly removed: readonly Version[];
  readonly aborted: readonly Upload[];
}

/** Finds what the rules in force let expire at this midnight (User Guide, "Lifecycle configuration elements"). */
export function dueWork(bucket: Bucket, midnight: number): DueWork {
  const rules = (bucket.configurations.lifecycle?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
  const expired: Version[] = [];
  const removed: Version[] = [];
  for (const newest of bucket.versions.index.walk()) {
    const gone = noncurrentDue(newest, rules, midnight);
    removed.push(...gone);
    const isAlone = chainLength(newest) - gone.length === 1;
    if (newest.isMarker) {
      if (isAlone && rules.some((rule) => clearsMarker(rule, newest, midnight))) removed.push(newest);
    } else if (rules.some((rule) => expires(rule, newest, midnight))) expired.push(newest);
  }
  const aborted = [...bucket.uploads.values()].filter((upload) =>
    rules.some((rule) => aborts(rule, upload, midnight)),
  );
  return { expired, removed, aborted };
}

/** A number of days after a moment, at the midnight (UTC) that follows. */
export function dueAt(start: number, days: number): number {
  return (Math.floor(start / DAY) + days + 1) * DAY;
}

function expires(rule: s3.LifecycleRule, version: Version, midnight: number): boolean {
  const { Days, Date: date } = rule.Expiration ?? {};
  if (!applies(rule, version)) return false;
  if (date) return date.getTime() <= midnight;
  return Days !== undefined && dueAt(version.at * 1000, Days) <= midnight;
}

function clearsMarker(rule: s3.LifecycleRule, marker: Version, midnight: number): boolean {
  const asked = rule.Expiration?.ExpiredObjectDeleteMarker === true && applies(rule, marker);
  return asked || expires(rule, marker, midnight);
}

/** A version counts as noncurrent from when its successor was written. */
function noncurrentDue(
  newest: Version,
  rules: readonly s3.LifecycleRule[],
  midnight: number,
): readonly Version[] {
  const due: Version[] = [];
  let since = newest.at;
  let position = 0;
  for (let version = newest.older; version; version = version.older) {
    const noncurrent = version;
    const becameSo = since;
    const isDue = rules.some((rule) => {
      const { NoncurrentDays: days, NewerNoncurrentVersions: kept = 0 } =
        rule.NoncurrentVersionExpiration ?? {};
      const inTime = days !== undefined && dueAt(becameSo * 1000, days) <= midnight;
      return inTime && position >= kept && applies(rule, noncurrent);
    });
    if (isDue && !protection(noncurrent, new Date(midnight), false)) due.push(noncurrent);
    since = version.at;
    position += 1;
  }
  return due;
}

function aborts(rule: s3.LifecycleRule, { key, startedAt }: Upload, midnight: number): boolean {
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  return days !== undefined && key.startsWith(prefixOf(rule)) && dueAt(startedAt, days) <= midnight;
}

function applies(rule: s3.LifecycleRule, { key, size, details }: Version): boolean {
  const { Filter } = rule;
  const {
    Tags = Filter?.Tag ? [Filter.Tag] : [],
    ObjectSizeGreaterThan: above = Filter?.ObjectSizeGreaterThan ?? -1,
    ObjectSizeLessThan: below = Filter?.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY,
  } = Filter?.And ?? {};
  const hasTag = (tag: s3.Tag) =>
    details?.tags?.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value);
  return key.startsWith(prefixOf(rule)) && size > above && size < below && Tags.every(hasTag);
}

const prefixOf = ({ Filter, Prefix }: s3.LifecycleRule) =>
  Prefix ?? Filter?.Prefix ?? Filter?.And?.Prefix ?? '';

function chainLength(newest: Version): number {
  let length = 0;
  for (let version: Version | undefined = newest; version; version = version.older) length += 1;
  return length;
}
