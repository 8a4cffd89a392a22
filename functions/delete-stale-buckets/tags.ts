import type { Aws } from '../../shared/aws/access.ts';
import { removeBucketTags } from '../../shared/aws/s3/buckets.ts';
import { bucketTags, putBucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { Tags } from '../../shared/engine/verdict.ts';

/** Rights of everything that is called here. */
export const tagRights = [...bucketTags.rights, ...putBucketTags.rights, ...removeBucketTags.rights];

/** Changes some tags and keeps all others: the set is put as a whole, so it is read just before. */
export async function changeTags(
  aws: Aws,
  bucket: string,
  change: (tags: Tags) => Tags,
): Promise<string | undefined> {
  const before = await bucketTags(aws, bucket);
  const after = change(before);
  if (isSame(before, after)) return undefined;
  return after.size === 0 ? removeBucketTags(aws, bucket) : putBucketTags(aws, bucket, after);
}

function isSame(one: Tags, other: Tags): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}
