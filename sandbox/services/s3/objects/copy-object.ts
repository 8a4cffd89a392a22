import type * as s3 from '@aws-sdk/client-s3';
import type { Call } from '../../../core/service.ts';
import { gate } from '../../../iam/authorize.ts';
import { resourcePolicyOf } from '../../../iam/resource-policies.ts';
import { notify } from '../notifications/notify.ts';
import { refuse } from '../refuse.ts';
import { onObject } from '../s3-operation.ts';
import { type Bucket, bucketNamed } from '../state.ts';
import { etagOf, type Version, versionIdOf } from '../versions/version.ts';
import { checkNotArchived, checkReadable, encryptionOf } from './encryption.ts';
import { findVersion } from './find-version.ts';
import { checkRights, written } from './put-object.ts';
import { type Wish, WRITABLE, writeObject } from './write-object.ts';

const MOST_BYTES = 5 * 1024 ** 3;

export const copyObject = onObject<s3.CopyObjectRequest, s3.CopyObjectOutput>({
  action: 's3:PutObject',
  supports: [
    ...WRITABLE,
    'CopySource',
    'MetadataDirective',
    'TaggingDirective',
    'CopySourceSSECustomerAlgorithm',
    'CopySourceSSECustomerKey',
    'CopySourceSSECustomerKeyMD5',
    'ExpectedSourceBucketOwner',
  ],
  run(input, bucket, call) {
    checkRights(input, bucket, call);
    const { home, source } = sourceOf(input, call);
    checkReadable(call.world, source, {
      SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
      SSECustomerKey: input.CopySourceSSECustomerKey,
      SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
    });
    checkNotArchived(source, call.now);
    if (source.size > MOST_BYTES) {
      throw refuse.invalidRequest(
        'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
      );
    }
    if (home === bucket && source.key === input.Key && changesNothing(input)) {
      throw refuse.invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    if (input.TaggingDirective !== 'REPLACE') checkTagRights(input, home, source, bucket, call);
    const { body } = source.details ?? {};
    const wish = wishOf(input, source);
    const content = { size: source.size, etag: etagFor(wish, source, bucket, call), ...(body && { body }) };
    const version = writeObject(call, bucket, wish, content);
    notify(call, bucket, [{ name: 'ObjectCreated:Copy', version }]);
    const { ETag, ...rest } = written(bucket, version);
    const { ChecksumCRC32, ChecksumSHA1, ChecksumSHA256 } = version.details?.given ?? {};
    const sums = { ChecksumCRC32, ChecksumSHA1, ChecksumSHA256 };
    return {
      ...rest,
      ...(home.versioning && { CopySourceVersionId: versionIdOf(source) }),
      CopyObjectResult: { ...sums, ETag, LastModified: new Date(version.at * 1000) },
    };
  },
});

/** The source as `bucket/key` or `bucket/key?versionId=…`, percent-encoded; reading it is a right of its own. */
function sourceOf(
  input: s3.CopyObjectRequest,
  call: Call,
): { readonly home: Bucket; readonly source: Version } {
  const [path = '', versionId] = (input.CopySource ?? '').split('?versionId=');
  const [, name = '', written = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (!name) {
    throw refuse.invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
    );
  }
  const home = bucketNamed(call.world, call.partition, name);
  const expected = input.ExpectedSourceBucketOwner;
  const stranger = home.owner !== call.principal.account && !resourcePolicyOf(call.world, home.arn);
  if (stranger || (expected !== undefined && expected !== home.owner)) throw refuse.accessDenied();
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  const refused = gate(call.world, call, action)(`${home.arn}/${written}`);
  if (refused) throw refused;
  return { home, source: findVersion(call, home, written, versionId) };
}

/** Tags that go along are read and written with rights of their own. */
function checkTagRights(
  { Key }: s3.CopyObjectRequest,
  home: Bucket,
  source: Version,
  bucket: Bucket,
  call: Call,
): void {
  if (!source.details?.tags?.length) return;
  const refused =
    gate(call.world, call, 's3:GetObjectTagging')(`${home.arn}/${source.key}`) ??
    gate(call.world, call, 's3:PutObjectTagging')(`${bucket.arn}/${Key}`);
  if (refused) throw refused;
}

/** The MD5 of the content, unless there were parts or a KMS key is in play on either side. */
function etagFor(wish: Wish, source: Version, bucket: Bucket, call: Call): string {
  const kms = [encryptionOf(bucket, wish).told, source.details?.given].some((each) =>
    each?.ServerSideEncryption?.startsWith('aws:kms'),
  );
  const parts = (source.details?.parts?.length ?? 0) > 0;
  return kms || parts ? `"${call.world.random.hex(32)}"` : etagOf(source);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse.invalidArgument('The copy source is not well encoded', 'x-amz-copy-source', path);
  }
}

function changesNothing(input: s3.CopyObjectRequest): boolean {
  const { MetadataDirective, StorageClass, WebsiteRedirectLocation, ServerSideEncryption, SSECustomerKey } =
    input;
  const changes = [StorageClass, WebsiteRedirectLocation, ServerSideEncryption, SSECustomerKey];
  return MetadataDirective !== 'REPLACE' && changes.every((each) => each === undefined);
}

/** Metadata and tags are the source's unless they are to be replaced. */
function wishOf(input: s3.CopyObjectRequest, { details }: Version): Wish {
  const { ServerSideEncryption: _, SSEKMSKeyId: __, SSECustomerKeyMD5: ___, ...given } = details?.given ?? {};
  const tags = new URLSearchParams();
  for (const { Key = '', Value = '' } of details?.tags ?? []) tags.append(Key, Value);
  return {
    ...(input.MetadataDirective === 'REPLACE' ? {} : given),
    ...input,
    ...(input.TaggingDirective !== 'REPLACE' && { Tagging: tags.toString() }),
  };
}
