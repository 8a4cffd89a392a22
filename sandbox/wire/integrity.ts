import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../core/errors.ts';
import { notImplemented } from '../core/refusals.ts';
import type { WireRequest } from './message.ts';

/** Changes that S3 takes only with a Content-MD5 or a checksum of the body. */
const NEEDS_CHECKSUM: ReadonlySet<string> = new Set([
  'DeleteObjects',
  'PutBucketAcl',
  'PutBucketEncryption',
  'PutBucketLifecycleConfiguration',
  'PutBucketLogging',
  'PutBucketOwnershipControls',
  'PutBucketPolicy',
  'PutBucketReplication',
  'PutBucketRequestPayment',
  'PutBucketTagging',
  'PutBucketVersioning',
  'PutBucketWebsite',
  'PutObjectLegalHold',
  'PutObjectLockConfiguration',
  'PutObjectRetention',
  'PutObjectTagging',
  'PutPublicAccessBlock',
]);

const DIGESTS: Readonly<Record<string, (body: Uint8Array) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  },
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest('base64'),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
};

/** Settings of a checksum that are no checksum themselves. */
const SETTINGS: readonly string[] = [
  'x-amz-checksum-mode',
  'x-amz-checksum-algorithm',
  'x-amz-checksum-type',
];

/** Compares the body with the digests that came along; refuses where one is needed and none is there. */
export function checkIntegrity({ headers, body, method }: WireRequest, operation: string): void {
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const sums = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-checksum-') && !SETTINGS.includes(name),
  );
  if (NEEDS_CHECKSUM.has(operation) && md5 === undefined && sums.length === 0) {
    throw new AwsError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  // CompleteMultipartUpload tells the checksum of the object, not of its own body.
  if (method === 'POST' && operation === 'CompleteMultipartUpload') return;
  for (const name of sums) {
    const digest = DIGESTS[name];
    if (!digest) throw notImplemented(`${name} of s3:${operation}`);
    if (digest(body) === headers[name]) continue;
    const algorithm = name.slice('x-amz-checksum-'.length).toUpperCase();
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}
