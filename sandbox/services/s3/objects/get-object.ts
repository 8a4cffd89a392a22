import { Readable } from 'node:stream';
import type * as s3 from '@aws-sdk/client-s3';
import type { Call } from '../../../core/service.ts';
import { onObject } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';
import { type Details, etagOf, type Version } from '../versions/version.ts';
import { checkNotArchived, checkReadable } from './encryption.ts';
import { findVersion, shownId } from './find-version.ts';

const SUPPORTED = [
  'VersionId',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSECustomerKeyMD5',
  'ChecksumMode',
] as const;

const action = ({ VersionId }: { readonly VersionId?: string | undefined }) =>
  VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';

type GetOutput = Omit<s3.GetObjectOutput, 'Body'> & { readonly Body: Readable };

export const getObject = onObject<s3.GetObjectRequest, GetOutput>({
  action,
  supports: SUPPORTED,
  run(input, bucket, call) {
    const version = findVersion(call, bucket, input.Key, input.VersionId);
    checkReadable(call.world, version, input);
    checkNotArchived(version, call.now);
    return {
      ...described(bucket, version, input.ChecksumMode, call),
      Body: Readable.from([contentOf(version)]),
    };
  },
});

export const headObject = onObject<s3.HeadObjectRequest, s3.HeadObjectOutput>({
  action,
  supports: SUPPORTED,
  run(input, bucket, call) {
    const version = findVersion(call, bucket, input.Key, input.VersionId);
    checkReadable(call.world, version, input);
    return described(bucket, version, input.ChecksumMode, call);
  },
});

/** The content; objects that were seeded by size alone are full of zeros. */
export function contentOf({ details, size }: Version): Uint8Array {
  return details?.body ?? new Uint8Array(size);
}

function described(bucket: Bucket, version: Version, checksums: string | undefined, { now }: Call) {
  const { details, storageClass, size, at } = version;
  const { ChecksumCRC32, ChecksumSHA1, ChecksumSHA256, ...given } = details?.given ?? {};
  const sums = Object.entries({ ChecksumCRC32, ChecksumSHA1, ChecksumSHA256 }).filter(([, sum]) => sum);
  return {
    AcceptRanges: 'bytes',
    ContentType: 'binary/octet-stream',
    ...given,
    ...(checksums === 'ENABLED' && Object.fromEntries(sums)),
    LastModified: new Date(at * 1000),
    ContentLength: size,
    ETag: etagOf(version),
    ...shownId(bucket, version),
    ...(storageClass !== 'STANDARD' && { StorageClass: storageClass }),
    ...(details?.restored && { Restore: restoring(details.restored, now) }),
    ...(details?.tags?.length && { TagCount: details.tags.length }),
    ...(details?.parts && { PartsCount: details.parts.length }),
    ...(details?.retention && {
      ObjectLockMode: details.retention.Mode,
      ObjectLockRetainUntilDate: details.retention.RetainUntilDate,
    }),
    ...(details?.legalHold !== undefined && {
      ObjectLockLegalHoldStatus: details.legalHold ? ('ON' as const) : ('OFF' as const),
    }),
  };
}

/** The header `x-amz-restore`. */
function restoring({ from, until }: NonNullable<Details['restored']>, now: Date): string {
  if (now.getTime() < from) return 'ongoing-request="true"';
  return `ongoing-request="false", expiry-date="${new Date(until).toUTCString()}"`;
}
