import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';

export const getObjectLockConfiguration = onBucket<
  s3.GetObjectLockConfigurationRequest,
  s3.GetObjectLockConfigurationOutput
>({
  action: 's3:GetBucketObjectLockConfiguration',
  run(_input, { configurations, name }) {
    if (configurations.objectLock) return { ObjectLockConfiguration: configurations.objectLock };
    const text = 'Object Lock configuration does not exist for this bucket';
    throw new AwsError('ObjectLockConfigurationNotFoundError', text, 404, { BucketName: name });
  },
});

/** Object Lock needs versioning, and never goes away again; its default retention can. */
export const putObjectLockConfiguration = onBucket<s3.PutObjectLockConfigurationRequest, object>({
  action: 's3:PutBucketObjectLockConfiguration',
  supports: ['ObjectLockConfiguration'],
  run({ ObjectLockConfiguration: wished }, bucket) {
    if (bucket.versioning !== 'Enabled') {
      throw refuse.invalidBucketState(
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      );
    }
    if (wished?.ObjectLockEnabled !== 'Enabled') throw refuse.malformedXml();
    const retention = wished.Rule?.DefaultRetention;
    if (wished.Rule) checkDefault(retention);
    bucket.configurations.objectLock = wished;
    return {};
  },
  eventName: 'PutBucketObjectLockConfiguration',
  trail: ({ ObjectLockConfiguration }) => ({ 'object-lock': '', ObjectLockConfiguration }),
});

/** A mode and either days or years, at most 100 years. */
function checkDefault(retention: s3.DefaultRetention | undefined): void {
  const { Mode, Days, Years } = retention ?? {};
  if ((Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') || (Days === undefined) === (Years === undefined)) {
    throw refuse.malformedXml();
  }
  const days = Days ?? (Years ?? 0) * 365;
  if (days <= 0) {
    throw refuse.invalidArgument('Default retention period must be a positive integer value.', 'Days');
  }
  if (days > 36_500) {
    throw refuse.invalidArgument(
      'Default retention period too large: at most 36500 days or 100 years.',
      'Days',
    );
  }
}
