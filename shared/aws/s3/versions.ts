import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';
import { decodeKey } from './keys.ts';

/** One version of an object, or a delete marker. */
export interface Version {
  /** Decoded; undefined where the listing is not decodable. */
  readonly key: string | undefined;
  /** As it was listed, for people. */
  readonly listed: string;
  /** `null` (the word) where the bucket was not versioned when it was written (B4.8). */
  readonly id: string;
  readonly isMarker: boolean;
  readonly isLatest: boolean;
  readonly at: Date | undefined;
  readonly size: number;
  readonly storageClass: string;
}

/** Where a listing goes on: behind this version of this key, or behind all versions of it. */
export interface Position {
  readonly key: string;
  readonly version?: string;
}

export interface VersionPage {
  readonly versions: readonly Version[];
  readonly next: Position | undefined;
}

/** At most 1,000 versions and delete markers together, by key and from new to old, from the position on. */
export const versionPage = verb(
  ['s3:ListBucketVersions'],
  async (aws: Aws, bucket: string, from: Position | undefined): Promise<VersionPage> => {
    const answer = await aws.send(
      S3Client,
      new ListObjectVersionsCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        EncodingType: 'url',
        ...(from === undefined ? {} : { KeyMarker: from.key }),
        ...(from?.version === undefined ? {} : { VersionIdMarker: from.version }),
      }),
    );
    return { versions: versionsOf(answer), next: nextOf(answer) };
  },
);

/** The groups of keys that share their beginning up to the next `/`, below a prefix and behind a key. */
export const commonPrefixes = verb(
  ['s3:ListBucketVersions'],
  async (aws: Aws, bucket: string, prefix: string, after: string): Promise<readonly string[]> => {
    const { CommonPrefixes = [] } = await aws.send(
      S3Client,
      new ListObjectVersionsCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        EncodingType: 'url',
        Delimiter: '/',
        Prefix: prefix,
        KeyMarker: after,
      }),
    );
    return CommonPrefixes.flatMap(({ Prefix = '' }) => decodeKey(Prefix) ?? []);
  },
);

function versionsOf({
  Versions = [],
  DeleteMarkers = [],
}: ListObjectVersionsCommandOutput): readonly Version[] {
  return [
    ...Versions.map(({ Key = '', VersionId = 'null', IsLatest, LastModified, Size = 0, StorageClass }) => ({
      key: decodeKey(Key),
      listed: Key,
      id: VersionId,
      isMarker: false,
      isLatest: IsLatest === true,
      at: LastModified,
      size: Size,
      storageClass: StorageClass ?? 'STANDARD',
    })),
    ...DeleteMarkers.map(({ Key = '', VersionId = 'null', IsLatest, LastModified }) => ({
      key: decodeKey(Key),
      listed: Key,
      id: VersionId,
      isMarker: true,
      isLatest: IsLatest === true,
      at: LastModified,
      size: 0,
      storageClass: 'STANDARD',
    })),
  ];
}

/** The markers come url-encoded too; sent back as they came they would name other keys. */
function nextOf(answer: ListObjectVersionsCommandOutput): Position | undefined {
  const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = answer;
  if (IsTruncated !== true) return undefined;
  const key = decodeKey(NextKeyMarker ?? '');
  if (key === undefined || key === '')
    throw new RangeError('S3 lists on behind a key that cannot be decoded');
  return { key, ...(NextVersionIdMarker ? { version: NextVersionIdMarker } : {}) };
}
