import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { createAws, VERSION } from '../../../shared/aws/factory.ts';
import { whoAmI } from '../../../shared/aws/identity.ts';
import { HOME, simulated } from './fixture.ts';

it('B5.32 tells account and partition from the ARN that STS answers', async () => {
  const { aws } = simulated();

  expect(await whoAmI(aws)).toEqual({
    account: '111122223333',
    partition: 'aws',
    arn: 'arn:aws:iam::111122223333:root',
  });
});

it('calls itself by its version', () => {
  expect(VERSION).toBe(packageJson.version);
});

it('B5.31 signs in by the region, never by the global endpoint, and says who calls', async () => {
  const asked: { hostname: string; headers: Record<string, string> }[] = [];
  const capture = {
    handle: async (request: { hostname: string; headers: Record<string, string> }) => {
      asked.push(request);
      throw Object.assign(new Error('enough'), { name: 'AccessDenied' });
    },
  };
  const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' });

  for (const [region, host] of [
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
    ['us-east-1', 'sts.us-east-1.amazonaws.com'],
    ['me-south-1', 'sts.me-south-1.amazonaws.com'],
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
  ] as const) {
    const aws = createAws({ ...HOME, region }, { credentials, requestHandler: capture });
    await expect(whoAmI(aws)).rejects.toMatchObject({ kind: 'denied', action: 'GetCallerIdentity' });
    expect(asked.at(-1)?.hostname).toBe(host);
  }
  expect(asked[0]?.headers['user-agent']).toContain(`reeve/${VERSION}`);
});

it('B5.28 retries what is throttled by the injected strategy, without real waiting, and counts every attempt', async () => {
  const { world, connection, slept } = simulated();
  const attempts: string[] = [];
  const aws = createAws(HOME, {
    ...connection(),
    onCall: (_place, client, action) => attempts.push(`${client}:${action}`),
  });
  world.faults.add({ operation: 'DescribeRegions', kind: 'throttle', times: 2 });

  await aws.send(EC2Client, new DescribeRegionsCommand({}));

  expect(attempts).toEqual(Array(3).fill('EC2Client:DescribeRegions'));
  expect(slept).toEqual([500, 1_000]);
});

it('B5.28 gives up after its attempts, as throttled', async () => {
  const { aws, world } = simulated();
  const fault = world.faults.add({ operation: 'DescribeRegions', kind: 'throttle' });

  await expect(aws.send(EC2Client, new DescribeRegionsCommand({}))).rejects.toMatchObject({
    kind: 'throttled',
    code: 'RequestLimitExceeded',
    action: 'DescribeRegions',
  });
  expect(fault.struck()).toBe(3);
});

it.each([
  ['timeout', 'timeout'],
  ['reset', 'timeout'],
  ['denied', 'denied'],
] as const)('sorts a %s as %s', async (fault, kind) => {
  const { aws, world } = simulated();
  world.faults.add({ operation: 'DescribeRegions', kind: fault });

  await expect(aws.send(EC2Client, new DescribeRegionsCommand({}))).rejects.toMatchObject({ kind });
});

it('B5.25 takes fresh credentials once when the old ones end in mid-run', async () => {
  const { world, connection } = simulated();
  let refreshed = 0;
  const own = connection().credentials;
  const credentials = Object.assign(async () => (own ? own() : Promise.reject(new Error('none'))), {
    refresh: () => {
      refreshed += 1;
    },
  });
  const aws = createAws(HOME, { ...connection(), credentials });
  world.faults.add({
    operation: 'DescribeRegions',
    kind: 'error',
    code: 'ExpiredToken',
    status: 400,
    times: 1,
  });

  await aws.send(EC2Client, new DescribeRegionsCommand({}));
  expect(refreshed).toBe(1);

  world.faults.add({ operation: 'DescribeRegions', kind: 'error', code: 'ExpiredToken', status: 400 });
  await expect(aws.send(EC2Client, new DescribeRegionsCommand({}))).rejects.toMatchObject({
    kind: 'expired',
  });
  expect(refreshed).toBe(2);
});

it('B5.30 an unknown key is "not enabled" away from home and "denied" at home', async () => {
  const { connection, world } = simulated();
  world.faults.add({ operation: 'DescribeRegions', kind: 'error', code: 'AuthFailure', status: 401 });
  const ask = (region: string) =>
    createAws({ ...HOME, region }, { ...connection(), homeRegion: HOME.region }).send(
      EC2Client,
      new DescribeRegionsCommand({}),
    );

  await expect(ask('eu-west-1')).rejects.toMatchObject({ kind: 'denied' });
  await expect(ask('ap-east-1')).rejects.toMatchObject({ kind: 'not-enabled' });
});

it('B5.24 keeps one client per class and place', async () => {
  const made: string[] = [];
  class Counted extends SSMClient {
    constructor(config: SSMClientConfig) {
      super(config);
      made.push('SSM');
    }
  }
  const { aws } = simulated();
  const put = new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String', Overwrite: true });

  await aws.send(Counted, put);
  await aws.send(Counted, put);

  expect(made).toEqual(['SSM']);
});
