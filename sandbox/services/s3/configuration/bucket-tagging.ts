import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';
import { checkTags } from './tag-rules.ts';

export const getBucketTagging = onBucket<s3.GetBucketTaggingRequest, s3.GetBucketTaggingOutput>({
  action: 's3:GetBucketTagging',
  run(_input, { name, tags }) {
    if (tags.size > 0) return { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: name });
  },
});

/** Puts the whole set: what is left out is gone, except that AWS's own tags must be in it, unchanged. */
export const putBucketTagging = onBucket<s3.PutBucketTaggingRequest, object>({
  action: 's3:PutBucketTagging',
  supports: ['Tagging'],
  run({ Tagging }, bucket) {
    if (!Tagging?.TagSet) throw refuse.malformedXml();
    checkWithoutAbac(bucket);
    const system = systemTags(bucket);
    const given = new Map(Tagging.TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    const lost = [...system].some(([key]) => !given.has(key));
    if (lost) throw new AwsError('InvalidTag', 'System tags cannot be removed by requester');
    checkTags(Tagging.TagSet.filter(({ Key = '', Value }) => system.get(Key) !== Value));
    if (given.size < Tagging.TagSet.length) checkTags(Tagging.TagSet);
    bucket.tags.clear();
    for (const [key, value] of given) bucket.tags.set(key, value);
    return {};
  },
  trail: ({ Tagging }) => ({ tagging: '', Tagging }),
});

export const deleteBucketTagging = onBucket<s3.DeleteBucketTaggingRequest, object>({
  action: 's3:PutBucketTagging',
  run(_input, bucket) {
    checkWithoutAbac(bucket);
    if (systemTags(bucket).size > 0) {
      throw new AwsError('InvalidTag', 'System tags cannot be removed by requester');
    }
    bucket.tags.clear();
    return {};
  },
  trail: () => ({ tagging: '' }),
});

/** Where tags decide about access, only TagResource and UntagResource change them; the code is not documented. */
function checkWithoutAbac({ configurations }: Bucket): void {
  if (configurations.abac?.Status !== 'Enabled') return;
  throw refuse.invalidRequest(
    'This operation is not supported on a bucket with ABAC enabled. Use TagResource.',
  );
}

export const getBucketAbac = onBucket<s3.GetBucketAbacRequest, s3.GetBucketAbacOutput>({
  action: 's3:GetBucketAbac',
  run: (_input, { configurations }) => ({ AbacStatus: configurations.abac ?? { Status: 'Disabled' } }),
});

export const putBucketAbac = onBucket<s3.PutBucketAbacRequest, object>({
  action: 's3:PutBucketAbac',
  supports: ['AbacStatus'],
  run({ AbacStatus }, { configurations }) {
    if (AbacStatus?.Status !== 'Enabled' && AbacStatus?.Status !== 'Disabled') throw refuse.malformedXml();
    configurations.abac = AbacStatus;
    return {};
  },
  trail: ({ AbacStatus }) => ({ abac: '', AbacStatus }),
});

function systemTags({ tags }: Bucket): ReadonlyMap<string, string> {
  return new Map([...tags].filter(([key]) => key.startsWith('aws:')));
}
