import { DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, S3Client } from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';

/** A version that is to go for good. */
export interface Doomed {
  readonly key: string;
  readonly id: string;
}

/** What S3 did not delete, and why: an answer of 200 may hold nothing but these (B4.34). */
export interface NotDeleted extends Doomed {
  readonly code: string;
  readonly message: string;
}

export interface Deletion {
  readonly errors: readonly NotDeleted[];
  /** The call had to be repeated: S3 is under pressure. */
  readonly strained: boolean;
}

/** Deletes up to 1,000 versions for good; the answer tells only what was not deleted (B4.35). */
export const deleteVersions = verb(
  ['s3:DeleteObjectVersion'],
  async (aws: Aws, bucket: string, doomed: readonly Doomed[]): Promise<Deletion> => {
    const { Errors = [], $metadata } = await aws.send(
      S3Client,
      new DeleteObjectsCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        Delete: { Objects: doomed.map(({ key, id }) => ({ Key: key, VersionId: id })), Quiet: true },
      }),
    );
    const errors = Errors.map(({ Key = '', VersionId = 'null', Code = 'Unknown', Message = '' }) => ({
      key: Key,
      id: VersionId,
      code: Code,
      message: Message,
    }));
    return { errors, strained: ($metadata.attempts ?? 1) > 1 };
  },
);

/** Deletes one version by a call of its own, for keys that no XML can carry (B4.27). */
export const deleteVersion = verb(
  ['s3:DeleteObjectVersion'],
  async (aws: Aws, bucket: string, { key, id }: Doomed): Promise<void> => {
    await aws.send(
      S3Client,
      new DeleteObjectCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
        Key: key,
        VersionId: id,
      }),
    );
  },
);

/** Deletes an empty bucket; its request id is for the journal. */
export const deleteBucket = verb(
  ['s3:DeleteBucket'],
  async (aws: Aws, bucket: string): Promise<string | undefined> => {
    const command = new DeleteBucketCommand({ Bucket: bucket, ExpectedBucketOwner: aws.place.account });
    return (await aws.send(S3Client, command)).$metadata.requestId;
  },
);
