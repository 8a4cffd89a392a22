import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';

/** Makes an empty bucket in this region, private as AWS makes them; fails where anybody has the name. */
export const makeBucket = verb(
  ['s3:CreateBucket'],
  async (aws: Aws, bucket: string, namespace: 'global' | 'account-regional'): Promise<void> => {
    const { region } = aws.place;
    // The list of constraints is that of the regions, as old as the SDK.
    const LocationConstraint = region as BucketLocationConstraint;
    await aws.send(
      S3Client,
      new CreateBucketCommand({
        Bucket: bucket,
        ...(namespace === 'global' ? {} : { BucketNamespace: namespace }),
        // The oldest region is the one that cannot be named.
        ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
      }),
    );
  },
);
