import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-s3-control';
import { type Aws, verb } from '../access.ts';
import { asList, type Tags } from '../tagging/target.ts';
import { AccountS3Client } from './control-client.ts';

/**
 * Writes these tags on a bucket; others stay, also those that somebody writes at this very moment, which putting the
 * whole set would lose. https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html
 */
export const tagBucket = verb(
  ['s3:TagResource'],
  async (aws: Aws, name: string, tags: Tags): Promise<string | undefined> => {
    const command = new TagResourceCommand({ ...called(aws, name), Tags: asList(tags) });
    return (await aws.send(AccountS3Client, command)).$metadata.requestId;
  },
);

/** Takes the tags with these keys off a bucket, whatever their values; others stay. */
export const untagBucket = verb(
  ['s3:UntagResource'],
  async (aws: Aws, name: string, keys: readonly string[]): Promise<string | undefined> => {
    const command = new UntagResourceCommand({ ...called(aws, name), TagKeys: [...keys] });
    return (await aws.send(AccountS3Client, command)).$metadata.requestId;
  },
);

function called({ place: { partition, account } }: Aws, name: string) {
  return { AccountId: account, ResourceArn: `arn:${partition}:s3:::${name}` };
}
