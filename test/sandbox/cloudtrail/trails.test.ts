import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedTrail } from '../../../sandbox/services/cloudtrail/trail-store.ts';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
});

const client = (region = 'eu-west-1') =>
  new CloudTrailClient({ ...sandbox.clientConfig({ region }), maxAttempts: 1 });

it('a new trail logs once it is told to, and until it is told to stop', async () => {
  const trail = { Name: 'audit', S3BucketName: 'audit-logs' };
  expect(await client().send(new CreateTrailCommand(trail))).toMatchObject({
    ...trail,
    TrailARN: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit',
    IsMultiRegionTrail: false,
  });
  const logging = async () => (await client().send(new GetTrailStatusCommand({ Name: 'audit' }))).IsLogging;

  expect(await logging()).toBe(false);
  await client().send(new StartLoggingCommand({ Name: 'audit' }));
  expect(await logging()).toBe(true);
  await client().send(new StopLoggingCommand({ Name: 'audit' }));
  expect(await logging()).toBe(false);
  await client().send(new DeleteTrailCommand({ Name: 'audit' }));
  await expect(logging()).rejects.toMatchObject({ name: 'TrailNotFoundException' });
});

it('B4.18 a trail of all regions names its bucket in each of them', async () => {
  const where = { partition: 'aws', account: sandbox.account, region: 'eu-west-1', world: sandbox.world };
  seedTrail(where, { Name: 'audit', S3BucketName: 'audit-logs' });
  await client().send(new CreateTrailCommand({ Name: 'local', S3BucketName: 'local-logs' }));
  const buckets = async (region: string, includeShadowTrails?: boolean) => {
    const { trailList = [] } = await client(region).send(new DescribeTrailsCommand({ includeShadowTrails }));
    return trailList.map(({ S3BucketName }) => S3BucketName);
  };

  expect(await buckets('eu-west-1')).toEqual(['audit-logs', 'local-logs']);
  expect(await buckets('us-east-1')).toEqual(['audit-logs']);
  expect(await buckets('us-east-1', false)).toEqual([]);
});

it.each([
  ['InvalidTrailNameException', { Name: 'a b', S3BucketName: 'logs' }],
  ['InvalidS3BucketNameException', { Name: 'audit', S3BucketName: '' }],
  ['NotImplemented', { Name: 'audit', S3BucketName: 'logs', KmsKeyId: 'alias/key' }],
])('refuses with %s', async (name, input) => {
  await expect(client().send(new CreateTrailCommand(input))).rejects.toMatchObject({ name });
});
