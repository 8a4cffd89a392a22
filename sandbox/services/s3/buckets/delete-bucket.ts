import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { dropBucket } from '../state.ts';

/** Versions and delete markers hold a bucket back, uploads that never ended do not (API Reference, DeleteBucket). */
export const deleteBucket = onBucket<s3.DeleteBucketRequest, object>({
  action: 's3:DeleteBucket',
  run(_input, bucket, { world }) {
    if (!bucket.versions.isEmpty) {
      throw refuse.bucketNotEmpty(bucket.name, bucket.versioning !== undefined);
    }
    dropBucket(world, bucket);
    return {};
  },
});
