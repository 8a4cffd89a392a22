import type { Aws } from '../../shared/aws/access.ts';
import { tagBucket, untagBucket } from '../../shared/aws/s3/bucket-tags.ts';
import { bucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { Tags } from '../../shared/engine/verdict.ts';

/** Rights of everything that is called here. */
export const tagRights = [...bucketTags.rights, ...tagBucket.rights, ...untagBucket.rights];

/** Changes some tags, each by itself: whatever else somebody writes meanwhile, an objection above all, stays. */
export async function changeTags(
  aws: Aws,
  bucket: string,
  change: (tags: Tags) => Tags,
): Promise<string | undefined> {
  const before = await bucketTags(aws, bucket);
  const after = change(before);
  const set = new Map([...after].filter(([key, value]) => before.get(key) !== value));
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const tagged = set.size === 0 ? undefined : await tagBucket(aws, bucket, set);
  return gone.length === 0 ? tagged : await untagBucket(aws, bucket, gone);
}
