import type * as config from '@aws-sdk/client-config-service';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';

interface ConfigState {
  recorder?: config.ConfigurationRecorder;
  channel?: config.DeliveryChannel;
}

/** An account has one recorder and one delivery channel in each region. */
const states = drawer<ConfigState>(() => ({}));

/** Sets the region's recorder up; what it records is not simulated. */
export const putConfigurationRecorder = operation<config.PutConfigurationRecorderRequest, object>({
  authorize: ({ ConfigurationRecorder: { name = 'default' } = {} }, { partition, region, account }) => [
    {
      action: 'config:PutConfigurationRecorder',
      // The second part is an id that AWS draws.
      resources: [`arn:${partition}:config:${region}:${account}:configuration-recorder/${name}/*`],
    },
  ],
  run({ ConfigurationRecorder: recorder, Tags }, call) {
    if (Tags) throw notImplemented('Tags of config-service:PutConfigurationRecorder');
    const { name = 'default', roleARN } = recorder ?? {};
    onlySupported(call, recorder ?? {}, ['name', 'roleARN']);
    if (!roleARN) throw new AwsError('InvalidRoleException', 'You must provide a valid IAM role.');
    const state = states.of(call);
    if (state.recorder && state.recorder.name !== name) {
      throw new AwsError(
        'MaxNumberOfConfigurationRecordersExceededException',
        `Failed to put configuration recorder '${name}' because the maximum number of configuration recorders: 1 is reached.`,
      );
    }
    state.recorder = { name, roleARN };
    return {};
  },
});

/** Names the bucket (and topic) that configuration history is delivered to. The bucket is not looked at. */
export const putDeliveryChannel = operation<config.PutDeliveryChannelRequest, object>({
  run({ DeliveryChannel: channel = {} }, call) {
    onlySupported(call, channel, ['name', 's3BucketName', 's3KeyPrefix', 'snsTopicARN']);
    const state = states.of(call);
    const { name = 'default', s3BucketName } = channel;
    if (!state.recorder) {
      throw new AwsError(
        'NoAvailableConfigurationRecorderException',
        'Configuration recorder is not available to put delivery channel.',
      );
    }
    if (!s3BucketName)
      throw new AwsError('NoSuchBucketException', 'Cannot find a S3 bucket with an empty bucket name.');
    if (state.channel && state.channel.name !== name) {
      throw new AwsError(
        'MaxNumberOfDeliveryChannelsExceededException',
        `Failed to put delivery channel '${name}' because the maximum number of delivery channels: 1 is reached.`,
      );
    }
    state.channel = { ...channel, name };
    return {};
  },
});

export const describeDeliveryChannels = operation<
  config.DescribeDeliveryChannelsRequest,
  config.DescribeDeliveryChannelsResponse
>({
  run({ DeliveryChannelNames: names }, call) {
    const { channel } = states.of(call);
    checkNames(names, channel?.name);
    return { DeliveryChannels: channel ? [channel] : [] };
  },
});

export const deleteDeliveryChannel = operation<config.DeleteDeliveryChannelRequest, object>({
  run({ DeliveryChannelName: name = '' }, call) {
    const state = states.of(call);
    checkNames([name], state.channel?.name);
    delete state.channel;
    return {};
  },
});

function checkNames(names: readonly string[] = [], known: string | undefined): void {
  const absent = names.find((name) => name !== known);
  if (absent === undefined) return;
  throw new AwsError(
    'NoSuchDeliveryChannelException',
    `Cannot find delivery channel with the specified name '${absent}'.`,
  );
}
