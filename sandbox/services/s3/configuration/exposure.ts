import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { found, removes } from './stored.ts';

export const getBucketWebsite = onBucket<s3.GetBucketWebsiteRequest, s3.GetBucketWebsiteOutput>({
  action: 's3:GetBucketWebsite',
  run: (_input, bucket) =>
    found(
      bucket,
      'website',
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),
});

export const putBucketWebsite = onBucket<s3.PutBucketWebsiteRequest, object>({
  action: 's3:PutBucketWebsite',
  supports: ['WebsiteConfiguration'],
  run({ WebsiteConfiguration: wished }, { configurations }) {
    const redirects = wished?.RedirectAllRequestsTo !== undefined;
    if (!wished || redirects === (wished.IndexDocument !== undefined)) throw refuse.malformedXml();
    configurations.website = wished;
    return {};
  },
  trail: ({ WebsiteConfiguration }) => ({ website: '', WebsiteConfiguration }),
});

export const deleteBucketWebsite = removes('s3:DeleteBucketWebsite', 'website', 'website');

export const getBucketCors = onBucket<s3.GetBucketCorsRequest, s3.GetBucketCorsOutput>({
  action: 's3:GetBucketCORS',
  run: (_input, bucket) =>
    found(bucket, 'cors', 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
});

export const putBucketCors = onBucket<s3.PutBucketCorsRequest, object>({
  action: 's3:PutBucketCORS',
  supports: ['CORSConfiguration'],
  run({ CORSConfiguration: wished }, { configurations }) {
    const rules = wished?.CORSRules ?? [];
    if (!wished || rules.length === 0 || rules.length > 100) throw refuse.malformedXml();
    configurations.cors = wished;
    return {};
  },
  trail: ({ CORSConfiguration }) => ({ cors: '', CORSConfiguration }),
});

export const deleteBucketCors = removes('s3:PutBucketCORS', 'cors', 'cors');

export const getPublicAccessBlock = onBucket<s3.GetPublicAccessBlockRequest, s3.GetPublicAccessBlockOutput>({
  action: 's3:GetBucketPublicAccessBlock',
  run: (_input, bucket) => ({
    PublicAccessBlockConfiguration: found(
      bucket,
      'publicAccess',
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
    ),
  }),
});

export const putPublicAccessBlock = onBucket<s3.PutPublicAccessBlockRequest, object>({
  action: 's3:PutBucketPublicAccessBlock',
  supports: ['PublicAccessBlockConfiguration'],
  run({ PublicAccessBlockConfiguration: wished = {} }, { configurations }) {
    const off = { BlockPublicAcls: false, IgnorePublicAcls: false };
    configurations.publicAccess = {
      ...off,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
      ...wished,
    };
    return {};
  },
  eventName: 'PutBucketPublicAccessBlock',
  trail: ({ PublicAccessBlockConfiguration }) => ({ publicAccessBlock: '', PublicAccessBlockConfiguration }),
});

export const deletePublicAccessBlock = removes(
  's3:PutBucketPublicAccessBlock',
  'publicAccess',
  'publicAccessBlock',
  'DeleteBucketPublicAccessBlock',
);
