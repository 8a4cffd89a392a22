import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { putBucketPolicy, removeBucketPolicy } from '../../shared/aws/s3/policy.ts';
import { type Uncovered, uncover } from '../../shared/aws/s3/uncover.ts';
import { bucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Json, Tags } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import { failed } from './act.ts';
import { EMPTYING, TOMBSTONE, withoutMark } from './mark.ts';
import { isHalfway, refill, restore, restoreRights, turnBack } from './restore.ts';
import { dropRules, ruleRights } from './rules.ts';
import { changeTags, tagRights } from './tags.ts';

/** The IAM actions of `undo`. Taking back is a person's, with his own rights: no role of Reeve's has them all. */
export const undoRights: readonly string[] = [
  ...new Set([
    ...tagRights,
    ...ruleRights,
    ...removeBucketPolicy.rights,
    ...putBucketPolicy.rights,
    ...restoreRights,
    ...uncover.rights,
  ]),
].sort();

/**
 * Takes back what can be taken back: marks, rules and policies, and buckets that were archived. Other deleted objects
 * cannot be brought back (B4.49), and it says so.
 */
export async function undo(before: Json, around: Surroundings<Aws>): Promise<Acted> {
  const journaled = new Field(before, 'before');
  const bucket = journaled.at('bucket').text('a bucket');
  try {
    return await takeBack(journaled.at('action').text('an action'), bucket, journaled, around);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return failed(error);
  }
}

async function takeBack(
  action: string,
  bucket: string,
  journaled: Field,
  around: Surroundings<Aws>,
): Promise<Acted> {
  const { aws } = around;
  const isArchived = journaled.at('archive').isObject();
  switch (action) {
    case 'mark':
      return done(bucket, await changeTags(aws, bucket, withoutMark));
    case 'unmark':
      // A mark that was taken off once proves nothing any more: nobody would ever act on it (last-look.ts).
      return notUndoable(
        `The mark of ${bucket} is not set again: if it is still stale, the next sweep marks it anew, and its owner has the whole wait.`,
      );
    case 'empty-by-rule':
      return takeRuleBack(bucket, journaled, around);
    case 'empty-and-keep-name':
      return isArchived ? bringBack(bucket, journaled, around) : reopen(bucket, journaled, aws);
    case 'stop-rule':
      return notUndoable(
        `Nothing is lost: once nobody objects, ${bucket} is looked at again by the next sweep.`,
      );
    default:
      if (isArchived) return bringBack(bucket, journaled, around);
      return notUndoable(
        `There is no archive, so deleted objects cannot be brought back. The journal holds the configuration of ${bucket}: make it again from there, if its name is still free.`,
      );
  }
}

/** Made or filled again; where its emptying came to no end, what is gone of it comes back. */
async function bringBack(bucket: string, journaled: Field, around: Surroundings<Aws>): Promise<Acted> {
  const isThere = (await bucketNamed(around.aws, bucket)) !== undefined;
  const isHalf = isThere && isHalfway(await bucketTags(around.aws, bucket), journaled);
  return isHalf ? turnBack(journaled, around) : restore(journaled, around);
}

/**
 * The rule goes; in a bucket with versioning what it hid is uncovered, and from an archive what it took comes back. The
 * tag that tells of the rule goes last: until then the undo is not over.
 */
async function takeRuleBack(bucket: string, journaled: Field, around: Surroundings<Aws>): Promise<Acted> {
  const { aws } = around;
  await dropRules(aws, bucket);
  const back = await uncoverHidden(bucket, journaled, around);
  if (back.result !== 'done') return back;
  const filled = journaled.at('archive').isObject() ? await refill(journaled, around) : back;
  if (filled.result !== 'done') return filled;
  return { ...filled, requestId: await changeTags(aws, bucket, (tags) => without(tags, EMPTYING)) };
}

async function uncoverHidden(
  bucket: string,
  journaled: Field,
  { aws, now, remainingMs, halted }: Surroundings<Aws>,
): Promise<Acted> {
  let uncovered: Uncovered;
  try {
    uncovered = await uncover(aws, bucket, journaled.at('markedAt').time(), {
      now,
      remainingMs: () => remainingMs?.() ?? Number.POSITIVE_INFINITY,
      halted: async () => halted?.(),
    });
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const reason = `The rules that empty ${bucket} are gone, but what they hid could not be uncovered: ${error.message}.`;
    return { result: 'failed', code: error.code, reason, final: true };
  }
  const { objects, errors, stopped } = uncovered;
  const after = { bucket, uncovered: objects, errors: Object.fromEntries(errors) };
  const sofar = `The rules are gone, and ${objects} objects of ${bucket} that were hidden are there again.`;
  if (stopped !== undefined) {
    return { result: 'unfinished', reason: `${sofar} ${stopped} Undo it again to carry on.`, after };
  }
  if (errors.size > 0) {
    const codes = [...errors].map(([code, keys]) => `${code} for ${keys}`).join(', ');
    return {
      result: 'failed',
      code: 'not-uncovered',
      reason: `${sofar} Others are not: ${codes}.`,
      after,
      final: true,
    };
  }
  const lost = `${sofar} What the rule took for good (all that it took where there is no versioning) cannot be brought back: there is no archive.`;
  return { result: 'done', after, requestId: undefined, attention: [lost] };
}

function notUndoable(reason: string): Acted {
  return { result: 'failed', code: 'not-undoable', reason };
}

function done(bucket: string, requestId: string | undefined): Acted {
  return { result: 'done', after: { bucket }, requestId };
}

/** The kept bucket gets its policy back; what was in it stays deleted. */
async function reopen(bucket: string, journaled: Field, aws: Aws): Promise<Acted> {
  const policy = journaled.at('configuration', 'policy', 'Policy').optionalText();
  if (policy === undefined) await removeBucketPolicy(aws, bucket);
  else await putBucketPolicy(aws, bucket, policy);
  const requestId = await changeTags(aws, bucket, (tags) => without(tags, TOMBSTONE));
  return { result: 'done', after: { bucket, objects: 'cannot be brought back' }, requestId };
}

function without(tags: Tags, key: string): Tags {
  return new Map([...tags].filter(([name]) => name !== key));
}
