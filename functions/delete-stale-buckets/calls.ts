import type { ResourceRef } from '../../shared/engine/signal.ts';
import type { ApiCall, CallTable } from '../../shared/events/api-call.ts';
import { Field } from '../../shared/events/fields.ts';

/**
 * The CloudTrail calls after which a marked bucket has to be looked at at once: its tags (an objection, an exemption) and
 * its settings (somebody takes it into use again, B4.24). Object calls are data events, which few trails record.
 */
const NAMES: readonly string[] = [
  'DeleteBucketPolicy',
  'DeleteBucketTagging',
  'PutBucketAcl',
  'PutBucketNotification',
  'PutBucketNotificationConfiguration',
  'PutBucketObjectLockConfiguration',
  'PutBucketPolicy',
  'PutBucketReplication',
  'PutBucketTagging',
  'PutBucketVersioning',
  'PutBucketWebsite',
];

export const calls: CallTable = Object.fromEntries(NAMES.map((name) => [name, bucketOf]));

function bucketOf({ eventSource, request }: ApiCall): readonly ResourceRef[] {
  if (eventSource !== 's3.amazonaws.com') return [];
  const id = new Field(request, 'requestParameters').at('bucketName').text('a bucket name');
  return [{ type: 'AWS::S3::Bucket', id }];
}
