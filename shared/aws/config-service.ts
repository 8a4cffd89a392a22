import {
  ConfigServiceClient,
  type DeliveryChannel,
  DescribeDeliveryChannelsCommand,
} from '@aws-sdk/client-config-service';
import { type Aws, verb } from './access.ts';

/** Where AWS Config delivers its snapshots and history to in this region. */
export const deliveryChannels = verb(
  ['config:DescribeDeliveryChannels'],
  async (aws: Aws): Promise<readonly DeliveryChannel[]> =>
    (await aws.send(ConfigServiceClient, new DescribeDeliveryChannelsCommand({}))).DeliveryChannels ?? [],
);
