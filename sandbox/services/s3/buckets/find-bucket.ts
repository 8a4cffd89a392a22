import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { operation } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { onBucket } from '../s3-operation.ts';
import { bucketsOf } from '../state.ts';

/** Null for us-east-1, and the old name `EU` where the bucket was made under it. */
export const getBucketLocation = onBucket<s3.GetBucketLocationRequest, s3.GetBucketLocationOutput>({
  action: 's3:GetBucketLocation',
  run(_input, { region, location }) {
    if (region === 'us-east-1') return {};
    // The schema's list of regions ends somewhere; S3's does not.
    return { LocationConstraint: (location ?? region) as s3.BucketLocationConstraint };
  },
});

const inner = onBucket<s3.HeadBucketRequest, s3.HeadBucketOutput>({
  action: 's3:ListBucket',
  run: (_input, { region, arn }) => ({ BucketRegion: region, BucketArn: arn, AccessPointAlias: false }),
});

/** Tells the region also to those whom it refuses. */
export const headBucket = operation<s3.HeadBucketRequest, unknown>({
  authorize: () => [],
  run(input, call) {
    const bucket = bucketsOf(call.world, call.partition).get(input.Bucket ?? '');
    try {
      for (const { action, resources } of inner.authorize?.(input, call) ?? []) {
        const refused = gate(call.world, call, action)(resources[0] ?? '');
        if (refused) throw refused;
      }
      return inner.run(input, call);
    } catch (error) {
      if (!bucket || !(error instanceof AwsError)) throw error;
      const { code, message, status, members } = error;
      throw new AwsError(code, message, status, { ...members, 'x-amz-bucket-region': bucket.region });
    }
  },
});
