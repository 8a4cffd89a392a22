import type { Service } from '../../core/service.ts';
import {
  deleteDeliveryChannel,
  describeDeliveryChannels,
  putConfigurationRecorder,
  putDeliveryChannel,
} from './delivery-channels.ts';

export const configService: Service = {
  name: 'config-service',
  signingName: 'config',
  iamPrefix: 'config',
  eventSource: 'config.amazonaws.com',
  load: () => import('@aws-sdk/client-config-service'),
  operations: {
    DeleteDeliveryChannel: deleteDeliveryChannel,
    DescribeDeliveryChannels: describeDeliveryChannels,
    PutConfigurationRecorder: putConfigurationRecorder,
    PutDeliveryChannel: putDeliveryChannel,
  },
};
