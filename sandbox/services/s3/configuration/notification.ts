import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { sendTo } from '../../../events/send.ts';
import { servicePrincipal } from '../../../iam/service-principal.ts';
import { destinationsOf } from '../notifications/notify.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';

const EVENTS =
  /^s3:(ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|LifecycleExpiration:(\*|Delete|DeleteMarkerCreated))$/;

export const getBucketNotificationConfiguration = onBucket<
  s3.GetBucketNotificationConfigurationRequest,
  s3.NotificationConfiguration
>({
  action: 's3:GetBucketNotification',
  run: (_input, { configurations }) => configurations.notification ?? {},
});

/** Replaces the whole configuration, once every queue and topic in it has taken a test message. */
export const putBucketNotificationConfiguration = onBucket<
  s3.PutBucketNotificationConfigurationRequest,
  object
>({
  action: 's3:PutBucketNotification',
  supports: ['NotificationConfiguration', 'SkipDestinationValidation'],
  async run({ NotificationConfiguration: wished = {}, SkipDestinationValidation }, bucket, call) {
    const destinations = destinationsOf(wished);
    for (const { arn, events } of destinations) {
      if (!arn || events.length === 0) throw refuse.malformedXml();
      const strange = events.find((event) => !EVENTS.test(`s3:${event}`));
      if (strange)
        throw refuse.invalidArgument('The event is not supported for notifications', 'Event', strange);
    }
    if (!SkipDestinationValidation) {
      for (const { arn } of destinations) await validate(call, bucket, arn);
    }
    bucket.configurations.notification = withIds(call, wished);
    return {};
  },
  eventName: 'PutBucketNotification',
  trail: ({ NotificationConfiguration }) => ({ notification: '', NotificationConfiguration }),
});

async function validate({ world, now, requestId }: Call, bucket: Bucket, arn: string): Promise<void> {
  if (arn.split(':')[2] === 'lambda') return;
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: now.toISOString(), Bucket: bucket.name };
  const payload = JSON.stringify({ ...test, RequestId: requestId });
  try {
    await sendTo(world, servicePrincipal('s3', bucket.owner, bucket.arn), arn, payload);
  } catch {
    throw new AwsError(
      'InvalidArgument',
      'Unable to validate the following destination configurations',
      400,
      {
        ArgumentName1: arn,
      },
    );
  }
}

/** S3 names what its owner did not name. */
function withIds({ world }: Call, wished: s3.NotificationConfiguration): s3.NotificationConfiguration {
  const named = <T extends { Id?: string | undefined }>(list: readonly T[] | undefined) =>
    list?.map((each) => ({ ...each, Id: each.Id ?? world.random.uuid() }));
  const QueueConfigurations = named(wished.QueueConfigurations);
  const TopicConfigurations = named(wished.TopicConfigurations);
  const LambdaFunctionConfigurations = named(wished.LambdaFunctionConfigurations);
  return {
    ...(QueueConfigurations && { QueueConfigurations }),
    ...(TopicConfigurations && { TopicConfigurations }),
    ...(LambdaFunctionConfigurations && { LambdaFunctionConfigurations }),
    ...(wished.EventBridgeConfiguration && { EventBridgeConfiguration: {} }),
  };
}
