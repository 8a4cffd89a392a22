import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { PARTS, type PartName } from '../../shared/aws/s3/configuration.ts';
import { canConfigure, configurePart } from '../../shared/aws/s3/configure.ts';
import { makeBucket } from '../../shared/aws/s3/make-bucket.ts';
import { type Mirrored, type MirrorOptions, mirror } from '../../shared/aws/s3/mirroring/mirror.ts';
import { fetchArchived, readText } from '../../shared/aws/s3/objects.ts';
import { removeBucketPolicy } from '../../shared/aws/s3/policy.ts';
import { bucketTags, putBucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Json, Tags } from '../../shared/engine/verdict.ts';
import type { Field } from '../../shared/events/fields.ts';
import { plain } from '../../shared/notify/escape.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { MARKED, TOMBSTONE, withoutMark } from './mark.ts';
import { isAccountRegional } from './names.ts';
import { withoutOurRules } from './rules.ts';
import { changeTags } from './tags.ts';
import { addressOf, manifestKey, objectsPrefix, openVault, vaultRights } from './vault.ts';

/** Rights of everything that bringing a bucket back calls: a person's own, no role of Reeve's has them all. */
export const restoreRights = [
  ...vaultRights,
  ...[makeBucket, configurePart, mirror, fetchArchived, readText, removeBucketPolicy].flatMap(
    ({ rights }) => rights,
  ),
  ...[bucketTags, putBucketTags].flatMap(({ rights }) => rights),
];

/** The bucket is being filled again by us, since the deletion that is taken back. */
export const RESTORING = 'reeve:restoring';

/** Days for which S3 keeps at hand what it brought out of Glacier: enough for a few more calls of the undo. */
const DAYS_AT_HAND = 7;

interface Kept {
  readonly bucket: string;
  readonly markedAt: string;
  readonly archive: { readonly bucket: string; readonly prefix: string };
  readonly journaled: Field;
}

/**
 * Makes a deleted (or emptied) bucket again from its archive and its journaled settings; what was interrupted, or waits
 * for Glacier, is carried on by the next call. Never touches a bucket of that name that somebody else made since.
 */
export async function restore(journaled: Field, around: Surroundings<Aws>): Promise<Acted> {
  const kept = keptIn(journaled);
  const opened = await open(kept, around);
  if ('refusal' in opened) return opened.refusal;
  const obstacle = await stand(kept, around);
  if (obstacle !== undefined) return obstacle;
  const mirrored = await fill(kept, opened.aws, around);
  if (mirrored.code !== 'same') return unfilled(kept, mirrored);
  const missing = missingFrom(kept, opened.manifest, mirrored);
  const furnished = await furnish(kept, mirrored, around.aws, missing !== undefined);
  if (missing === undefined || furnished.result !== 'done') return furnished;
  return { ...missing, reason: [missing.reason, ...(furnished.attention ?? [])].join(' ') };
}

/** Whether the bucket stands as an emptying left it that came to no end: with its mark, or half filled again by us. */
export function isHalfway(tags: Tags, journaled: Field): boolean {
  const markedAt = journaled.at('markedAt').optionalText();
  if (markedAt === undefined || tags.has(TOMBSTONE)) return false;
  const restoring = tags.get(RESTORING);
  return restoring === undefined
    ? tags.get(MARKED)?.split(' ')[0] === markedAt
    : restoring === refilling(markedAt);
}

/** What the tag says of a bucket that was never deleted; the mark may be taken off while it is filled again. */
function refilling(markedAt: string): string {
  return `${markedAt} half`;
}

/** Copies back what was deleted of a bucket that still stands, and takes its mark off: that comes last. */
export async function turnBack(journaled: Field, around: Surroundings<Aws>): Promise<Acted> {
  const kept = keptIn(journaled);
  const opened = await open(kept, around);
  if ('refusal' in opened) return opened.refusal;
  const { bucket, markedAt } = kept;
  await changeTags(around.aws, bucket, (tags) => new Map([...tags, [RESTORING, refilling(markedAt)]]));
  const filled = await refillFrom(kept, opened, around, uncoveredSince(opened.manifest));
  if (filled.result !== 'done') return filled;
  const bare = (tags: Tags) => without(withoutMark(tags), RESTORING);
  return { ...filled, requestId: await changeTags(around.aws, bucket, bare) };
}

/**
 * Older versions have come to light where the newest went first. Other entity tags may be of the same content
 * (encryption): then writing it again changes nothing.
 */
function uncoveredSince({ writtenBefore }: Manifest): Pick<MirrorOptions, 'replaces'> {
  return {
    replaces: ({ at, etag }, object) => at !== undefined && at < writtenBefore && etag !== object.etag,
  };
}

/** Copies back what a rule has taken from a bucket that still stands; what stands in it stays as it is, and is named. */
export async function refill(journaled: Field, around: Surroundings<Aws>): Promise<Acted> {
  const kept = keptIn(journaled);
  const opened = await open(kept, around);
  return 'refusal' in opened ? opened.refusal : refillFrom(kept, opened, around);
}

async function refillFrom(
  kept: Kept,
  opened: Opened,
  around: Surroundings<Aws>,
  besides: Pick<MirrorOptions, 'replaces'> = {},
): Promise<Acted> {
  const mirrored = await fill(kept, opened.aws, around, { keepsOthers: true, ...besides });
  if (mirrored.code !== 'same') return unfilled(kept, mirrored);
  const missing = missingFrom(kept, opened.manifest, mirrored);
  if (missing !== undefined) return missing;
  const { objects, bytes, copied, kept: others } = mirrored;
  const attention = [
    ...(others.objects > 0 ? [keptAsTheyAre(others)] : []),
    `${copied} objects were copied back, in STANDARD; they count as new. The archive ${addressOf(kept.archive)} is still there.`,
    ...unarchivedIn(kept.journaled),
  ];
  return {
    result: 'done',
    after: { bucket: kept.bucket, objects, bytes, copied, kept: others.objects },
    requestId: undefined,
    attention,
  };
}

/** What went before there was an archive (B4.48). */
function unarchivedIn(journaled: Field): readonly string[] {
  const entries = journaled
    .at('unarchived')
    .entries()
    .map((entry) => entry.text('an entry'));
  return entries.map((entry) => `What was deleted before (entry ${entry}) is in no archive.`);
}

const LONGEST_KEY_TOLD = 80;

/** Keys are whatever somebody made them. */
function keptAsTheyAre({ objects, first }: Mirrored['kept']): string {
  const names = first.map((key) => JSON.stringify(plain(key, LONGEST_KEY_TOLD))).join(', ');
  const others = objects > first.length ? ` and ${objects - first.length} more` : '';
  return `${objects} objects of another size than archived were kept as they are: ${names}${others}.`;
}

function keptIn(journaled: Field): Kept {
  return {
    bucket: journaled.at('bucket').text('a bucket'),
    markedAt: journaled.at('markedAt').text('a time'),
    archive: {
      bucket: journaled.at('archive', 'bucket').text('an archive bucket'),
      prefix: journaled.at('archive', 'prefix').text('a prefix'),
    },
    journaled,
  };
}

/** What the manifest counted and the archive no longer holds: a rule or a person has taken it since (B4.49). */
function missingFrom(
  { bucket, archive }: Kept,
  manifest: Manifest,
  { objects, bytes, copied }: Mirrored,
): (Acted & { readonly result: 'failed' }) | undefined {
  if (objects === manifest.objects && bytes === manifest.bytes) return undefined;
  const missing = manifest.objects - objects;
  const what =
    missing > 0
      ? `${missing} of ${manifest.objects} objects of ${bucket} are missing`
      : `Not the ${manifest.objects} objects of ${bucket} that were archived are there, but ${objects}`;
  const reason = `${what} in the archive ${addressOf(archive)}, which holds ${bytes} of ${manifest.bytes} bytes. ${copied} objects were copied back in this run, and everything that is still there stands in ${bucket}. Once the others are in the archive again, undo it again.`;
  return {
    result: 'failed',
    code: 'incomplete',
    reason,
    after: { bucket, objects, bytes, copied },
    final: true,
  };
}

interface Opened {
  readonly aws: Aws;
  readonly manifest: Manifest;
}

/** Access to the archive, if its manifest is there. */
async function open(
  { bucket, archive }: Kept,
  around: Surroundings<Aws>,
): Promise<Opened | { readonly refusal: Acted }> {
  const vault = await openVault(archive.bucket, around);
  if ('refusal' in vault) return { refusal: refused('no-archive', vault.refusal) };
  const text = await readText(vault.aws, { bucket: archive.bucket, key: manifestKey(archive) });
  const manifest = text === undefined ? undefined : readManifest(text, bucket);
  if (manifest !== undefined) return { ...vault, manifest };
  if (text !== undefined) {
    const reason = `${manifestKey(archive)} in ${archive.bucket} is no manifest of ${bucket}.`;
    return { refusal: refused('no-archive', reason) };
  }
  const reason = `There is no archive: ${addressOf(archive)} holds no manifest. If it was never finished, nothing of ${bucket} was deleted.`;
  return { refusal: refused('no-archive', reason) };
}

function refused(code: string, reason: string): Acted {
  return { result: 'failed', code, reason, final: true };
}

/** Lets a bucket of ours stand there to be filled: a new one, the one of an earlier call, or the tombstone. */
async function stand({ bucket, markedAt, journaled }: Kept, around: Surroundings<Aws>) {
  const { aws, place } = around;
  if ((await bucketNamed(aws, bucket)) === undefined) {
    const isRegional = isAccountRegional(bucket, place.account, place.region);
    const own = new Map([[RESTORING, markedAt]]);
    await makeBucket(aws, bucket, isRegional ? 'account-regional' : 'global', own);
  }
  const tags = await bucketTags(aws, bucket);
  if (tags.get(RESTORING) !== markedAt) {
    if (!tags.has(TOMBSTONE)) {
      return refused('changed', `${bucket} stands: somebody made it again, or it was never deleted.`);
    }
    await removeBucketPolicy(aws, bucket);
    await changeTags(aws, bucket, (now) => new Map([...without(now, TOMBSTONE), [RESTORING, markedAt]]));
  }
  const [unsafe] = await configure(bucket, journaled, aws, BEFORE_OBJECTS);
  if (unsafe === undefined) return undefined;
  return refused('not-configured', `Its setting ${unsafe} could not be put back, so no object was copied.`);
}

async function fill(
  kept: Kept,
  vault: Aws,
  around: Surroundings<Aws>,
  besides: Pick<MirrorOptions, 'keepsOthers' | 'replaces'> = {},
): Promise<Mirrored> {
  const { archive, bucket } = kept;
  return mirror(around.aws, {
    from: { aws: vault, bucket: archive.bucket, prefix: objectsPrefix(archive) },
    to: { aws: around.aws, bucket, prefix: '' },
    storageClass: 'STANDARD',
    ...besides,
    fetch: (key) => fetchArchived(vault, { bucket: archive.bucket, key }, DAYS_AT_HAND),
    now: around.now,
    remainingMs: () => around.remainingMs?.() ?? Number.POSITIVE_INFINITY,
    halted: async () => around.halted?.(),
  });
}

function unfilled({ bucket }: Kept, { code, reason, copied, awaited, objects }: Mirrored): Acted {
  const sofar = `${copied} objects were copied back to ${bucket} in this run.`;
  const after = { bucket, copied, awaited };
  if (code === 'awaited') {
    const wait = `${awaited} of ${objects} objects are asked back from Glacier, which takes up to 48 hours: undo it again then.`;
    return { result: 'unfinished', reason: `${wait} ${sofar}`, after };
  }
  if (code === 'time' || code === 'throttled') {
    return { result: 'unfinished', reason: `${reason} ${sofar} Undo it again to carry on.`, after };
  }
  return refused(code, `${reason} ${sofar}`);
}

/** What has to hold for the objects that come, and what would act on them, or let others at them, too early. */
const BEFORE_OBJECTS: readonly PartName[] = ['publicAccess', 'ownership', 'encryption', 'versioning'];

/** `goesOn`: the bucket stays known as one that is being restored, so that the undo can be asked for again. */
async function furnish(
  { bucket, markedAt, journaled, archive }: Kept,
  { objects, bytes }: Mirrored,
  aws: Aws,
  goesOn: boolean,
): Promise<Acted> {
  const others = PARTS.filter((part) => !BEFORE_OBJECTS.includes(part));
  const missing = await configure(bucket, journaled, aws, others);
  const requestId = await changeTags(
    aws,
    bucket,
    () =>
      new Map([
        ...withoutMark(tagsIn(journaled.at('tags'))),
        ...(goesOn ? [[RESTORING, markedAt] as const] : []),
      ]),
  );
  const attention = [
    `Its ${objects} objects are in STANDARD and count as new; older versions and delete markers are not there.`,
    ...(missing.length > 0 ? [`Settings that are only in the journal: ${missing.join(', ')}.`] : []),
    `The archive ${addressOf(archive)} is still there.`,
    ...unarchivedIn(journaled),
  ];
  return { result: 'done', after: { bucket, objects, bytes }, requestId, attention };
}

/** Journaled tags. */
export function tagsIn(tags: Field): Tags {
  return new Map(tags.entries().map((tag) => [tag.at('Key').text(), String(tag.at('Value').value ?? '')]));
}

/** Puts journaled settings back; answers those that were set and could not be put, each with what AWS says. */
async function configure(
  bucket: string,
  journaled: Field,
  aws: Aws,
  parts: readonly PartName[],
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const part of parts) {
    const told = settingOf(part, journaled);
    // Nobody but the owner is in the ACL of a bucket that was deleted: a new one has the same.
    if (told === undefined || part === 'acl') continue;
    if (!canConfigure(part)) {
      missing.push(part);
      continue;
    }
    try {
      await configurePart(aws, bucket, part, told);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      missing.push(`${part} (${error.message})`);
    }
  }
  return missing;
}

/** As it was read; nothing where nothing was set, it could not be read, or it was only a rule of ours. */
function settingOf(part: PartName, journaled: Field): { readonly [key: string]: Json } | undefined {
  const field = journaled.at('configuration', part);
  if (!field.isObject() || !field.at('unreadable').isMissing()) return undefined;
  // The journal holds JSON.
  const value = field.value as { readonly [key: string]: Json };
  return part === 'lifecycle' ? withoutOurRules(value) : value;
}

function without(tags: Tags, key: string): Tags {
  return new Map([...tags].filter(([name]) => name !== key));
}
