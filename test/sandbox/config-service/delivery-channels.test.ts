import * as config from '@aws-sdk/client-config-service';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';

let client: config.ConfigServiceClient;
beforeEach(() => {
  client = new config.ConfigServiceClient({ ...createSandbox().clientConfig(), maxAttempts: 1 });
});

const recorder = (name = 'default', roleARN = 'arn:aws:iam::111122223333:role/config') =>
  client.send(new config.PutConfigurationRecorderCommand({ ConfigurationRecorder: { name, roleARN } }));
const channel = (DeliveryChannel: config.DeliveryChannel) =>
  client.send(new config.PutDeliveryChannelCommand({ DeliveryChannel }));
const channels = async (names?: string[]) =>
  (await client.send(new config.DescribeDeliveryChannelsCommand({ DeliveryChannelNames: names })))
    .DeliveryChannels;

it('B4.18 a delivery channel names its bucket', async () => {
  expect(await channels()).toEqual([]);
  await recorder();
  await channel({ s3BucketName: 'config-history', s3KeyPrefix: 'eu' });

  expect(await channels()).toEqual([{ name: 'default', s3BucketName: 'config-history', s3KeyPrefix: 'eu' }]);
  await client.send(new config.DeleteDeliveryChannelCommand({ DeliveryChannelName: 'default' }));
  expect(await channels()).toEqual([]);
});

it('a channel needs a recorder first', async () => {
  await expect(channel({ s3BucketName: 'config-history' })).rejects.toMatchObject({
    name: 'NoAvailableConfigurationRecorderException',
  });
});

it.each<[string, () => Promise<unknown>]>([
  ['NoSuchBucketException', () => channel({ s3BucketName: '' })],
  ['MaxNumberOfDeliveryChannelsExceededException', () => channel({ name: 'other', s3BucketName: 'b' })],
  ['MaxNumberOfConfigurationRecordersExceededException', () => recorder('other')],
  ['NoSuchDeliveryChannelException', () => channels(['absent'])],
  ['InvalidRoleException', () => recorder('default', '')],
  ['NotImplemented', () => channel({ s3BucketName: 'b', s3KmsKeyArn: 'key' })],
])('%s', async (name, act) => {
  await recorder();
  await channel({ s3BucketName: 'config-history' });

  await expect(act()).rejects.toMatchObject({ name });
});
