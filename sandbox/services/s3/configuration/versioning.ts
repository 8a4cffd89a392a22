import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { checkMfa } from './mfa.ts';

export const getBucketVersioning = onBucket<s3.GetBucketVersioningRequest, s3.GetBucketVersioningOutput>({
  action: 's3:GetBucketVersioning',
  run: (_input, { versioning, mfaDevice, mfaDisabled }) => ({
    ...(versioning && { Status: versioning }),
    ...(mfaDevice !== undefined ? { MFADelete: 'Enabled' } : mfaDisabled ? { MFADelete: 'Disabled' } : {}),
  }),
});

/** Once on, versioning can only be suspended; MFA delete is the root user's, with a code of his device. */
export const putBucketVersioning = onBucket<s3.PutBucketVersioningRequest, object>({
  action: 's3:PutBucketVersioning',
  supports: ['VersioningConfiguration', 'MFA'],
  run({ VersioningConfiguration: wished, MFA }, bucket, { principal }) {
    const { Status, MFADelete } = wished ?? {};
    if (Status !== undefined && Status !== 'Enabled' && Status !== 'Suspended') throw refuse.malformedXml();
    if (MFADelete !== undefined && MFADelete !== 'Enabled' && MFADelete !== 'Disabled')
      throw refuse.malformedXml();
    if (Status === undefined) {
      throw refuse.invalidArgument('The Versioning element must be specified', 'Status');
    }
    if (Status === 'Suspended' && bucket.configurations.objectLock) {
      throw refuse.invalidBucketState(
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      );
    }
    checkMfa(bucket, MFA);
    if (MFADelete === 'Enabled' && bucket.mfaDevice === undefined) {
      if (principal.type !== 'Root' || !MFA) throw refuse.accessDenied();
      if (bucket.configurations.lifecycle) {
        throw refuse.invalidBucketState(
          'MFA delete cannot be enabled on a bucket with a lifecycle configuration.',
        );
      }
      bucket.mfaDevice = deviceOf(MFA);
    }
    if (MFADelete === 'Disabled' && bucket.mfaDevice !== undefined) {
      delete bucket.mfaDevice;
      bucket.mfaDisabled = true;
    }
    bucket.versioning = Status;
    return {};
  },
  trail: ({ VersioningConfiguration }) => ({ versioning: '', VersioningConfiguration }),
});

function deviceOf(mfa: string): string {
  return mfa.split(' ')[0] ?? '';
}
