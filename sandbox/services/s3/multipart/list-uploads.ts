import type * as s3 from '@aws-sdk/client-s3';
import { echoed, keyWriter, pageSize } from '../listing/parameters.ts';
import { page, type Row, rows, type Scope, startAfter } from '../listing/rows.ts';
import { refuse } from '../refuse.ts';
import { onKeys, onObject } from '../s3-operation.ts';
import { type Bucket, canonicalId, type Upload } from '../state.ts';
import { type Bound, from } from '../versions/key-index.ts';
import { compareKeys } from '../versions/utf8-order.ts';
import { findUpload } from './uploads.ts';

/** Uploads under way, by key and then by when they began. */
export const listMultipartUploads = onKeys<s3.ListMultipartUploadsRequest, s3.ListMultipartUploadsOutput>({
  action: 's3:ListBucketMultipartUploads',
  supports: ['Prefix', 'Delimiter', 'MaxUploads', 'EncodingType', 'KeyMarker', 'UploadIdMarker'],
  run(input, bucket, call) {
    const { KeyMarker = '', UploadIdMarker } = input;
    const write = keyWriter(input.EncodingType);
    const scope = { prefix: input.Prefix ?? '', delimiter: input.Delimiter };
    const size = pageSize(input.MaxUploads, 'max-uploads', call.world);
    const { items, more } = page(uploadRows(bucket, scope, KeyMarker, UploadIdMarker), size);
    const last = items.at(-1);
    return {
      Bucket: bucket.name,
      Prefix: write(scope.prefix),
      KeyMarker: write(KeyMarker),
      UploadIdMarker: UploadIdMarker ?? '',
      MaxUploads: size,
      IsTruncated: more,
      ...echoed(input, write),
      ...(more && last && nextMarkers(last, write)),
      ...split(items, bucket, write),
    };
  },
});

function* uploadRows(
  bucket: Bucket,
  scope: Scope,
  keyMarker: string,
  idMarker: string | undefined,
): Generator<Row<Upload>, void> {
  const sorted = [...bucket.uploads.values()].sort(
    (a, b) => compareKeys(a.key, b.key) || a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1),
  );
  // Both markers together: also the uploads of that key which began later. The key alone: only keys behind it.
  const start: Bound = keyMarker && idMarker ? from(keyMarker) : startAfter(keyMarker, scope);
  const marked = sorted.findIndex(({ id }) => id === idMarker);
  const index = {
    *walk(bound: Bound) {
      yield* sorted.filter(({ key }, at) => !bound(key) && (key !== keyMarker || at > marked));
    },
  };
  yield* rows(index, scope, start, () => true);
}

function nextMarkers(last: Row<Upload>, write: (key: string) => string) {
  if ('group' in last) return { NextKeyMarker: write(last.group) };
  return { NextKeyMarker: write(last.entry.key), NextUploadIdMarker: last.entry.id };
}

function split(items: readonly Row<Upload>[], bucket: Bucket, write: (key: string) => string) {
  const Uploads = items.flatMap((item) => ('group' in item ? [] : [described(item.entry, bucket, write)]));
  const CommonPrefixes = items.flatMap((item) => ('group' in item ? [{ Prefix: write(item.group) }] : []));
  return { ...(Uploads.length > 0 && { Uploads }), ...(CommonPrefixes.length > 0 && { CommonPrefixes }) };
}

function described(upload: Upload, bucket: Bucket, write: (key: string) => string): s3.MultipartUpload {
  return {
    UploadId: upload.id,
    Key: write(upload.key),
    Initiated: new Date(upload.startedAt),
    StorageClass: upload.wish.StorageClass ?? 'STANDARD',
    Owner: { ID: canonicalId(bucket.owner) },
    Initiator: { ID: upload.initiator, DisplayName: upload.initiator.split('/').at(-1) },
  };
}

export const listParts = onObject<s3.ListPartsRequest, s3.ListPartsOutput>({
  action: 's3:ListMultipartUploadParts',
  supports: ['UploadId', 'MaxParts', 'PartNumberMarker'],
  run({ Key, UploadId, MaxParts, PartNumberMarker }, bucket, call) {
    const upload = findUpload(bucket, Key, UploadId);
    const from = Number(PartNumberMarker ?? 0);
    if (!Number.isInteger(from)) {
      const text = 'Provided part-number-marker not an integer or within integer range';
      throw refuse.invalidArgument(text, 'part-number-marker', String(PartNumberMarker));
    }
    const size = pageSize(MaxParts, 'max-parts', call.world);
    const sorted = [...upload.parts.values()].sort((a, b) => a.number - b.number);
    const { items, more } = page(
      sorted.filter(({ number }) => number > from),
      size,
    );
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(from),
      MaxParts: size,
      IsTruncated: more,
      StorageClass: upload.wish.StorageClass ?? 'STANDARD',
      Owner: { ID: canonicalId(bucket.owner) },
      Parts: items.map(({ number, etag, at, size: Size }) => ({
        PartNumber: number,
        ETag: etag,
        LastModified: new Date(at * 1000),
        Size,
      })),
      ...(more && { NextPartNumberMarker: String(items.at(-1)?.number) }),
    };
  },
});
