import {
  CopyObjectCommand,
  type CopyObjectResult,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';
import { decodeKey } from './keys.ts';
import type { StorageClass } from './storage-classes.ts';

/** An object as listings show it: the newest version of a key, unless that is a delete marker. */
export interface Listed {
  /** Undefined where the listing is not decodable. */
  readonly key: string | undefined;
  readonly at: Date | undefined;
  readonly size: number;
  /** In its quotes. */
  readonly etag: string;
  readonly storageClass: string;
}

export interface ObjectPage {
  readonly objects: readonly Listed[];
  /** Where the next page begins. */
  readonly next: string | undefined;
}

/** Where to list: below a prefix, behind a key, at most so many (1,000 without). */
export interface Listing {
  readonly prefix?: string;
  readonly after?: string | undefined;
  readonly most?: number;
}

/** At most 1,000 objects, by key in the order of UTF-8. */
export const objectPage = verb(
  ['s3:ListBucket'],
  async (aws: Aws, bucket: string, { prefix, after, most }: Listing, token?: string): Promise<ObjectPage> => {
    const answer = await aws.send(
      S3Client,
      new ListObjectsV2Command({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        EncodingType: 'url',
        ...(prefix === undefined ? {} : { Prefix: prefix }),
        ...(after === undefined ? {} : { StartAfter: after }),
        ...(most === undefined ? {} : { MaxKeys: most }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    const { Contents = [], IsTruncated, NextContinuationToken } = answer;
    const objects = Contents.map(({ Key = '', LastModified, Size = 0, ETag = '', StorageClass }) => ({
      key: decodeKey(Key),
      at: LastModified,
      size: Size,
      etag: ETag,
      storageClass: StorageClass ?? 'STANDARD',
    }));
    return { objects, next: IsTruncated === true ? NextContinuationToken : undefined };
  },
);

/** One object of one bucket, and whose access reaches it. */
export interface Spot {
  readonly bucket: string;
  readonly key: string;
}

/** S3's checksums of an object, by algorithm; only those that the object has. */
export type Checksums = ReadonlyMap<string, string>;

export interface Copied {
  readonly etag: string;
  readonly checksums: Checksums;
}

/**
 * Copies an object of at most 5 GB inside S3, with its metadata and tags; its ACL and its storage class are not copied.
 * `aws` is the destination's region; both buckets are the account's. A copy that is there already is replaced.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export const copyObject = verb(
  ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'],
  async (aws: Aws, from: Spot, to: Spot, storageClass: StorageClass): Promise<Copied> => {
    const { CopyObjectResult: result = {} } = await aws.send(
      S3Client,
      new CopyObjectCommand({
        Bucket: to.bucket,
        Key: to.key,
        CopySource: `${from.bucket}/${from.key.split('/').map(encodeURIComponent).join('/')}`,
        StorageClass: storageClass,
        ExpectedBucketOwner: aws.place.account,
        ExpectedSourceBucketOwner: aws.place.account,
      }),
    );
    return { etag: result.ETag ?? '', checksums: checksumsOf(result) };
  },
);

/** The checksums that S3 keeps of an object. */
export const objectChecksums = verb(
  ['s3:GetObject'],
  async (aws: Aws, { bucket, key }: Spot): Promise<Checksums> =>
    checksumsOf(
      await aws.send(
        S3Client,
        new HeadObjectCommand({
          Bucket: bucket,
          Key: key,
          ChecksumMode: 'ENABLED',
          ExpectedBucketOwner: aws.place.account,
        }),
      ),
    ),
);

const ALGORITHMS = [
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
] as const satisfies readonly (keyof CopyObjectResult)[];

/** A checksum of the parts' checksums (`…-3`) changes with the parts, so it is left out. */
function checksumsOf(
  told: Readonly<Partial<Record<(typeof ALGORITHMS)[number], string | undefined>>>,
): Checksums {
  return new Map(
    ALGORITHMS.flatMap((name): [string, string][] => {
      const sum = told[name];
      return sum === undefined || sum.includes('-') ? [] : [[name, sum]];
    }),
  );
}

/**
 * Asks for the content of an archived object, which S3 then brings within 12 hours (GLACIER) or 48 (DEEP_ARCHIVE) at
 * its lowest price; asking twice is no mistake.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
export const fetchArchived = verb(
  ['s3:RestoreObject'],
  async (aws: Aws, { bucket, key }: Spot, days: number): Promise<void> => {
    try {
      await aws.send(
        S3Client,
        new RestoreObjectCommand({
          Bucket: bucket,
          Key: key,
          RestoreRequest: { Days: days, GlacierJobParameters: { Tier: 'Bulk' } },
          ExpectedBucketOwner: aws.place.account,
        }),
      );
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.code !== 'RestoreAlreadyInProgress') throw error;
    }
  },
);

/** Writes a small text as an object; what was there is replaced. */
export const putText = verb(
  ['s3:PutObject'],
  async (aws: Aws, { bucket, key }: Spot, text: string): Promise<void> => {
    await aws.send(
      S3Client,
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: text,
        ContentType: 'application/json',
        ExpectedBucketOwner: aws.place.account,
      }),
    );
  },
);

/** A small text object; undefined where there is none. Without the right to list, S3 says that it is denied instead. */
export const readText = verb(
  ['s3:GetObject', 's3:ListBucket'],
  async (aws: Aws, { bucket, key }: Spot): Promise<string | undefined> => {
    try {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ExpectedBucketOwner: aws.place.account,
      });
      return await (await aws.send(S3Client, command)).Body?.transformToString();
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'NoSuchKey') return undefined;
      throw error;
    }
  },
);
