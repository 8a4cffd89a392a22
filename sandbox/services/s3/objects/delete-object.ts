import type * as s3 from '@aws-sdk/client-s3';
import { gate } from '../../../iam/authorize.ts';
import { checkMfa } from '../configuration/mfa.ts';
import { onObject } from '../s3-operation.ts';
import { deleteVersion, markerId, notifyDeleted } from './delete-version.ts';
import { checkVersionId } from './find-version.ts';
import { checkKey } from './write-object.ts';

export const deleteObject = onObject<s3.DeleteObjectRequest, s3.DeleteObjectOutput>({
  action: ({ VersionId }) => (VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'),
  supports: ['VersionId', 'MFA', 'BypassGovernanceRetention'],
  run({ Key: key = '', VersionId: versionId, MFA, BypassGovernanceRetention: bypass = false }, bucket, call) {
    checkKey(key);
    if (versionId !== undefined) {
      checkVersionId(versionId);
      checkMfa(bucket, MFA);
    }
    if (bypass) {
      const refused = gate(call.world, call, 's3:BypassGovernanceRetention')(`${bucket.arn}/${key}`);
      if (refused) throw refused;
    }
    const deleted = deleteVersion(bucket, { key, versionId }, call.now, bypass);
    notifyDeleted(call, bucket, [deleted]);
    const VersionId = versionId ?? markerId(deleted);
    return {
      ...(deleted.marker && { DeleteMarker: true }),
      ...(VersionId !== undefined && bucket.versioning && { VersionId }),
    };
  },
});
