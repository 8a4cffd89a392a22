import {
  type Bucket,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-s3-control';
import { type Aws, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';
import { pages } from '../pages.ts';
import { AccountS3Client } from '../s3/control-client.ts';
import { asList, type Tags, tagsFrom } from './target.ts';

/** The account's buckets in this region; S3 itself lists those of all regions alike. */
export const listBuckets = verb(
  ['s3:ListAllMyBuckets'],
  (aws: Aws): AsyncIterable<readonly Bucket[]> =>
    pages(async (token) => {
      const command = new ListBucketsCommand({
        MaxBuckets: 1000,
        BucketRegion: aws.place.region,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const { Buckets: items = [], ContinuationToken: next } = await aws.send(S3Client, command);
      return { items, next };
    }),
);

/** All tags of a bucket; none where S3 says that there is no set of them (B2.33). */
export const bucketTags = verb(['s3:GetBucketTagging'], async (aws: Aws, name: string): Promise<Tags> => {
  try {
    const command = new GetBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner: aws.place.account });
    return tagsFrom((await aws.send(S3Client, command)).TagSet);
  } catch (error) {
    if (error instanceof AwsFailure && error.code === 'NoSuchTagSet') return new Map();
    throw error;
  }
});

/**
 * Puts the whole set of a bucket's tags: what is not in it is gone, also what somebody else wrote since it was read. Read
 * it just before, or use `tagBucket`, which names only what changes (B2.33).
 */
export const putBucketTags = verb(
  ['s3:PutBucketTagging'],
  async (aws: Aws, name: string, tags: Tags): Promise<string | undefined> => {
    const command = new PutBucketTaggingCommand({
      Bucket: name,
      ExpectedBucketOwner: aws.place.account,
      Tagging: { TagSet: asList(tags) },
    });
    return (await aws.send(S3Client, command)).$metadata.requestId;
  },
);

/**
 * Writes these tags on a bucket and no others; also where access goes by tags (ABAC) or AWS has tags of its own there.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html
 */
export const tagBucket = verb(
  ['s3:TagResource'],
  async (aws: Aws, arn: string, tags: Tags): Promise<string | undefined> => {
    const { account: AccountId } = aws.place;
    const command = new TagResourceCommand({ AccountId, ResourceArn: arn, Tags: asList(tags) });
    return (await aws.send(AccountS3Client, command)).$metadata.requestId;
  },
);

/** Removes tags from a bucket by key, whatever their value: whoever calls has just looked at it. */
export const untagBucket = verb(
  ['s3:UntagResource'],
  async (aws: Aws, arn: string, keys: readonly string[]): Promise<string | undefined> => {
    const { account: AccountId } = aws.place;
    const command = new UntagResourceCommand({ AccountId, ResourceArn: arn, TagKeys: [...keys] });
    return (await aws.send(AccountS3Client, command)).$metadata.requestId;
  },
);
