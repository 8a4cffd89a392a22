import type * as s3 from '@aws-sdk/client-s3';
import type { Call } from '../../../core/service.ts';
import { refuse } from '../refuse.ts';
import { onKeys } from '../s3-operation.ts';
import { type Bucket, canonicalId } from '../state.ts';
import { etagOf, type Version } from '../versions/version.ts';
import { echoed, keyWriter, pageSize } from './parameters.ts';
import { page, type Row, rows, startAfter } from './rows.ts';

const context = ({ Prefix, Delimiter, MaxKeys }: s3.ListObjectsV2Request) => ({
  ...(Prefix !== undefined && { 's3:prefix': [Prefix] }),
  ...(Delimiter !== undefined && { 's3:delimiter': [Delimiter] }),
  ...(MaxKeys !== undefined && { 's3:max-keys': [String(MaxKeys)] }),
});

const COMMON = ['Prefix', 'Delimiter', 'MaxKeys', 'EncodingType'] as const;

/** The newest versions that are no delete markers, in pages of at most 1,000 with an opaque token. */
export const listObjectsV2 = onKeys<s3.ListObjectsV2Request, s3.ListObjectsV2Output>({
  action: 's3:ListBucket',
  context,
  supports: [...COMMON, 'ContinuationToken', 'StartAfter', 'FetchOwner'],
  run(input, bucket, call) {
    const write = keyWriter(input.EncodingType);
    const { ContinuationToken, StartAfter, FetchOwner = false } = input;
    const marker = ContinuationToken === undefined ? StartAfter : keyIn(ContinuationToken);
    const found = objectsAfter(bucket, input, marker, call);
    const last = found.items.at(-1);
    return {
      Name: bucket.name,
      Prefix: write(input.Prefix ?? ''),
      MaxKeys: found.size,
      KeyCount: found.items.length,
      IsTruncated: found.more,
      ...echoed(input, write),
      ...(StartAfter !== undefined && { StartAfter: write(StartAfter) }),
      ...(ContinuationToken !== undefined && { ContinuationToken }),
      ...(found.more && last && { NextContinuationToken: tokenOf(nameOf(last)) }),
      ...split(found.items, bucket, write, FetchOwner),
    };
  },
});

/** The older listing: its marker is a key, and it names the next one only where a delimiter is used. */
export const listObjects = onKeys<s3.ListObjectsRequest, s3.ListObjectsOutput>({
  action: 's3:ListBucket',
  context,
  supports: [...COMMON, 'Marker'],
  run(input, bucket, call) {
    const write = keyWriter(input.EncodingType);
    const found = objectsAfter(bucket, input, input.Marker, call);
    const last = found.items.at(-1);
    return {
      Name: bucket.name,
      Prefix: write(input.Prefix ?? ''),
      Marker: write(input.Marker ?? ''),
      MaxKeys: found.size,
      IsTruncated: found.more,
      ...echoed(input, write),
      ...(found.more && input.Delimiter && last && { NextMarker: write(nameOf(last)) }),
      ...split(found.items, bucket, write, true),
    };
  },
});

function objectsAfter(
  bucket: Bucket,
  input: s3.ListObjectsV2Request,
  marker: string | undefined,
  { world }: Call,
) {
  const scope = { prefix: input.Prefix ?? '', delimiter: input.Delimiter };
  const size = pageSize(input.MaxKeys, 'maxKeys', world);
  const all = rows(bucket.versions.index, scope, startAfter(marker, scope), ({ isMarker }) => !isMarker);
  return { ...page(all, size), size };
}

function split(
  items: readonly Row<Version>[],
  bucket: Bucket,
  write: (key: string) => string,
  owner: boolean,
) {
  const Owner = { ID: canonicalId(bucket.owner) };
  const Contents: s3._Object[] = [];
  const CommonPrefixes: s3.CommonPrefix[] = [];
  for (const item of items) {
    if ('group' in item) CommonPrefixes.push({ Prefix: write(item.group) });
    else Contents.push({ ...described(item.entry, write), ...(owner && { Owner }) });
  }
  return {
    ...(Contents.length > 0 && { Contents }),
    ...(CommonPrefixes.length > 0 && { CommonPrefixes }),
  };
}

/** An object as both listings and, with its version id, ListObjectVersions show it. */
export function described(version: Version, write: (key: string) => string) {
  return {
    Key: write(version.key),
    LastModified: new Date(version.at * 1000),
    ETag: etagOf(version),
    Size: version.size,
    StorageClass: version.storageClass,
  };
}

const nameOf = (row: Row<Version>) => ('group' in row ? row.group : row.entry.key);
const tokenOf = (key: string) => Buffer.from(`1${key}`).toString('base64');

function keyIn(token: string): string {
  const key = Buffer.from(token, 'base64').toString();
  if (key.startsWith('1') && tokenOf(key.slice(1)) === token) return key.slice(1);
  throw refuse.invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
