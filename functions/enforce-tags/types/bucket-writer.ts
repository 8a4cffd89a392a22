import type { Aws } from '../../../shared/aws/access.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { bucketTags, putBucketTags } from '../../../shared/aws/tagging/buckets.ts';
import { tagResources, untagResources } from '../../../shared/aws/tagging/tagging-api.ts';
import type { Tags, Target, Written } from '../../../shared/aws/tagging/target.ts';
import { isReserved } from '../text.ts';
import { type ArnForm, nameIn, type TagWriter } from './row.ts';

/** Neither account nor region is in the ARN of a bucket. */
export const BUCKET: ArnForm = { service: 's3', prefix: '', without: ['account', 'region'] };

/** S3 knows no condition on tags: two writers at once lose one of the two, which only a look afterwards shows. */
const TRIES = 3;

/** What is to become of a bucket's tags, and how the Tagging API does that where the whole set cannot be put. */
interface Edit {
  apply(tags: Tags): Tags;
  single(): Promise<readonly Written[]>;
}

/**
 * Reads the set, puts it back with the change, and reads it again; up to three times where another writer was in
 * between (B2.33, B2.36). No tag is ever lost on the way.
 */
export const bucketWriter: TagWriter & { readonly rights: readonly string[] } = {
  set: (aws, targets, tags) =>
    inTurn(targets, (target) =>
      edit(aws, target, {
        apply: (now) => new Map([...now, ...tags]),
        single: () => tagResources(aws, [target], tags),
      }),
    ),
  remove: (aws, targets, tags) =>
    inTurn(targets, (target) =>
      edit(aws, target, {
        // A value that somebody changed meanwhile is not the one to be removed (B2.37).
        apply: (now) => new Map([...now].filter(([key, value]) => tags.get(key) !== value)),
        single: () => untagResources(aws, [target], tags),
      }),
    ),
  rights: [
    ...[bucketTags, putBucketTags, tagResources, untagResources].flatMap(({ rights }) => rights),
    's3:TagResource',
    's3:UntagResource',
  ],
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

async function edit(aws: Aws, target: Target, { apply, single }: Edit): Promise<string | undefined> {
  const name = nameIn(BUCKET, target.arn) ?? '';
  let requestId: string | undefined;
  for (let tries = 0; ; tries++) {
    const now = await bucketTags(aws, name);
    const wanted = apply(now);
    if (same(now, wanted)) return requestId;
    if (tries === TRIES) throw contended(target);
    // Putting the set without AWS's own tags is refused, with them it once was (B2.34).
    const systemTagged = [...now.keys()].some(isReserved);
    requestId = systemTagged ? outcome(await single()) : await put(aws, name, wanted, single);
  }
}

async function put(
  aws: Aws,
  name: string,
  wanted: Tags,
  single: Edit['single'],
): Promise<string | undefined> {
  try {
    return await putBucketTags(aws, name, wanted);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    // Another writer is at it: the next turn looks again (B2.36).
    if (error.code === 'OperationAborted') return undefined;
    if (!PERHAPS_BY_TAG.includes(error.kind)) throw error;
    const [written] = await single();
    if (written === undefined || written.failure !== undefined) throw error;
    return written.requestId;
  }
}

function outcome([written]: readonly Written[]): string | undefined {
  if (written?.failure !== undefined) throw written.failure;
  return written?.requestId;
}

/** How S3 might say that tags decide about access to this bucket, so that its set cannot be put (B2.35). */
const PERHAPS_BY_TAG: readonly AwsFailure['kind'][] = ['denied', 'conflict', 'invalid', 'unknown'];

function same(a: Tags, b: Tags): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function contended({ id }: Target): AwsFailure {
  return new AwsFailure({
    kind: 'conflict',
    code: 'TagsContended',
    action: 'PutBucketTagging',
    requestId: undefined,
    status: undefined,
    full: `somebody else keeps writing the tags of ${id} at the same time`,
  });
}
