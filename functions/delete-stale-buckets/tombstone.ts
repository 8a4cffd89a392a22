import { type Aws, verb } from '../../shared/aws/access.ts';
import { formatArn } from '../../shared/aws/arn.ts';
import { putBucketPolicy } from '../../shared/aws/s3/policy.ts';

/** Shuts an empty bucket for everybody's objects; its settings stay within reach of the account (B4.46). */
export const shutBucket = verb(
  putBucketPolicy.rights,
  async (aws: Aws, bucket: string): Promise<string | undefined> => {
    const { partition } = aws.place;
    const arn = formatArn({ partition, service: 's3', region: '', account: '', resource: bucket });
    const Statement = [
      {
        Sid: 'ReeveTombstone',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: `${arn}/*`,
      },
    ];
    return putBucketPolicy(aws, bucket, JSON.stringify({ Version: '2012-10-17', Statement }));
  },
);
