import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { type Bucket, bucketsOf, type Configurations } from '../state.ts';

/** Subresources that are kept as they are put and given back as they are kept. */

const missing = (code: string, message: string, { name }: Bucket) =>
  new AwsError(code, message, 404, { BucketName: name });

function found<K extends keyof Configurations>(
  bucket: Bucket,
  name: K,
  code: string,
  message: string,
): NonNullable<Configurations[K]> {
  const held = bucket.configurations[name];
  if (held === undefined) throw missing(code, message, bucket);
  return held;
}

/** Takes a subresource away; doing it twice is no mistake. */
function removes(action: string, name: keyof Configurations, query: string, eventName?: string) {
  return onBucket<s3.DeleteBucketWebsiteRequest, object>({
    action,
    ...(eventName !== undefined && { eventName }),
    run(_input, { configurations }) {
      delete configurations[name];
      return {};
    },
    trail: () => ({ [query]: '' }),
  });
}

export const getBucketReplication = onBucket<s3.GetBucketReplicationRequest, s3.GetBucketReplicationOutput>({
  action: 's3:GetReplicationConfiguration',
  run: (_input, bucket) => ({
    ReplicationConfiguration: found(
      bucket,
      'replication',
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),
  }),
});

export const putBucketReplication = onBucket<s3.PutBucketReplicationRequest, object>({
  action: 's3:PutReplicationConfiguration',
  supports: ['ReplicationConfiguration', 'Token'],
  run({ ReplicationConfiguration: wished }, bucket, call) {
    if (!wished?.Role || !wished.Rules?.length) throw refuse.malformedXml();
    if (bucket.versioning !== 'Enabled') {
      throw refuse.invalidRequest(
        "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
      );
    }
    for (const { Destination } of wished.Rules) {
      const target = bucketsOf(call.world, call.partition).get(Destination?.Bucket?.split(':::')[1] ?? '');
      if (!target) throw refuse.invalidRequest('Destination bucket must exist.');
      if (target.versioning !== 'Enabled') {
        throw refuse.invalidRequest('Destination bucket must have versioning enabled.');
      }
    }
    bucket.configurations.replication = wished;
    return {};
  },
  trail: ({ ReplicationConfiguration }) => ({ replication: '', ReplicationConfiguration }),
});

export const deleteBucketReplication = removes(
  's3:PutReplicationConfiguration',
  'replication',
  'replication',
);

export const getBucketLogging = onBucket<s3.GetBucketLoggingRequest, s3.GetBucketLoggingOutput>({
  action: 's3:GetBucketLogging',
  run: (_input, { configurations: { logging } }) => (logging ? { LoggingEnabled: logging } : {}),
});

export const putBucketLogging = onBucket<s3.PutBucketLoggingRequest, object>({
  action: 's3:PutBucketLogging',
  supports: ['BucketLoggingStatus'],
  run({ BucketLoggingStatus }, bucket, call) {
    const wished = BucketLoggingStatus?.LoggingEnabled;
    if (!wished) {
      delete bucket.configurations.logging;
      return {};
    }
    const target = bucketsOf(call.world, call.partition).get(wished.TargetBucket ?? '');
    if (!target) {
      throw new AwsError('InvalidTargetBucketForLogging', 'The target bucket for logging does not exist');
    }
    if (target.owner !== bucket.owner || target.region !== bucket.region) {
      throw new AwsError(
        'InvalidTargetBucketForLogging',
        'The owner and the region of the bucket to be logged and of the target bucket must be the same.',
      );
    }
    bucket.configurations.logging = wished;
    return {};
  },
  trail: ({ BucketLoggingStatus }) => ({ logging: '', BucketLoggingStatus }),
});

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
