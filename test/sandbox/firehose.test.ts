import * as firehose from '@aws-sdk/client-firehose';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';

const RoleARN = 'arn:aws:iam::111122223333:role/delivery';
const bucket = (name: string) => ({ RoleARN, BucketARN: `arn:aws:s3:::${name}` });
const toS3 = { ExtendedS3DestinationConfiguration: bucket('clicks') };

let sandbox: Sandbox;
let client: firehose.FirehoseClient;
beforeEach(() => {
  sandbox = createSandbox();
  client = new firehose.FirehoseClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
});

const create = (DeliveryStreamName: string, more: Partial<firehose.CreateDeliveryStreamInput> = toS3) =>
  client.send(new firehose.CreateDeliveryStreamCommand({ DeliveryStreamName, ...more }));
const describeStream = async (DeliveryStreamName: string) =>
  (await client.send(new firehose.DescribeDeliveryStreamCommand({ DeliveryStreamName })))
    .DeliveryStreamDescription;
const list = (input: firehose.ListDeliveryStreamsInput = {}) =>
  client.send(new firehose.ListDeliveryStreamsCommand(input));

it('B4.18 a stream to S3 names its bucket and the one for its originals', async () => {
  const backup = { S3BackupMode: 'Enabled' as const, S3BackupConfiguration: bucket('originals') };
  const { DeliveryStreamARN } = await create('clicks', {
    ExtendedS3DestinationConfiguration: { ...bucket('clicks'), ...backup },
  });
  expect(await describeStream('clicks')).toMatchObject({
    ...{ DeliveryStreamARN, DeliveryStreamStatus: 'CREATING', HasMoreDestinations: false },
    Destinations: [
      {
        S3DestinationDescription: bucket('clicks'),
        ExtendedS3DestinationDescription: { ...bucket('clicks'), S3BackupDescription: bucket('originals') },
      },
    ],
  });
  await sandbox.world.clock.advance(60_000);
  expect(await describeStream('clicks')).toMatchObject({ DeliveryStreamStatus: 'ACTIVE' });
});

it('B4.18 a stream to an endpoint names the bucket for what it could not deliver', async () => {
  await create('metrics', {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: 'https://collector.example.com' },
      S3Configuration: bucket('failed'),
    },
  });
  expect((await describeStream('metrics'))?.Destinations).toMatchObject([
    {
      HttpEndpointDestinationDescription: {
        S3BackupMode: 'FailedDataOnly',
        S3DestinationDescription: bucket('failed'),
      },
    },
  ]);
});

it('lists page after page, ten where nothing is said', async () => {
  for (let index = 10; index < 22; index++) await create(`s${index}`);
  const first = await list();
  const second = await list({ ExclusiveStartDeliveryStreamName: first.DeliveryStreamNames?.at(-1) });
  expect(first).toMatchObject({ HasMoreDeliveryStreams: true });
  expect(first.DeliveryStreamNames).toHaveLength(10);
  expect(second).toMatchObject({ DeliveryStreamNames: ['s20', 's21'], HasMoreDeliveryStreams: false });
  expect((await list({ DeliveryStreamType: 'MSKAsSource' })).DeliveryStreamNames).toEqual([]);
});

it.each<[string, string, () => Promise<unknown>]>([
  ['a name that is taken', 'ResourceInUseException', () => create('clicks')],
  ['a name with a blank', 'InvalidArgumentException', () => create('two words')],
  ['no destination', 'InvalidArgumentException', () => create('x', {})],
  ['a bucket without ARN', 'InvalidArgumentException', () => s3({ BucketARN: 'clicks' })],
  ['no role', 'InvalidArgumentException', () => s3({ RoleARN: '' })],
  ['a backup without bucket', 'InvalidArgumentException', () => s3({ S3BackupMode: 'Enabled' })],
  ['no such stream', 'ResourceNotFoundException', () => describeStream('absent')],
  ['a page of none', 'InvalidArgumentException', () => list({ Limit: 0 })],
  ['another source', 'NotImplemented', () => create('x', { DeliveryStreamType: 'MSKAsSource', ...toS3 })],
  ['what is not simulated', 'NotImplemented', () => s3({ FileExtension: '.json' })],
])('%s is refused: %s', async (_when, name, act) => {
  await create('clicks');
  await expect(act()).rejects.toMatchObject({ name });
});

const s3 = (more: Partial<firehose.ExtendedS3DestinationConfiguration>) =>
  create('x', { ExtendedS3DestinationConfiguration: { ...bucket('clicks'), ...more } });
