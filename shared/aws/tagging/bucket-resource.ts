import { S3ControlClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-s3-control';
import { type Aws, verb } from '../access.ts';
import { asList, type Tags, type Target } from './target.ts';

/**
 * Adds tags to a bucket and leaves its others alone. S3 takes this for buckets whose set cannot be put as a whole: those
 * with tags of AWS's own, and those whose tags decide about access (B2.34, B2.35).
 */
export const tagBucket = verb(
  ['s3:TagResource'],
  async (aws: Aws, { arn }: Target, tags: Tags): Promise<string | undefined> => {
    const { account: AccountId } = aws.place;
    const command = new TagResourceCommand({ AccountId, ResourceArn: arn, Tags: asList(tags) });
    return (await aws.send(S3ControlClient, command)).$metadata.requestId;
  },
);

/** Removes tags of such a bucket by their keys. */
export const untagBucket = verb(
  ['s3:UntagResource'],
  async (aws: Aws, { arn }: Target, tags: Tags): Promise<string | undefined> => {
    const { account: AccountId } = aws.place;
    const command = new UntagResourceCommand({ AccountId, ResourceArn: arn, TagKeys: [...tags.keys()] });
    return (await aws.send(S3ControlClient, command)).$metadata.requestId;
  },
);
