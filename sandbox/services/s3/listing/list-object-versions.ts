import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import { onKeys } from '../s3-operation.ts';
import { type Bucket, canonicalId } from '../state.ts';
import { from } from '../versions/key-index.ts';
import { serialOf, type Version, versionIdOf } from '../versions/version.ts';
import { described } from './list-objects.ts';
import { echoed, keyWriter, pageSize } from './parameters.ts';
import { page, type Row, rows, type Scope, startAfter } from './rows.ts';

/** All versions and delete markers, by key and from new to old; the page goes on behind a key and a version. */
export const listObjectVersions = onKeys<s3.ListObjectVersionsRequest, s3.ListObjectVersionsOutput>({
  action: 's3:ListBucketVersions',
  context: ({ Prefix, Delimiter, MaxKeys }) => ({
    ...(Prefix !== undefined && { 's3:prefix': [Prefix] }),
    ...(Delimiter !== undefined && { 's3:delimiter': [Delimiter] }),
    ...(MaxKeys !== undefined && { 's3:max-keys': [String(MaxKeys)] }),
  }),
  supports: ['Prefix', 'Delimiter', 'MaxKeys', 'EncodingType', 'KeyMarker', 'VersionIdMarker'],
  run(input, bucket, call) {
    const { KeyMarker = '', VersionIdMarker } = input;
    checkMarkers(input);
    const write = keyWriter(input.EncodingType);
    const scope = { prefix: input.Prefix ?? '', delimiter: input.Delimiter };
    const size = pageSize(input.MaxKeys, 'maxKeys', call.world);
    const { items, more } = page(versionRows(bucket, scope, KeyMarker, VersionIdMarker), size);
    const last = items.at(-1);
    return {
      Name: bucket.name,
      Prefix: write(scope.prefix),
      KeyMarker: write(KeyMarker),
      VersionIdMarker: VersionIdMarker ?? '',
      MaxKeys: size,
      IsTruncated: more,
      ...echoed(input, write),
      ...(more && last && nextMarkers(last, write)),
      ...split(items, bucket, write),
    };
  },
});

function checkMarkers({ KeyMarker, VersionIdMarker }: s3.ListObjectVersionsRequest): void {
  if (VersionIdMarker === undefined) return;
  if (VersionIdMarker === '') {
    throw refuse.invalidArgument('A version-id marker cannot be empty.', 'version-id-marker');
  }
  if (!KeyMarker) {
    throw refuse.invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      VersionIdMarker,
    );
  }
  if (VersionIdMarker !== 'null' && serialOf(VersionIdMarker) === undefined) {
    throw refuse.invalidArgument('Invalid version id specified', 'version-id-marker', VersionIdMarker);
  }
}

function* versionRows(
  bucket: Bucket,
  scope: Scope,
  keyMarker: string,
  versionIdMarker: string | undefined,
): Generator<Row<Version>, void> {
  const start = versionIdMarker === undefined ? startAfter(keyMarker, scope) : from(keyMarker);
  for (const row of rows(bucket.versions.index, scope, start, () => true)) {
    if ('group' in row) {
      yield row;
      continue;
    }
    const resumes = versionIdMarker !== undefined && row.entry.key === keyMarker;
    let version = resumes ? olderThan(row.entry, versionIdMarker) : row.entry;
    for (; version; version = version.older) yield { entry: version };
  }
}

/**
 * The next version of the key behind the marker, which may be deleted meanwhile: serials fall from new to old. A null
 * version that is gone leaves no trace of its place, so its key begins anew rather than losing versions.
 */
function olderThan(newest: Version, versionId: string): Version | undefined {
  const serial = serialOf(versionId);
  let version: Version | undefined = newest;
  if (serial !== undefined) {
    while (version && version.serial >= serial) version = version.older;
    return version;
  }
  while (version && !version.isNull) version = version.older;
  return version ? version.older : newest;
}

function nextMarkers(last: Row<Version>, write: (key: string) => string) {
  if ('group' in last) return { NextKeyMarker: write(last.group) };
  return { NextKeyMarker: write(last.entry.key), NextVersionIdMarker: versionIdOf(last.entry) };
}

function split(items: readonly Row<Version>[], bucket: Bucket, write: (key: string) => string) {
  const Owner = { ID: canonicalId(bucket.owner) };
  const Versions: s3.ObjectVersion[] = [];
  const DeleteMarkers: s3.DeleteMarkerEntry[] = [];
  const CommonPrefixes: s3.CommonPrefix[] = [];
  for (const item of items) {
    if ('group' in item) {
      CommonPrefixes.push({ Prefix: write(item.group) });
      continue;
    }
    const { entry } = item;
    const IsLatest = bucket.versions.newest(entry.key) === entry;
    const shown = { VersionId: versionIdOf(entry), IsLatest, Owner };
    const { Key, LastModified, ...content } = described(entry, write);
    if (entry.isMarker) DeleteMarkers.push({ Key, LastModified, ...shown });
    // ListObjectVersions knows one storage class by name; AWS writes all of them.
    else Versions.push({ Key, LastModified, ...content, ...shown } as s3.ObjectVersion);
  }
  return {
    ...(Versions.length > 0 && { Versions }),
    ...(DeleteMarkers.length > 0 && { DeleteMarkers }),
    ...(CommonPrefixes.length > 0 && { CommonPrefixes }),
  };
}
