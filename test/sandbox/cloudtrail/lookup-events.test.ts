import { CloudTrailClient, LookupEventsCommand, type LookupEventsRequest } from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedTrailEvent } from '../../../sandbox/services/cloudtrail/history.ts';
import { seedUser } from '../../../sandbox/services/iam/store.ts';
import { clientsWith } from '../wire/clients.ts';

const DAY = 86_400_000;
const PLACE = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

let sandbox: Sandbox;
let ana: ReturnType<typeof clientsWith>;
beforeEach(() => {
  sandbox = createSandbox();
  ana = clientsWith(sandbox.clientConfig({ user: 'ana' }));
});

function lookup(input: LookupEventsRequest = {}, config: object = sandbox.clientConfig()) {
  return new CloudTrailClient({ ...config, maxAttempts: 1 }).send(new LookupEventsCommand(input));
}

const by = (AttributeKey: 'ResourceName' | 'EventName' | 'Username' | 'ReadOnly', AttributeValue: string) =>
  lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] });

async function newGroup(name = 'web'): Promise<string> {
  const command = new CreateSecurityGroupCommand({ GroupName: name, Description: name });
  return (await ana.ec2.send(command)).GroupId ?? '';
}

const tag = (resource: string, key: string) =>
  ana.ec2.send(new CreateTagsCommand({ Resources: [resource], Tags: [{ Key: key, Value: 'x' }] }));

it('tells an event with who, what, when, and the record as text', async () => {
  const groupId = await newGroup();
  const { Events: [event] = [] } = await lookup();

  expect(event).toEqual({
    EventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    EventName: 'CreateSecurityGroup',
    EventSource: 'ec2.amazonaws.com',
    EventTime: new Date('2026-11-02T08:00:00Z'),
    Username: 'ana',
    AccessKeyId: sandbox.credentials({ user: 'ana' }).accessKeyId,
    ReadOnly: 'false',
    Resources: [{ ResourceType: 'AWS::EC2::SecurityGroup', ResourceName: groupId }],
    CloudTrailEvent: expect.any(String),
  });
  expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
    eventID: event?.EventId,
    responseElements: { groupId },
  });
});

it('finds what happened to a resource, newest first', async () => {
  const [web, other] = [await newGroup('web'), await newGroup('other')];
  await sandbox.world.clock.advance(60_000);
  await ana.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: web,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  await tag(web, 'Owner');
  await tag(other, 'Owner');

  const { Events = [] } = await by('ResourceName', web);
  expect(Events.map(({ EventName }) => EventName)).toEqual([
    'CreateTags',
    'AuthorizeSecurityGroupIngress',
    'CreateSecurityGroup',
  ]);
});

it.each([
  ['EventName', 'CreateTags', 1],
  ['EventSource', 'iam.amazonaws.com', 0],
  ['Username', 'ana', 2],
  ['Username', 'bob', 0],
  ['ResourceType', 'AWS::EC2::SecurityGroup', 2],
  ['ReadOnly', 'false', 2],
] as const)('%s %s finds %i', async (AttributeKey, AttributeValue, count) => {
  await tag(await newGroup(), 'Owner');
  const { Events } = await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] });

  expect(Events).toHaveLength(count);
});

it('finds one event by its id, and those of one access key', async () => {
  await tag(await newGroup(), 'Owner');
  const { Events: [newest] = [] } = await lookup();
  const found = async (AttributeKey: 'EventId' | 'AccessKeyId', AttributeValue = '') =>
    (await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).Events;

  expect(await found('EventId', newest?.EventId)).toEqual([newest]);
  expect(await found('AccessKeyId', newest?.AccessKeyId)).toHaveLength(2);
});

it('a global service is looked up in its home region', async () => {
  const trust = { Version: '2012-10-17', Statement: [] };
  await ana.iam
    .send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: JSON.stringify(trust) }))
    .catch(() => {});

  expect((await lookup()).Events).toEqual([]);
  const { Events } = await lookup({}, sandbox.clientConfig({ region: 'us-east-1' }));
  expect(Events).toMatchObject([
    { EventName: 'CreateRole', Resources: [{ ResourceType: 'AWS::IAM::Role', ResourceName: 'worker' }] },
  ]);
});

it('pages by 50, and a token holds although new events come', async () => {
  const group = await newGroup();
  for (let index = 0; index < 60; index += 1) await tag(group, `key-${index % 10}`);
  const request: LookupEventsRequest = {
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: group }],
  };
  const first = await lookup(request);
  await tag(group, 'late');
  const second = await lookup({ ...request, NextToken: first.NextToken });

  expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([50, 11, undefined]);
  const ids = new Set([...(first.Events ?? []), ...(second.Events ?? [])].map(({ EventId }) => EventId));
  expect(ids.size).toBe(61);
  await expect(lookup({ NextToken: first.NextToken })).rejects.toMatchObject({
    name: 'InvalidNextTokenException',
  });
});

it('B1.45 keeps 90 days', async () => {
  await newGroup();
  await sandbox.world.clock.advance(90 * DAY);
  expect((await lookup()).Events).toHaveLength(1);
  await sandbox.world.clock.advance(1000);

  expect((await lookup()).Events).toEqual([]);
});

it('B1.45 answers two calls a second', async () => {
  const throttled = createSandbox({ behaviour: { throttling: true } });
  const ask = () => lookup({}, throttled.clientConfig());
  await ask();
  await ask();
  await expect(ask()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await throttled.world.clock.advance(1000);

  await expect(ask()).resolves.toMatchObject({ Events: [] });
});

it('shows an event as late as it reaches the bus', async () => {
  sandbox.world.behaviour.eventDelayMs = 5 * 60_000;
  await newGroup();
  expect((await lookup()).Events).toEqual([]);
  await sandbox.world.clock.advance(5 * 60_000);

  expect((await lookup()).Events).toHaveLength(1);
});

it('narrows by time, both ends included', async () => {
  const at = async (time: string) =>
    (await lookup({ StartTime: new Date(time), EndTime: new Date(time) })).Events?.length;
  await newGroup();

  expect(await at('2026-11-02T08:00:00Z')).toBe(1);
  expect(await at('2026-11-02T08:00:01Z')).toBe(0);
});

it('B1.44 an event that no simulated call made can be laid in', async () => {
  seedTrailEvent(place(), {
    eventName: 'SendSSHPublicKey',
    eventSource: 'ec2-instance-connect.amazonaws.com',
    eventTime: '2026-10-20T08:00:00Z',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/dev/ana@example.com' },
    requestParameters: { instanceId: 'i-0123456789abcdef0', instanceOSUser: 'ec2-user' },
  });

  expect((await by('ResourceName', 'i-0123456789abcdef0')).Events).toMatchObject([
    {
      EventName: 'SendSSHPublicKey',
      Username: 'ana@example.com',
      EventTime: new Date('2026-10-20T08:00:00Z'),
    },
  ]);
});

function place() {
  return { ...PLACE, world: sandbox.world };
}

describe('refuses', () => {
  it.each<[string, LookupEventsRequest]>([
    ['InvalidMaxResultsException', { MaxResults: 51 }],
    ['InvalidMaxResultsException', { MaxResults: 0 }],
    ['InvalidTimeRangeException', { StartTime: new Date(2000), EndTime: new Date(1000) }],
    [
      'InvalidLookupAttributesException',
      { LookupAttributes: Array(2).fill({ AttributeKey: 'EventName', AttributeValue: 'RunInstances' }) },
    ],
    ['NotImplemented', { LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'true' }] }],
    ['NotImplemented', { EventCategory: 'insight' }],
    ['InvalidNextTokenException', { NextToken: 'bm9uc2Vuc2U=' }],
  ])('%s %j', async (name, input) => {
    await expect(lookup(input)).rejects.toMatchObject({ name });
  });

  it('a caller without cloudtrail:LookupEvents', async () => {
    seedUser(sandbox.world, sandbox.account, { name: 'nobody' });

    await expect(lookup({}, sandbox.clientConfig({ user: 'nobody' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('cloudtrail:LookupEvents'),
    });
  });
});

it('B5.12 reads leave no event', async () => {
  await ana.ec2.send(new DescribeSecurityGroupsCommand({}));

  expect((await lookup()).Events).toEqual([]);
});
