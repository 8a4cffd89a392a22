import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { checkTags } from '../configuration/tag-rules.ts';
import { refuse } from '../refuse.ts';
import { onObject } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';
import type { Details, Version } from '../versions/version.ts';
import { findVersion, shownId } from './find-version.ts';
import { checkRetention, noLock } from './lock.ts';

const ofVersion =
  (verb: string, what: string) =>
  ({ VersionId }: { readonly VersionId?: string | undefined }) =>
    `s3:${verb}Object${VersionId === undefined ? '' : 'Version'}${what}`;

export const getObjectTagging = onObject<s3.GetObjectTaggingRequest, s3.GetObjectTaggingOutput>({
  action: ofVersion('Get', 'Tagging'),
  supports: ['VersionId'],
  run({ Key, VersionId }, bucket, call) {
    const version = findVersion(call, bucket, Key, VersionId);
    return { TagSet: [...(version.details?.tags ?? [])], ...shownId(bucket, version) };
  },
});

/** Puts the whole set of an object's tags, at most 10. */
export const putObjectTagging = onObject<s3.PutObjectTaggingRequest, s3.PutObjectTaggingOutput>({
  action: ofVersion('Put', 'Tagging'),
  supports: ['VersionId', 'Tagging'],
  run({ Key, VersionId, Tagging }, bucket, call) {
    if (!Tagging?.TagSet) throw refuse.malformedXml();
    checkTags(Tagging.TagSet, 10);
    const version = findVersion(call, bucket, Key, VersionId);
    change(version, { tags: Tagging.TagSet });
    return shownId(bucket, version);
  },
});

export const getObjectLegalHold = onObject<s3.GetObjectLegalHoldRequest, s3.GetObjectLegalHoldOutput>({
  action: 's3:GetObjectLegalHold',
  supports: ['VersionId'],
  run({ Key, VersionId }, bucket, call) {
    const { legalHold } = lockable(call, bucket, Key, VersionId).details ?? {};
    if (legalHold === undefined) throw notConfigured();
    return { LegalHold: { Status: legalHold ? 'ON' : 'OFF' } };
  },
});

export const putObjectLegalHold = onObject<s3.PutObjectLegalHoldRequest, s3.PutObjectLegalHoldOutput>({
  action: 's3:PutObjectLegalHold',
  supports: ['VersionId', 'LegalHold'],
  run({ Key, VersionId, LegalHold }, bucket, call) {
    if (LegalHold?.Status !== 'ON' && LegalHold?.Status !== 'OFF') throw refuse.malformedXml();
    change(lockable(call, bucket, Key, VersionId), { legalHold: LegalHold.Status === 'ON' });
    return {};
  },
});

export const getObjectRetention = onObject<s3.GetObjectRetentionRequest, s3.GetObjectRetentionOutput>({
  action: 's3:GetObjectRetention',
  supports: ['VersionId'],
  run({ Key, VersionId }, bucket, call) {
    const { retention } = lockable(call, bucket, Key, VersionId).details ?? {};
    if (!retention) throw notConfigured();
    return { Retention: retention };
  },
});

/** Retention can be made longer; shorter only in governance mode and only by who may bypass it. */
export const putObjectRetention = onObject<s3.PutObjectRetentionRequest, s3.PutObjectRetentionOutput>({
  action: 's3:PutObjectRetention',
  supports: ['VersionId', 'Retention', 'BypassGovernanceRetention'],
  run({ Key, VersionId, Retention = {}, BypassGovernanceRetention = false }, bucket, call) {
    const version = lockable(call, bucket, Key, VersionId);
    const clears = Retention.Mode === undefined && Retention.RetainUntilDate === undefined;
    if (!clears) checkRetention(Retention, call.now);
    if (loosens(version, Retention, call.now)) {
      const governed = version.details?.retention?.Mode === 'GOVERNANCE' && BypassGovernanceRetention;
      const arn = `${bucket.arn}/${Key}`;
      if (!governed || gate(call.world, call, 's3:BypassGovernanceRetention')(arn)) {
        throw refuse.accessDenied('Access Denied because object protected by object lock.');
      }
    }
    if (clears) {
      const { retention: _, ...rest } = version.details ?? {};
      version.details = rest;
    } else change(version, { retention: Retention });
    return {};
  },
});

function loosens({ details }: Version, wished: s3.ObjectLockRetention, now: Date): boolean {
  const { Mode, RetainUntilDate } = details?.retention ?? {};
  if (!RetainUntilDate || RetainUntilDate <= now) return false;
  const earlier = !wished.RetainUntilDate || wished.RetainUntilDate < RetainUntilDate;
  return earlier || (Mode === 'COMPLIANCE' && wished.Mode !== 'COMPLIANCE');
}

function lockable(
  call: Call,
  bucket: Bucket,
  key: string | undefined,
  versionId: string | undefined,
): Version {
  if (!bucket.configurations.objectLock) throw noLock();
  return findVersion(call, bucket, key, versionId);
}

function change(version: Version, details: Details): void {
  version.details = { ...version.details, ...details };
}

function notConfigured(): AwsError {
  const text = 'The specified object does not have a ObjectLock configuration';
  return new AwsError('NoSuchObjectLockConfiguration', text, 404);
}
