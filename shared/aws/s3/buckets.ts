import { type Bucket, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';

/** All buckets of the account, each with its region: a filter or a page size makes S3 tell it (B4.41, B4.42). */
export const bucketsEverywhere = verb(
  ['s3:ListAllMyBuckets'],
  (aws: Aws): AsyncIterable<readonly Bucket[]> =>
    pages(async (token) => {
      const command = new ListBucketsCommand({
        MaxBuckets: 1000,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const { Buckets: items = [], ContinuationToken: next } = await aws.send(S3Client, command);
      return { items, next };
    }),
);

/** The account's bucket of this name with its region and age, whatever its region; undefined when it is not ours. */
export const bucketNamed = verb(
  ['s3:ListAllMyBuckets'],
  async (aws: Aws, name: string): Promise<Bucket | undefined> => {
    // Names that begin with another come behind it.
    const command = new ListBucketsCommand({ Prefix: name, MaxBuckets: 1 });
    const { Buckets: buckets = [] } = await aws.send(S3Client, command);
    return buckets.find(({ Name }) => Name === name);
  },
);
