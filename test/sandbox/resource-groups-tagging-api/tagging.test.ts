import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateTopicCommand, ListTagsForResourceCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueueTagsCommand, SQSClient, UntagQueueCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedUser } from '../../../sandbox/services/iam/store.ts';
import { addBucket } from '../../../sandbox/services/s3/state.ts';

let sandbox: Sandbox;
let client: tagging.ResourceGroupsTaggingAPIClient;
let ec2: EC2Client;
let sns: SNSClient;
beforeEach(() => {
  sandbox = createSandbox();
  client = clientOf();
  ec2 = new EC2Client({ ...sandbox.clientConfig(), maxAttempts: 1 });
  sns = new SNSClient(sandbox.clientConfig());
});

function clientOf(user?: string): tagging.ResourceGroupsTaggingAPIClient {
  const config = sandbox.clientConfig(user === undefined ? {} : { user });
  return new tagging.ResourceGroupsTaggingAPIClient({ ...config, maxAttempts: 1 });
}

async function newGroup(name = 'web'): Promise<{ id: string; arn: string }> {
  const command = new CreateSecurityGroupCommand({ GroupName: name, Description: name });
  const { GroupId: id = '' } = await ec2.send(command);
  return { id, arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}` };
}

async function newTopic(name: string, tags: Record<string, string> = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return (await sns.send(new CreateTopicCommand({ Name: name, Tags }))).TopicArn ?? '';
}

const tag = (ResourceARNList: string[], Tags: Record<string, string> = { Owner: 'ana' }, user?: string) =>
  clientOf(user).send(new tagging.TagResourcesCommand({ ResourceARNList, Tags }));

async function list(input: tagging.GetResourcesCommandInput = {}): Promise<string[]> {
  const { ResourceTagMappingList = [] } = await client.send(new tagging.GetResourcesCommand(input));
  return ResourceTagMappingList.map(({ ResourceARN = '' }) => ResourceARN);
}

it('B2.30 what was never tagged does not exist, what lost its tags does', async () => {
  const group = await newGroup();
  await newTopic('findings');
  expect(await list()).toEqual([]);
  await ec2.send(new CreateTagsCommand({ Resources: [group.id], Tags: [{ Key: 'Owner', Value: 'ana' }] }));
  expect(await list()).toEqual([group.arn]);
  await ec2.send(new DeleteTagsCommand({ Resources: [group.id], Tags: [{ Key: 'Owner' }] }));

  const { ResourceTagMappingList } = await client.send(new tagging.GetResourcesCommand({}));
  expect(ResourceTagMappingList).toEqual([{ ResourceARN: group.arn, Tags: [] }]);
});

it('tags and untags through the services that keep the tags', async () => {
  const topic = await newTopic('findings', { team: 'web' });
  const sqs = new SQSClient(sandbox.clientConfig());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  const queue = 'arn:aws:sqs:eu-west-1:111122223333:jobs';
  expect(await tag([topic, queue])).toMatchObject({ FailedResourcesMap: {} });
  const tags = async () => [
    (await sns.send(new ListTagsForResourceCommand({ ResourceArn: topic }))).Tags,
    (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags,
  ];

  expect(await tags()).toEqual([
    [
      { Key: 'team', Value: 'web' },
      { Key: 'Owner', Value: 'ana' },
    ],
    { Owner: 'ana' },
  ]);
  await client.send(new tagging.UntagResourcesCommand({ ResourceARNList: [topic], TagKeys: ['Owner'] }));
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['Owner'] }));
  expect(await tags()).toEqual([[{ Key: 'team', Value: 'web' }], {}]);
});

describe('B2.31 an answer of success tells what failed', () => {
  it('a resource that is gone, beside one that is tagged', async () => {
    const topic = await newTopic('findings');
    const gone = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-00000000000000000';
    const { FailedResourcesMap, $metadata } = await tag([topic, gone]);

    expect($metadata.httpStatusCode).toBe(200);
    expect(FailedResourcesMap).toEqual({
      [gone]: { StatusCode: 400, ErrorCode: 'InvalidGroup.NotFound', ErrorMessage: expect.any(String) },
    });
    expect(await list()).toEqual([topic]);
  });

  it('a resource of another region', async () => {
    const elsewhere = 'arn:aws:sns:us-east-1:111122223333:findings';

    expect((await tag([elsewhere])).FailedResourcesMap).toMatchObject({
      [elsewhere]: { ErrorCode: 'InvalidParameterException' },
    });
  });

  it("the right of the service is needed beside the Tagging API's own", async () => {
    const topic = await newTopic('findings');
    const allow = (...actions: string[]) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
      });
    seedUser(sandbox.world, sandbox.account, { name: 'half', policies: { tags: allow('tag:*') } });
    seedUser(sandbox.world, sandbox.account, { name: 'other', policies: { tags: allow('sns:*') } });

    expect((await tag([topic], { Owner: 'ana' }, 'half')).FailedResourcesMap).toMatchObject({
      [topic]: { StatusCode: 403, ErrorMessage: expect.stringContaining('SNS:TagResource') },
    });
    await expect(tag([topic], { Owner: 'ana' }, 'other')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('tag:TagResources'),
    });
  });

  it('20 ARNs are tagged, 21 refused', async () => {
    const topics: string[] = [];
    for (let index = 0; index < 21; index += 1) topics.push(await newTopic(`topic-${index}`));

    await expect(tag(topics)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect((await tag(topics.slice(1))).FailedResourcesMap).toEqual({});
    expect(await list()).toHaveLength(20);
  });
});

it('B2.34 a bucket keeps the tags that are not named, and is asked for in its own region', async () => {
  const { world } = sandbox;
  const made = { owner: sandbox.account, partition: 'aws' };
  const here = addBucket(world, { ...made, name: 'pictures', region: 'eu-west-1' });
  const there = addBucket(world, { ...made, name: 'films', region: 'us-east-1' });
  here.tags.set('aws:cloudformation:stack-name', 'web');
  const { FailedResourcesMap } = await tag([here.arn, there.arn]);

  expect(Object.keys(FailedResourcesMap ?? {})).toEqual([there.arn]);
  expect([...here.tags]).toEqual([
    ['aws:cloudformation:stack-name', 'web'],
    ['Owner', 'ana'],
  ]);
  expect(await list({ ResourceTypeFilters: ['s3'] })).toEqual([here.arn]);
});

it('load balancers are tagged, too', async () => {
  const elb = new ElasticLoadBalancingV2Client(sandbox.clientConfig());
  const group = { Name: 'web', Protocol: 'HTTP' as const, Port: 80, TargetType: 'ip' as const };
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const command = new CreateTargetGroupCommand({ ...group, VpcId: Vpcs[0]?.VpcId });
  const arn = (await elb.send(command)).TargetGroups?.[0]?.TargetGroupArn ?? '';

  expect((await tag([arn])).FailedResourcesMap).toEqual({});
  expect(await list({ ResourceTypeFilters: ['elasticloadbalancing:targetgroup'] })).toEqual([arn]);
  await client.send(new tagging.UntagResourcesCommand({ ResourceARNList: [arn], TagKeys: ['Owner'] }));
  const { TagDescriptions } = await elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  expect(TagDescriptions?.[0]?.Tags).toEqual([]);
});

describe('listing', () => {
  it.each<[string, tagging.GetResourcesCommandInput, string[]]>([
    ['a key', { TagFilters: [{ Key: 'team' }] }, ['a', 'b']],
    ['a value', { TagFilters: [{ Key: 'team', Values: ['web', 'ops'] }] }, ['a']],
    ['two keys', { TagFilters: [{ Key: 'team' }, { Key: 'stage', Values: ['test'] }] }, ['b']],
    ['a service', { ResourceTypeFilters: ['sns'] }, ['a', 'b']],
    ['a type that none has', { ResourceTypeFilters: ['ec2:instance'] }, []],
    ['its ARN', { ResourceARNList: ['arn:aws:sns:eu-west-1:111122223333:b'] }, ['b']],
    ['a key in another case', { TagFilters: [{ Key: 'Team' }] }, []],
  ])('by %s', async (_, input, expected) => {
    await newTopic('a', { team: 'web' });
    await newTopic('b', { team: 'api', stage: 'test' });

    expect((await list(input)).map((arn) => arn.split(':').at(-1))).toEqual(expected);
  });

  it('by type of resource', async () => {
    const group = await newGroup();
    await tag([group.arn, await newTopic('a')]);

    expect(await list({ ResourceTypeFilters: ['ec2:security-group'] })).toEqual([group.arn]);
  });

  it('shows keys and values in use', async () => {
    await newTopic('a', { team: 'web' });
    await newTopic('b', { team: 'api', stage: 'test' });
    const { TagKeys } = await client.send(new tagging.GetTagKeysCommand({}));
    const { TagValues } = await client.send(new tagging.GetTagValuesCommand({ Key: 'team' }));

    expect([TagKeys, TagValues]).toEqual([
      ['stage', 'team'],
      ['api', 'web'],
    ]);
  });

  it('B2.32 pages of at most 100, with a token that holds 15 minutes', async () => {
    for (let index = 0; index < 101; index += 1) await newTopic(`topic-${index}`, { team: 'web' });
    const get = (input: tagging.GetResourcesCommandInput) =>
      client.send(new tagging.GetResourcesCommand(input));
    const first = await get({ ResourcesPerPage: 100 });
    const rest = () => get({ PaginationToken: first.PaginationToken });
    await sandbox.world.clock.advance(15 * 60_000);
    const second = await rest();

    expect(first.ResourceTagMappingList).toHaveLength(100);
    expect([second.ResourceTagMappingList?.length, second.PaginationToken]).toEqual([1, '']);
    await sandbox.world.clock.advance(1);
    await expect(rest()).rejects.toMatchObject({ name: 'PaginationTokenExpiredException' });
    await expect(get({ ResourcesPerPage: 101 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

it.each<[string, () => Promise<unknown>, string]>([
  [
    'B2.3 a reserved key',
    () => tag(['arn:aws:sns:eu-west-1:111122223333:a'], { 'AWS:x': 'y' }),
    'InvalidParameter',
  ],
  [
    'B2.5 a value too long',
    () => tag(['arn:aws:sns:eu-west-1:111122223333:a'], { x: 'y'.repeat(257) }),
    'InvalidP',
  ],
  ['no tags', () => tag(['arn:aws:sns:eu-west-1:111122223333:a'], {}), 'InvalidParameter'],
  ['no ARN', () => tag(['findings']), 'InvalidParameter'],
  ['B2.19 a stack', () => tag(['arn:aws:cloudformation:eu-west-1:111122223333:stack/a/b']), 'NotImplemented'],
  ['an unknown type', () => list({ ResourceTypeFilters: ['glue:job'] }), 'NotImplemented'],
  ['compliance', () => list({ IncludeComplianceDetails: true }), 'NotImplemented'],
  ['ARNs with filters', () => list({ ResourceARNList: [], TagFilters: [{}] }), 'InvalidParameter'],
  ['a strange token', () => list({ PaginationToken: 'x' }), 'InvalidParameter'],
])('%s is refused', async (_, act, name) => {
  await expect(act()).rejects.toMatchObject({ name: expect.stringContaining(name) });
});
