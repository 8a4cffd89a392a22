import { createHash } from 'node:crypto';
import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notify } from '../notifications/notify.ts';
import { shownId } from '../objects/find-version.ts';
import { checkNoneMatch, checkRights, written } from '../objects/put-object.ts';
import { detailsOf, md5Etag, WRITABLE, writeObject } from '../objects/write-object.ts';
import { refuse } from '../refuse.ts';
import { hostOf, onObject } from '../s3-operation.ts';
import type { Bucket, Part, Upload } from '../state.ts';

const SMALLEST = 5 * 1024 ** 2;

/** Opens an upload: it takes room until it is completed or aborted, and no listing of objects shows it. */
export const createMultipartUpload = onObject<
  s3.CreateMultipartUploadRequest,
  s3.CreateMultipartUploadOutput
>({
  action: 's3:PutObject',
  supports: [...WRITABLE],
  run(input, bucket, call) {
    checkRights(input, bucket, call);
    detailsOf(call, bucket, input);
    const { Key: key = '' } = input;
    const id = call.world.random.hex(64);
    const startedAt = Math.floor(call.now.getTime() / 1000) * 1000;
    bucket.uploads.set(id, {
      id,
      key,
      startedAt,
      initiator: call.principal.arn,
      wish: input,
      parts: new Map(),
    });
    return { Bucket: bucket.name, Key: key, UploadId: id };
  },
});

type PartInput = Omit<s3.UploadPartRequest, 'Body'> & { readonly Body?: Uint8Array };

export const uploadPart = onObject<PartInput, s3.UploadPartOutput>({
  action: 's3:PutObject',
  supports: ['Body', 'ContentLength', 'PartNumber', 'UploadId'],
  run({ Key, UploadId, PartNumber: number = 0, Body: body = new Uint8Array(), ChecksumCRC32 }, bucket, call) {
    const upload = findUpload(bucket, Key, UploadId);
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      const text = 'Part number must be an integer between 1 and 10000, inclusive';
      throw refuse.invalidArgument(text, 'partNumber', String(number));
    }
    const etag = md5Etag(body);
    const at = Math.floor(call.now.getTime() / 1000);
    upload.parts.set(number, { number, etag, at, size: body.byteLength, body });
    return { ETag: etag, ServerSideEncryption: 'AES256', ...(ChecksumCRC32 && { ChecksumCRC32 }) };
  },
});

/** Makes one object of the named parts, which have to be there, in order and, except the last, 5 MiB or more. */
export const completeMultipartUpload = onObject<
  s3.CompleteMultipartUploadRequest,
  s3.CompleteMultipartUploadOutput
>({
  action: 's3:PutObject',
  supports: ['UploadId', 'MultipartUpload', 'IfNoneMatch'],
  run(input, bucket, call) {
    const upload = findUpload(bucket, input.Key, input.UploadId);
    const parts = chosenParts(upload, input.MultipartUpload?.Parts);
    checkNoneMatch(input, bucket);
    const bodies = parts.flatMap(({ body }) => body ?? []);
    const version = writeObject(call, bucket, upload.wish, {
      size: parts.reduce((sum, { size }) => sum + size, 0),
      etag: etagOfParts(parts),
      ...(bodies.length === parts.length && { body: Buffer.concat(bodies) }),
      parts: parts.map(({ size }) => size),
    });
    bucket.uploads.delete(upload.id);
    notify(call, bucket, [{ name: 'ObjectCreated:CompleteMultipartUpload', version }]);
    return {
      ...written(bucket, version),
      ...shownId(bucket, version),
      Bucket: bucket.name,
      Key: upload.key,
      Location: `https://${bucket.name}.${hostOf(bucket)}/${encodeURIComponent(upload.key)}`,
    };
  },
});

export const abortMultipartUpload = onObject<s3.AbortMultipartUploadRequest, object>({
  action: 's3:AbortMultipartUpload',
  supports: ['UploadId'],
  run({ Key, UploadId }, bucket) {
    bucket.uploads.delete(findUpload(bucket, Key, UploadId).id);
    return {};
  },
});

export function findUpload(bucket: Bucket, key = '', id = ''): Upload {
  const upload = bucket.uploads.get(id);
  if (upload?.key === key) return upload;
  throw refuse.noSuchUpload(id);
}

function chosenParts({ parts }: Upload, chosen: readonly s3.CompletedPart[] = []): readonly Part[] {
  if (chosen.length === 0) throw refuse.malformedXml();
  const numbers = chosen.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  return chosen.map(({ PartNumber = 0, ETag = '' }, index) => {
    const part = parts.get(PartNumber);
    if (part?.etag !== `"${ETag.replaceAll('"', '')}"`) {
      throw new AwsError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part’s entity tag.',
      );
    }
    if (part.size < SMALLEST && index < chosen.length - 1) {
      const text = 'Your proposed upload is smaller than the minimum allowed size';
      throw new AwsError('EntityTooSmall', text, 400, { ProposedSize: part.size, MinSizeAllowed: SMALLEST });
    }
    return part;
  });
}

function etagOfParts(parts: readonly Part[]): string {
  const digests = parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`;
}
