import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { bucketsOf } from '../state.ts';
import { found, removes } from './stored.ts';

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
