import type { Aws } from '../../../shared/aws/access.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { bucketTags, tagBucket, untagBucket } from '../../../shared/aws/tagging/buckets.ts';
import type { Tags, Target, Written } from '../../../shared/aws/tagging/target.ts';
import { type ArnForm, nameIn, type TagWriter } from './row.ts';

/** Neither account nor region is in the ARN of a bucket. */
export const BUCKET: ArnForm = { service: 's3', prefix: '', without: ['account', 'region'] };

/** S3 refuses a write while another one is under way. */
const TRIES = 3;

/** What is still to be written on a bucket with these tags, and how. */
interface Edit {
  missing(now: Tags): Tags;
  write(missing: Tags): Promise<string | undefined>;
}

/**
 * Names only the tags that change, so that nobody else's is lost, whoever writes at the same time, AWS's own included
 * (B2.33 to B2.36); PutBucketTagging would put the whole set as it was a moment ago. A value that somebody changes between
 * the look and the removal goes with the tag: S3 knows no condition on it.
 */
export const bucketWriter: TagWriter & { readonly rights: readonly string[] } = {
  set: (aws, targets, tags) =>
    inTurn(targets, (target) =>
      edit(aws, target, {
        missing: (now) => new Map([...tags].filter(([key, value]) => now.get(key) !== value)),
        write: (missing) => tagBucket(aws, target.arn, missing),
      }),
    ),
  remove: (aws, targets, tags) =>
    inTurn(targets, (target) =>
      edit(aws, target, {
        // A value that somebody changed meanwhile is not the one to be removed (B2.37).
        missing: (now) => new Map([...tags].filter(([key, value]) => now.get(key) === value)),
        write: (missing) => untagBucket(aws, target.arn, [...missing.keys()]),
      }),
    ),
  rights: [bucketTags, tagBucket, untagBucket].flatMap(({ rights }) => rights),
};

async function inTurn(
  targets: readonly Target[],
  write: (target: Target) => Promise<string | undefined>,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (const target of targets) {
    const { id } = target;
    try {
      written.push({ id, failure: undefined, requestId: await write(target) });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      written.push({ id, failure: error, requestId: error.requestId });
    }
  }
  return written;
}

/** Looks, writes what is missing, and looks again; up to three writes where somebody else is at it too (B2.36). */
async function edit(aws: Aws, target: Target, { missing, write }: Edit): Promise<string | undefined> {
  const name = nameIn(BUCKET, target.arn) ?? '';
  let requestId: string | undefined;
  for (let tries = 0; ; tries++) {
    const open = missing(await bucketTags(aws, name));
    if (open.size === 0) return requestId;
    if (tries === TRIES) throw contended(target);
    try {
      requestId = await write(open);
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.code !== 'OperationAborted') throw error;
    }
  }
}

function contended({ id }: Target): AwsFailure {
  return new AwsFailure({
    kind: 'conflict',
    code: 'TagsContended',
    action: 'TagResource',
    requestId: undefined,
    status: undefined,
    full: `somebody else keeps writing the tags of ${id} at the same time`,
  });
}
