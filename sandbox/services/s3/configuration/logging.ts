import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { onBucket } from '../s3-operation.ts';
import { bucketsOf } from '../state.ts';

export const getBucketLogging = onBucket<s3.GetBucketLoggingRequest, s3.GetBucketLoggingOutput>({
  action: 's3:GetBucketLogging',
  run: (_input, { configurations: { logging } }) => (logging ? { LoggingEnabled: logging } : {}),
});

export const putBucketLogging = onBucket<s3.PutBucketLoggingRequest, object>({
  action: 's3:PutBucketLogging',
  supports: ['BucketLoggingStatus'],
  run({ BucketLoggingStatus }, bucket, call) {
    const wished = BucketLoggingStatus?.LoggingEnabled;
    if (!wished) {
      delete bucket.configurations.logging;
      return {};
    }
    const target = bucketsOf(call.world, call.partition).get(wished.TargetBucket ?? '');
    if (!target) {
      throw new AwsError('InvalidTargetBucketForLogging', 'The target bucket for logging does not exist');
    }
    if (target.owner !== bucket.owner || target.region !== bucket.region) {
      throw new AwsError(
        'InvalidTargetBucketForLogging',
        'The owner and the region of the bucket to be logged and of the target bucket must be the same.',
      );
    }
    bucket.configurations.logging = wished;
    return {};
  },
  trail: ({ BucketLoggingStatus }) => ({ logging: '', BucketLoggingStatus }),
});
