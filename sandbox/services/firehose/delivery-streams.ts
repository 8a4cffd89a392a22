import type * as firehose from '@aws-sdk/client-firehose';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { destinationOf, invalid, rolesOf } from './destinations.ts';

interface Stream {
  readonly name: string;
  readonly createdAt: Date;
  readonly destination: firehose.DestinationDescription;
}

const streams = drawer<Map<string, Stream>>(() => new Map());

const CREATING_MS = 30_000;

const arnOf = ({ partition, region, account }: Call, name: string | undefined) =>
  `arn:${partition}:firehose:${region}:${account}:deliverystream/${name}`;

/** Makes a stream that is put to directly. It delivers nothing, and its buckets are not looked at. */
export const createDeliveryStream = operation<
  firehose.CreateDeliveryStreamInput,
  firehose.CreateDeliveryStreamOutput
>({
  authorize: (input, call) => [
    { action: 'firehose:CreateDeliveryStream', resources: [arnOf(call, input.DeliveryStreamName)] },
    ...rolesOf(input).map((role) => ({
      action: 'iam:PassRole',
      resources: [role],
      context: { 'iam:PassedToService': ['firehose.amazonaws.com'] },
    })),
  ],
  run(input, call) {
    const { DeliveryStreamName: name = '', DeliveryStreamType: type = 'DirectPut', ...destination } = input;
    if (!/^[\w.-]{1,64}$/.test(name)) throw invalid(`${name} is not a valid name of a delivery stream.`);
    onlySupported(call, { [`the type ${type}`]: type }, ['the type DirectPut']);
    const known = streams.of(call);
    if (known.has(name)) {
      const message = `Firehose ${name} under accountId ${call.account} already exists`;
      throw new AwsError('ResourceInUseException', message);
    }
    known.set(name, { name, createdAt: call.now, destination: destinationOf(destination, call) });
    return { DeliveryStreamARN: arnOf(call, name) };
  },
});

export const describeDeliveryStream = operation<
  firehose.DescribeDeliveryStreamInput,
  firehose.DescribeDeliveryStreamOutput
>({
  authorize: ({ DeliveryStreamName: name }, call) => [
    { action: 'firehose:DescribeDeliveryStream', resources: [arnOf(call, name)] },
  ],
  run(input, call) {
    onlySupported(call, input, ['DeliveryStreamName', 'Limit']);
    const { DeliveryStreamName: name = '' } = input;
    const stream = streams.of(call).get(name);
    if (!stream) {
      const message = `Firehose ${name} under account ${call.account} not found.`;
      throw new AwsError('ResourceNotFoundException', message);
    }
    const isNew = call.now.getTime() - stream.createdAt.getTime() < CREATING_MS;
    return {
      DeliveryStreamDescription: {
        ...{
          DeliveryStreamName: name,
          DeliveryStreamARN: arnOf(call, name),
          DeliveryStreamType: 'DirectPut',
        },
        ...{ DeliveryStreamStatus: isNew ? 'CREATING' : 'ACTIVE', VersionId: '1' },
        ...{ CreateTimestamp: stream.createdAt, Destinations: [stream.destination] },
        ...{ DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' }, HasMoreDestinations: false },
      },
    };
  },
});

/** By name, ten a page where nothing is said. */
export const listDeliveryStreams = operation<
  firehose.ListDeliveryStreamsInput,
  firehose.ListDeliveryStreamsOutput
>({
  run({ Limit = 10, DeliveryStreamType: type = 'DirectPut', ExclusiveStartDeliveryStreamName: after }, call) {
    if (Limit < 1 || Limit > 10_000) throw invalid('Limit has to be between 1 and 10000.');
    const names = type === 'DirectPut' ? [...streams.of(call).keys()].toSorted() : [];
    const rest = names.filter((name) => after === undefined || name > after);
    return { DeliveryStreamNames: rest.slice(0, Limit), HasMoreDeliveryStreams: rest.length > Limit };
  },
});
