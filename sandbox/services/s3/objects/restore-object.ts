import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notImplemented } from '../../../core/refusals.ts';
import { refuse } from '../refuse.ts';
import { onObject } from '../s3-operation.ts';
import { findVersion } from './find-version.ts';

const HOUR = 3_600_000;

/**
 * Hours until the content can be read, at most.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
const HOURS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  GLACIER: { Standard: 5, Bulk: 12 },
  DEEP_ARCHIVE: { Standard: 12, Bulk: 48 },
};

/** Brings the content of an archived object back for some days, after some hours. */
export const restoreObject = onObject<s3.RestoreObjectRequest, s3.RestoreObjectOutput>({
  action: 's3:RestoreObject',
  supports: ['VersionId', 'RestoreRequest'],
  run({ Key, VersionId, RestoreRequest: wish = {} }, bucket, call) {
    const { Days: days, GlacierJobParameters: job, ...rest } = wish;
    const [other] = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (other !== undefined) throw notImplemented(`RestoreRequest.${other} of s3:${call.operation}`);
    if (days === undefined || days < 1) throw refuse.malformedXml();
    const version = findVersion(call, bucket, Key, VersionId);
    const tiers = HOURS[version.storageClass];
    if (tiers === undefined) {
      const text = "Restore is not allowed for the object's current storage class";
      throw new AwsError('InvalidObjectState', text, 403, { StorageClass: version.storageClass });
    }
    const hours = tiers[job?.Tier ?? 'Standard'];
    if (hours === undefined) throw notImplemented(`the tier ${job?.Tier} of s3:${call.operation}`);
    const now = call.now.getTime();
    const before = version.details?.restored;
    if (before !== undefined && now < before.from) {
      throw new AwsError('RestoreAlreadyInProgress', 'Object restore is already in progress', 409);
    }
    const from = before !== undefined && now < before.until ? before.from : now + hours * HOUR;
    version.details = {
      ...version.details,
      restored: { from, until: Math.max(now, from) + days * 24 * HOUR },
    };
    return {};
  },
});
