import type { Service } from '../../core/service.ts';
import { createDeliveryStream, describeDeliveryStream, listDeliveryStreams } from './delivery-streams.ts';

export const firehose: Service = {
  name: 'firehose',
  signingName: 'firehose',
  iamPrefix: 'firehose',
  eventSource: 'firehose.amazonaws.com',
  load: () => import('@aws-sdk/client-firehose'),
  operations: {
    CreateDeliveryStream: createDeliveryStream,
    DescribeDeliveryStream: describeDeliveryStream,
    ListDeliveryStreams: listDeliveryStreams,
  },
};
