import { createHash } from 'node:crypto';
import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notImplemented } from '../../../core/refusals.ts';
import type { Call } from '../../../core/service.ts';
import { aclsEnabled } from '../configuration/ownership.ts';
import { parseTagging } from '../configuration/tag-rules.ts';
import type { Bucket } from '../state.ts';
import type { Details, Version } from '../versions/version.ts';
import { encryptionOf } from './encryption.ts';
import { lockForNew } from './lock.ts';

const CLASSES: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
];

const GIVEN_BACK = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Metadata',
  'WebsiteRedirectLocation',
  'ChecksumCRC32',
  'ChecksumSHA1',
  'ChecksumSHA256',
] as const satisfies readonly (keyof s3.PutObjectRequest & keyof s3.GetObjectOutput)[];

/** Members of PutObject and CreateMultipartUpload that a stored object comes from. */
export const WRITABLE = [
  'ACL',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Metadata',
  'WebsiteRedirectLocation',
  'StorageClass',
  'Tagging',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSECustomerKeyMD5',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'ObjectLockLegalHoldStatus',
] as const;

export type Wish = Omit<s3.PutObjectRequest, 'Body'>;

export interface Content {
  readonly size: number;
  readonly etag: string;
  readonly body?: Uint8Array;
  readonly parts?: readonly number[];
}

/** Stores an object as the newest version of its key, under the bucket's versioning, lock and encryption. */
export function writeObject(call: Call, bucket: Bucket, wish: Wish, content: Content): Version {
  const { Key: key = '', StorageClass = 'STANDARD', Tagging } = wish;
  const details = detailsOf(call, bucket, wish);
  const tags = parseTagging(Tagging);
  return bucket.versions.add({
    key,
    isNull: bucket.versioning !== 'Enabled',
    isMarker: false,
    at: Math.floor(call.now.getTime() / 1000),
    size: content.size,
    // Checked against the list of what S3 takes.
    storageClass: StorageClass as s3.ObjectStorageClass,
    details: {
      ...details,
      etag: content.etag,
      ...(content.body && { body: content.body }),
      ...(content.parts && { parts: content.parts }),
      ...(tags && { tags }),
    },
  });
}

/** Everything about a wish that can be refused before any content arrives. */
export function detailsOf(call: Call, bucket: Bucket, wish: Wish): Details {
  const { Key: key = '', StorageClass = 'STANDARD', Metadata = {} } = wish;
  checkKey(key);
  checkAcl(bucket, wish.ACL, call);
  if (!CLASSES.includes(StorageClass)) {
    throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid');
  }
  const bytes = Object.entries(Metadata)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > 2048) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  parseTagging(wish.Tagging);
  const { told, customerKeyMd5 } = encryptionOf(bucket, wish);
  const given = Object.fromEntries(
    GIVEN_BACK.flatMap((name) => (wish[name] === undefined ? [] : [[name, wish[name]]])),
  );
  return {
    given: { ...given, ...told },
    ...(customerKeyMd5 !== undefined && { customerKeyMd5 }),
    ...lockForNew(bucket, wish, call.now),
  };
}

/** 1,024 bytes of UTF-8 at most. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= 1024) return;
  throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: size, MaxSizeAllowed: 1024 });
}

function checkAcl(bucket: Bucket, acl: string | undefined, call: Call): void {
  if (acl === undefined || acl === 'bucket-owner-full-control') return;
  if (!aclsEnabled(bucket)) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  if (acl !== 'private') throw notImplemented(`the ACL ${acl} of s3:${call.operation}`);
}

export function md5Etag(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
