import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notImplemented } from '../../../core/refusals.ts';
import type { Call } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { checkMfa } from '../configuration/mfa.ts';
import { refuse } from '../refuse.ts';
import { onKeys } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';
import { spendKeys } from '../throttle.ts';
import { serialOf } from '../versions/version.ts';
import { strikeDelete } from './delete-failures.ts';
import { type Deleted, deleteVersion, markerId, notifyDeleted } from './delete-version.ts';
import { checkKey } from './write-object.ts';

type Named = s3.ObjectIdentifier & { readonly Key: string };
type Gates = (entry: Named, bypass: boolean) => AwsError | undefined;

/**
 * Deletes up to 1,000 keys, each on its own: what may not go is told in `Errors`, the rest goes. Only a request that is
 * wrong as a whole (its XML, its MFA code) fails as a whole.
 */
export const deleteObjects = onKeys<s3.DeleteObjectsRequest, s3.DeleteObjectsOutput>({
  supports: ['Delete', 'MFA', 'BypassGovernanceRetention'],
  run({ Delete, MFA, BypassGovernanceRetention: bypass = false }, bucket, call) {
    const entries = checkedEntries(Delete?.Objects);
    spendKeys(
      call,
      bucket,
      entries.map(({ Key }) => Key),
    );
    if (MFA !== undefined || entries.some(({ VersionId }) => VersionId !== undefined)) checkMfa(bucket, MFA);
    const gates = gatesFor(call, bucket);
    const all: Deleted[] = [];
    const Deleted: s3.DeletedObject[] = [];
    const Errors: s3._Error[] = [];
    for (const entry of entries) {
      try {
        const deleted = deleteEntry(bucket, entry, call, bypass, gates);
        all.push(deleted);
        if (!Delete?.Quiet) Deleted.push(described(entry, deleted));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push(failed(entry, error));
      }
    }
    notifyDeleted(call, bucket, all);
    return { ...(Deleted.length > 0 && { Deleted }), ...(Errors.length > 0 && { Errors }) };
  },
});

function checkedEntries(objects: readonly s3.ObjectIdentifier[] | undefined): readonly Named[] {
  if (!objects || objects.length === 0 || objects.length > 1000) throw refuse.malformedXml();
  return objects.map(({ Key, VersionId, ...conditions }) => {
    if (!Key) throw refuse.malformedXml();
    const condition = Object.keys(conditions)[0];
    if (condition) throw notImplemented(`${condition} of s3:DeleteObjects`);
    return { Key, ...(VersionId !== undefined && { VersionId }) };
  });
}

function deleteEntry(bucket: Bucket, entry: Named, call: Call, bypass: boolean, gates: Gates): Deleted {
  const { Key: key, VersionId: versionId } = entry;
  const refused = gates(entry, bypass) ?? strikeDelete(bucket, key, versionId);
  if (refused) throw refused;
  checkKey(key);
  if (versionId !== undefined && versionId !== 'null' && serialOf(versionId) === undefined) {
    throw refuse.noSuchVersion(key, versionId);
  }
  return deleteVersion(bucket, { key, versionId }, call.now, bypass);
}

/** The rights are asked for key by key, since policies may tell keys apart. */
function gatesFor(call: Call, bucket: Bucket): Gates {
  const onKey = gate(call.world, call, 's3:DeleteObject');
  const onVersion = gate(call.world, call, 's3:DeleteObjectVersion');
  const onLock = gate(call.world, call, 's3:BypassGovernanceRetention');
  return ({ Key, VersionId }, bypass) => {
    const arn = `${bucket.arn}/${Key}`;
    return (VersionId === undefined ? onKey : onVersion)(arn) ?? (bypass ? onLock(arn) : undefined);
  };
}

function described({ Key, VersionId }: Named, deleted: Deleted): s3.DeletedObject {
  const DeleteMarkerVersionId = markerId(deleted);
  return {
    Key,
    ...(VersionId !== undefined && { VersionId }),
    ...(DeleteMarkerVersionId !== undefined && { DeleteMarker: true, DeleteMarkerVersionId }),
  };
}

function failed({ Key, VersionId }: Named, { code, message }: AwsError): s3._Error {
  return { Key, ...(VersionId !== undefined && { VersionId }), Code: code, Message: message };
}
