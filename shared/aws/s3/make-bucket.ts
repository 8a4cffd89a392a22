import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Tags } from '../../engine/verdict.ts';
import { type Aws, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';

/**
 * Makes an empty bucket in this region, private as AWS makes them, with its tags from the first moment on. One of the
 * account that stands already stays as it is: its tags tell whose it is. Fails where another account has the name.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
 */
export const makeBucket = verb(
  ['s3:CreateBucket', 's3:TagResource'],
  async (aws: Aws, bucket: string, namespace: 'global' | 'account-regional', tags: Tags): Promise<void> => {
    const { region } = aws.place;
    // The list of constraints is that of the regions, as old as the SDK.
    const LocationConstraint = region as BucketLocationConstraint;
    try {
      await aws.send(
        S3Client,
        new CreateBucketCommand({
          Bucket: bucket,
          ...(namespace === 'global' ? {} : { BucketNamespace: namespace }),
          CreateBucketConfiguration: {
            // The oldest region is the one that cannot be named.
            ...(region === 'us-east-1' ? {} : { LocationConstraint }),
            Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.code !== 'BucketAlreadyOwnedByYou') throw error;
    }
  },
);
