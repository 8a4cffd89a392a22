import type { Call } from '../../../core/service.ts';
import { notify, type ObjectEvent } from '../notifications/notify.ts';
import { refuse } from '../refuse.ts';
import type { Bucket } from '../state.ts';
import { type Version, versionIdOf } from '../versions/version.ts';
import { protection } from './lock.ts';

export interface Deletion {
  readonly key: string;
  readonly versionId?: string | undefined;
}

export interface Deleted {
  /** The marker that was put on top, or that was taken away. */
  readonly marker?: Version;
  readonly removed?: Version;
  readonly event?: ObjectEvent;
}

/**
 * Deletes as S3 does: without a version id a versioned bucket only gets a marker, with one the version is gone for good
 * unless a lock holds it. What is not there is deleted already.
 */
export function deleteVersion(
  bucket: Bucket,
  { key, versionId }: Deletion,
  now: Date,
  bypassesGovernance: boolean,
): Deleted {
  if (versionId !== undefined) return removeVersion(bucket, key, versionId, now, bypassesGovernance);
  if (bucket.versioning === undefined) return removeNull(bucket, key);
  const at = Math.floor(now.getTime() / 1000);
  const isNull = bucket.versioning === 'Suspended';
  const marker = bucket.versions.add({ key, isNull, isMarker: true, at, size: 0 });
  return { marker, event: { name: 'ObjectRemoved:DeleteMarkerCreated', version: marker } };
}

function removeVersion(
  bucket: Bucket,
  key: string,
  versionId: string,
  now: Date,
  bypassesGovernance: boolean,
): Deleted {
  const version = bucket.versions.find(key, versionId);
  if (!version) return {};
  if (protection(version, now, bypassesGovernance)) {
    throw refuse.accessDenied('Access Denied because object protected by object lock.');
  }
  bucket.versions.remove(version);
  const event: ObjectEvent = { name: 'ObjectRemoved:Delete', version };
  return { removed: version, event, ...(version.isMarker && { marker: version }) };
}

function removeNull(bucket: Bucket, key: string): Deleted {
  const version = bucket.versions.newest(key);
  if (!version) return {};
  bucket.versions.remove(version);
  return { removed: version, event: { name: 'ObjectRemoved:Delete', version } };
}

/** Tells whoever waits for it what a call deleted. */
export function notifyDeleted(call: Call, bucket: Bucket, deleted: readonly Deleted[]): void {
  if (!bucket.configurations.notification) return;
  notify(
    call,
    bucket,
    deleted.flatMap(({ event }) => event ?? []),
  );
}

export const markerId = ({ marker }: Deleted) => (marker ? versionIdOf(marker) : undefined);
