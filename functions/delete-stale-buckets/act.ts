import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { emptyAndDeleteBucket, emptyBucket } from '../../shared/aws/s3/emptying/empty.ts';
import type { Emptied, EmptyingOptions } from '../../shared/aws/s3/emptying/job.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { archive, archiveRights } from './archive.ts';
import type { Bucket } from './bucket.ts';
import { keptFor } from './kept.ts';
import { lastLook, whyTagsMoved } from './last-look.ts';
import { TOMBSTONE, withMark, withMarkOff, withoutMark, withoutRule, withRule } from './mark.ts';
import type { BucketChange } from './remedy.ts';
import { dropRules, ruleRights, setRules } from './rules.ts';
import { changeTags, tagRights } from './tags.ts';
import { shutBucket } from './tombstone.ts';

/** Rights of everything that `act` and `undo` call. */
export const actRights = [
  ...emptyAndDeleteBucket.rights,
  ...emptyBucket.rights,
  ...tagRights,
  ...ruleRights,
  ...shutBucket.rights,
];

/** Rights for the copies in the archive besides, where the settings name one. */
export const archivingRights = archiveRights;

/** Takes one step of a bucket's way; each is safe to take twice, and emptying goes on where it was left. */
export async function act(change: BucketChange, bucket: Bucket, around: Surroundings<Aws>): Promise<Acted> {
  try {
    if (!DELETES.includes(change.action)) return await STEPS[change.action](change, around, bucket, null);
    const objection = await lastLook(change, bucket, around);
    if (objection !== undefined) return objection;
    const archived = await archive(change, bucket, around);
    if ('acted' in archived) return archived.acted;
    const { kept, writtenBefore } = archived;
    // Copying takes long: whatever was set meanwhile counts as well.
    const since = kept === null ? undefined : await lastLook(change, bucket, around);
    if (since !== undefined) return since;
    return await STEPS[change.action]({ ...change, writtenBefore }, around, bucket, kept);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return failed(error);
  }
}

const DAY_MS = 86_400_000;

/** `kept`: where its objects are archived, if anywhere. */
type Step = (change: BucketChange, around: Surroundings<Aws>, as: Bucket, kept: Json) => Promise<Acted>;

const DELETES: readonly BucketChange['action'][] = [
  'empty-by-rule',
  'empty-and-delete',
  'empty-and-keep-name',
];

const STEPS: Readonly<Record<BucketChange['action'], Step>> = {
  mark: async ({ bucket, digest, waitDays }, { aws, now }, as) => {
    const moved = await whyTagsMoved(as, aws);
    if (moved !== undefined) {
      return { result: 'left', code: 'changed', reason: `${moved} It is judged anew by the next sweep.` };
    }
    const requestId = await changeTags(aws, bucket, (tags) => withMark(tags, now(), waitDays, digest));
    return { result: 'done', after: { bucket, marked: true }, requestId };
  },
  unmark: async ({ bucket }, { aws }) => {
    await dropRules(aws, bucket);
    const requestId = await changeTags(aws, bucket, withMarkOff);
    return { result: 'done', after: { bucket, marked: false }, requestId };
  },
  'stop-rule': async ({ bucket }, { aws }) => {
    await dropRules(aws, bucket);
    const requestId = await changeTags(aws, bucket, withoutRule);
    return { result: 'done', after: { bucket, emptying: null }, requestId };
  },
  'empty-by-rule': async ({ bucket, writtenBefore }, { aws, now }, _as, kept) => {
    const days = Math.ceil((now().getTime() - writtenBefore.getTime()) / DAY_MS);
    await setRules(aws, bucket, days);
    const requestId = await changeTags(aws, bucket, (tags) => withRule(tags, now()));
    const after = { bucket, emptying: now().toISOString(), archive: kept };
    return { result: 'done', after, requestId };
  },
  'empty-and-delete': async (change, around, as, kept) => {
    const emptied = await emptyAndDeleteBucket(around.aws, optionsFor(change, around, as));
    return ended(change, around, emptied, emptied.requestId, kept);
  },
  'empty-and-keep-name': async (change, around, as, kept) => {
    const { aws, now } = around;
    const emptied = await emptyBucket(aws, optionsFor(change, around, as));
    if (emptied.code !== 'empty') return ended(change, around, emptied, undefined, kept);
    await dropRules(aws, change.bucket);
    await shutBucket(aws, change.bucket);
    const bare = (tags: ReadonlyMap<string, string>) =>
      new Map([...withoutMark(tags), [TOMBSTONE, now().toISOString()]]);
    return ended(change, around, emptied, await changeTags(aws, change.bucket, bare), kept);
  },
};

function optionsFor(change: BucketChange, around: Surroundings<Aws>, as: Bucket): EmptyingOptions {
  const { bucket, expected } = change;
  return {
    bucket,
    keeps: (version) => keptFor(change, version),
    now: around.now,
    sleep: around.sleep,
    random: around.random,
    remainingMs: () => around.remainingMs?.() ?? Number.POSITIVE_INFINITY,
    halted: async () => (await around.halted?.()) ?? (await whyTagsMoved(as, around.aws)),
    expected,
    onProgress: ({ versions, markers, perSecond, secondsLeft }) =>
      around.onProgress?.({
        resource: bucket,
        unit: 'versions',
        done: versions + markers,
        perSecond,
        secondsLeft,
      }),
  };
}

async function ended(
  change: BucketChange,
  around: Surroundings<Aws>,
  emptied: Emptied,
  requestId: string | undefined,
  kept: Json,
): Promise<Acted> {
  const { bucket } = change;
  const { versions, markers, uploads, bytes } = emptied.deleted;
  const after: Json = {
    bucket,
    versions,
    markers,
    uploads,
    bytes,
    errors: Object.fromEntries(emptied.errors),
    archive: kept,
  };
  const sofar = `${versions + markers} versions and markers and ${uploads} uploads of ${bucket} are deleted so far.`;
  switch (emptied.code) {
    case 'empty':
      return { result: 'done', after, requestId };
    case 'gone':
      return { result: 'gone', reason: `${bucket} is gone.` };
    case 'time':
      return { result: 'unfinished', reason: `${sofar} It goes on in another run.`, after };
    case 'throttled':
      if (versions + markers + uploads > 0) {
        return { result: 'unfinished', reason: `S3 is busy: ${sofar} It goes on in another run.`, after };
      }
      return { result: 'failed', code: 'throttled', reason: `${emptied.reason} ${sofar}`, final: true };
    case 'kept':
      return cancelled(change, around, `${emptied.reason} ${sofar}`);
    default:
      return { result: 'failed', code: emptied.code, reason: `${emptied.reason} ${sofar}`, final: true };
  }
}

/** Somebody uses it after all: the mark goes at once, so that no later run carries on (B4.25). */
async function cancelled(
  { bucket }: BucketChange,
  { aws }: Surroundings<Aws>,
  reason: string,
): Promise<Acted> {
  try {
    await dropRules(aws, bucket);
    await changeTags(aws, bucket, withoutMark);
    return { result: 'failed', code: 'in-use', reason: `${reason} Its mark is taken off.`, final: true };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return {
      result: 'failed',
      code: 'in-use',
      final: true,
      reason: `${reason} Its mark could not be taken off: ${error.message}.`,
    };
  }
}

export function failed(error: AwsFailure): Acted {
  if (error.code === 'NoSuchBucket') return { result: 'gone', reason: 'The bucket is gone.' };
  const uncertain = error.kind === 'timeout' || error.kind === 'retryable';
  return { result: 'failed', code: error.code, reason: error.message, ...(uncertain ? { uncertain } : {}) };
}
