import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';

const ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/sweep';

let sandbox: Sandbox;
let client: logs.CloudWatchLogsClient;
beforeEach(() => {
  sandbox = createSandbox();
  client = new logs.CloudWatchLogsClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
});

const create = (logGroupName: string, tags?: Record<string, string>) =>
  client.send(new logs.CreateLogGroupCommand({ logGroupName, ...(tags && { tags }) }));
const describeGroups = (input: logs.DescribeLogGroupsCommandInput = {}) =>
  client.send(new logs.DescribeLogGroupsCommand(input));

it('a log group has an ARN for itself and one for all of its streams', async () => {
  await create('/aws/lambda/sweep');
  await client.send(
    new logs.PutRetentionPolicyCommand({ logGroupName: '/aws/lambda/sweep', retentionInDays: 30 }),
  );

  expect((await describeGroups()).logGroups).toEqual([
    {
      logGroupName: '/aws/lambda/sweep',
      creationTime: new Date('2026-11-02T08:00:00Z').getTime(),
      retentionInDays: 30,
      metricFilterCount: 0,
      arn: `${ARN}:*`,
      logGroupArn: ARN,
      logGroupClass: 'STANDARD',
      storedBytes: 0,
    },
  ]);
  await client.send(new logs.DeleteRetentionPolicyCommand({ logGroupName: '/aws/lambda/sweep' }));
  expect((await describeGroups()).logGroups?.[0]).not.toHaveProperty('retentionInDays');
});

it('is tagged, also through the Tagging API', async () => {
  await create('/aws/lambda/sweep', { team: 'web' });
  await client.send(new logs.TagResourceCommand({ resourceArn: ARN, tags: { Owner: 'ana', stage: 'x' } }));
  await client.send(new logs.UntagResourceCommand({ resourceArn: ARN, tagKeys: ['stage'] }));
  const api = new tagging.ResourceGroupsTaggingAPIClient(sandbox.clientConfig());
  await api.send(new tagging.TagResourcesCommand({ ResourceARNList: [ARN], Tags: { CostCenter: '7' } }));
  await api.send(new tagging.UntagResourcesCommand({ ResourceARNList: [ARN], TagKeys: ['team'] }));
  const { ResourceTagMappingList } = await api.send(
    new tagging.GetResourcesCommand({ ResourceTypeFilters: ['logs:log-group'] }),
  );

  expect((await client.send(new logs.ListTagsForResourceCommand({ resourceArn: ARN }))).tags).toEqual({
    Owner: 'ana',
    CostCenter: '7',
  });
  expect(ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN)).toEqual([ARN]);
});

it('lists by name, prefix and pattern, 50 a page', async () => {
  for (let index = 0; index < 51; index += 1) await create(`/app/${String(index).padStart(2, '0')}`);
  await create('/other/APP');
  const first = await describeGroups({ logGroupNamePrefix: '/app/' });
  const second = await describeGroups({ logGroupNamePrefix: '/app/', nextToken: first.nextToken });

  expect([first.logGroups?.length, second.logGroups?.length, second.nextToken]).toEqual([50, 1, undefined]);
  expect((await describeGroups({ logGroupNamePattern: 'other/app' })).logGroups).toHaveLength(1);
});

it.each<[string, () => Promise<unknown>]>([
  ['ResourceAlreadyExistsException', () => create('known')],
  [
    'ResourceNotFoundException',
    () => client.send(new logs.DeleteLogGroupCommand({ logGroupName: 'absent' })),
  ],
  ['InvalidParameterException', () => create('a b')],
  [
    'InvalidParameterException',
    () => client.send(new logs.PutRetentionPolicyCommand({ logGroupName: 'known', retentionInDays: 2 })),
  ],
  ['InvalidParameterException', () => describeGroups({ limit: 51 })],
  ['InvalidParameterException', () => describeGroups({ nextToken: '?' })],
  ['InvalidParameterException', () => describeGroups({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })],
  [
    'InvalidParameterException',
    () => client.send(new logs.TagResourceCommand({ resourceArn: `${ARN}:*`, tags: { a: 'b' } })),
  ],
  [
    'TooManyTagsException',
    () =>
      client.send(
        new logs.TagResourceCommand({
          resourceArn: ARN.replace('/aws/lambda/sweep', 'known'),
          tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ''])),
        }),
      ),
  ],
  ['NotImplemented', () => describeGroups({ includeLinkedAccounts: true })],
])('%s', async (name, act) => {
  await create('known');

  await expect(act()).rejects.toMatchObject({ name });
});

it('a deleted log group is gone', async () => {
  await create('known');
  await client.send(new logs.DeleteLogGroupCommand({ logGroupName: 'known' }));

  expect((await describeGroups()).logGroups).toEqual([]);
});
