import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { putBucketPolicy, removeBucketPolicy } from '../../shared/aws/s3/policy.ts';
import type { Acted } from '../../shared/engine/policy.ts';
import type { Json, Tags } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import { failed } from './act.ts';
import { DELETE_AFTER, EMPTYING, MARKED, TOMBSTONE, withoutMark } from './mark.ts';
import { dropRules } from './rules.ts';
import { changeTags } from './tags.ts';

/** Takes back what can be taken back: marks, rules and policies. Deleted objects cannot (B4.49), and it says so. */
export async function undo(before: Json, aws: Aws): Promise<Acted> {
  const journaled = new Field(before, 'before');
  const bucket = journaled.at('bucket').text('a bucket');
  try {
    return await takeBack(journaled.at('action').text('an action'), bucket, journaled, aws);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return failed(error);
  }
}

async function takeBack(action: string, bucket: string, journaled: Field, aws: Aws): Promise<Acted> {
  switch (action) {
    case 'mark':
      return done(bucket, await changeTags(aws, bucket, withoutMark));
    case 'unmark':
      return done(bucket, await changeTags(aws, bucket, (tags) => withOld(tags, journaled)));
    case 'empty-by-rule':
      await dropRules(aws, bucket);
      return done(bucket, await changeTags(aws, bucket, (tags) => without(tags, EMPTYING)));
    case 'empty-and-keep-name':
      return reopen(bucket, journaled, aws);
    case 'stop-rule':
      return {
        result: 'failed',
        code: 'not-undoable',
        reason: `Nothing is lost: once nobody objects, ${bucket} is looked at again by the next sweep.`,
      };
    default: {
      const reason = `Deleted objects cannot be brought back. The journal holds the configuration of ${bucket}: make it again from there, if its name is still free.`;
      return { result: 'failed', code: 'not-undoable', reason };
    }
  }
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

function withOld(tags: Tags, journaled: Field): Tags {
  const old = journaled
    .at('tags')
    .entries()
    .map((tag): [string, string] => [tag.at('Key').text(), String(tag.at('Value').value ?? '')]);
  return new Map([...tags, ...old.filter(([key]) => key === MARKED || key === DELETE_AFTER)]);
}

function without(tags: Tags, key: string): Tags {
  return new Map([...tags].filter(([name]) => name !== key));
}
