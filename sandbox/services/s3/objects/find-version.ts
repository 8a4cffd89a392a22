import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { refuse } from '../refuse.ts';
import type { Bucket } from '../state.ts';
import { serialOf, type Version, versionIdOf } from '../versions/version.ts';

/** The version that a request means: the named one, or the newest. Markers are refused as GetObject refuses them. */
export function findVersion(call: Call, bucket: Bucket, key = '', versionId?: string): Version {
  if (versionId === undefined) {
    const newest = bucket.versions.newest(key);
    if (newest && !newest.isMarker) return newest;
    throw hidden(call, bucket, marked(refuse.noSuchKey(key), newest));
  }
  checkVersionId(versionId);
  const version = bucket.versions.find(key, versionId);
  if (!version) throw hidden(call, bucket, refuse.noSuchVersion(key, versionId));
  if (!version.isMarker) return version;
  const text = 'The specified method is not allowed against this resource.';
  throw marked(new AwsError('MethodNotAllowed', text, 405, { ResourceType: 'DeleteMarker' }), version);
}

export function checkVersionId(versionId: string): void {
  if (versionId === 'null' || serialOf(versionId) !== undefined) return;
  throw refuse.invalidArgument('Invalid version id specified', 'versionId', versionId);
}

/** The id as answers carry it: only where versioning is or was on. */
export function shownId(bucket: Bucket, version: Version): { readonly VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: versionIdOf(version) };
}

/** Who may not list the bucket is not told what it does not hold. */
function hidden(call: Call, bucket: Bucket, error: AwsError): AwsError {
  return gate(call.world, call, 's3:ListBucket')(bucket.arn) ? refuse.accessDenied() : error;
}

function marked(error: AwsError, marker: Version | undefined): AwsError {
  if (!marker) return error;
  return new AwsError(error.code, error.message, error.status, {
    ...error.members,
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': versionIdOf(marker),
  });
}
