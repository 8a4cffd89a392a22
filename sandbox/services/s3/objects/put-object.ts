import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { notify } from '../notifications/notify.ts';
import { onObject } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';
import type { Version } from '../versions/version.ts';
import { etagOf } from '../versions/version.ts';
import { shownId } from './find-version.ts';
import { md5Etag, WRITABLE, writeObject } from './write-object.ts';

/** What the wire layer reads: the body is whole. */
type Input = Omit<s3.PutObjectRequest, 'Body'> & { readonly Body?: Uint8Array };

export const putObject = onObject<Input, s3.PutObjectOutput>({
  action: 's3:PutObject',
  supports: ['Body', 'ContentLength', 'IfNoneMatch', ...WRITABLE],
  run(input, bucket, call) {
    checkRights(input, bucket, call);
    checkNoneMatch(input, bucket);
    const { Body: body = new Uint8Array() } = input;
    const version = writeObject(call, bucket, input, { size: body.byteLength, etag: md5Etag(body), body });
    notify(call, bucket, [{ name: 'ObjectCreated:Put', version }]);
    return { ...written(bucket, version), Size: version.size };
  },
});

/** What every write answers. */
export function written(bucket: Bucket, version: Version) {
  const { given } = version.details ?? {};
  return {
    ETag: etagOf(version),
    ...shownId(bucket, version),
    ...(given?.ServerSideEncryption && { ServerSideEncryption: given.ServerSideEncryption }),
    ...(given?.SSEKMSKeyId !== undefined && { SSEKMSKeyId: given.SSEKMSKeyId }),
    ...(given?.SSECustomerAlgorithm !== undefined && { SSECustomerAlgorithm: given.SSECustomerAlgorithm }),
    ...(given?.SSECustomerKeyMD5 !== undefined && { SSECustomerKeyMD5: given.SSECustomerKeyMD5 }),
    ...(given?.ChecksumCRC32 !== undefined && { ChecksumCRC32: given.ChecksumCRC32 }),
  };
}

/** Tags, retention and legal hold each ask for a right of their own. */
export function checkRights(
  input: Pick<
    s3.PutObjectRequest,
    'Key' | 'Tagging' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate' | 'ObjectLockLegalHoldStatus'
  >,
  bucket: Bucket,
  call: Call,
): void {
  const { Key, Tagging, ObjectLockMode, ObjectLockRetainUntilDate, ObjectLockLegalHoldStatus } = input;
  const actions = [
    ...(Tagging === undefined ? [] : ['s3:PutObjectTagging']),
    ...((ObjectLockMode ?? ObjectLockRetainUntilDate) === undefined ? [] : ['s3:PutObjectRetention']),
    ...(ObjectLockLegalHoldStatus === undefined ? [] : ['s3:PutObjectLegalHold']),
  ];
  for (const action of actions) {
    const refused = gate(call.world, call, action)(`${bucket.arn}/${Key}`);
    if (refused) throw refused;
  }
}

/** `If-None-Match: *` writes only where nothing is. */
export function checkNoneMatch(
  { Key = '', IfNoneMatch }: Pick<Input, 'Key' | 'IfNoneMatch'>,
  bucket: Bucket,
): void {
  if (IfNoneMatch === undefined) return;
  if (IfNoneMatch !== '*') {
    const text = 'A header you provided implies functionality that is not implemented';
    throw new AwsError('NotImplemented', `${text}: If-None-Match other than *`, 501, {
      Header: 'If-None-Match',
    });
  }
  const newest = bucket.versions.newest(Key);
  if (!newest || newest.isMarker) return;
  const text = 'At least one of the pre-conditions you specified did not hold';
  throw new AwsError('PreconditionFailed', text, 412, { Condition: 'If-None-Match' });
}
