import { DeleteBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';

/** Puts a bucket policy in the place of whatever there was. */
export const putBucketPolicy = verb(
  ['s3:PutBucketPolicy'],
  async (aws: Aws, bucket: string, policy: string): Promise<string | undefined> => {
    const command = new PutBucketPolicyCommand({
      Bucket: bucket,
      ExpectedBucketOwner: aws.place.account,
      Policy: policy,
    });
    return (await aws.send(S3Client, command)).$metadata.requestId;
  },
);

/** Takes the bucket policy away. */
export const removeBucketPolicy = verb(
  ['s3:DeleteBucketPolicy'],
  async (aws: Aws, bucket: string): Promise<string | undefined> => {
    const command = new DeleteBucketPolicyCommand({ Bucket: bucket, ExpectedBucketOwner: aws.place.account });
    return (await aws.send(S3Client, command)).$metadata.requestId;
  },
);
