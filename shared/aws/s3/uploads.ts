import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';
import { decodeKey } from './keys.ts';

/** A multipart upload that was begun and neither completed nor aborted: billed, and in no listing of objects (B4.10). */
export interface Upload {
  readonly key: string | undefined;
  readonly listed: string;
  readonly id: string;
  readonly at: Date | undefined;
}

export interface UploadPosition {
  readonly key: string;
  readonly id: string;
}

/** At most 1,000 unfinished uploads from the position on. */
export const uploadPage = verb(
  ['s3:ListBucketMultipartUploads'],
  async (
    aws: Aws,
    bucket: string,
    from: UploadPosition | undefined,
  ): Promise<{ readonly uploads: readonly Upload[]; readonly next: UploadPosition | undefined }> => {
    const {
      Uploads = [],
      IsTruncated,
      NextKeyMarker,
      NextUploadIdMarker,
    } = await aws.send(
      S3Client,
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        EncodingType: 'url',
        ...(from === undefined ? {} : { KeyMarker: from.key, UploadIdMarker: from.id }),
      }),
    );
    const uploads = Uploads.map(({ Key = '', UploadId = '', Initiated }) => ({
      key: decodeKey(Key),
      listed: Key,
      id: UploadId,
      at: Initiated,
    }));
    if (IsTruncated !== true) return { uploads, next: undefined };
    const key = decodeKey(NextKeyMarker ?? '');
    if (key === undefined) throw new RangeError('S3 lists on behind a key that cannot be decoded');
    return { uploads, next: { key, id: NextUploadIdMarker ?? '' } };
  },
);

/** Ends an upload and drops its parts; one that is gone already is as wanted. */
export const abortUpload = verb(
  ['s3:AbortMultipartUpload'],
  async (aws: Aws, bucket: string, key: string, id: string): Promise<void> => {
    await aws.send(
      S3Client,
      new AbortMultipartUploadCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        Key: key,
        UploadId: id,
      }),
    );
  },
);
