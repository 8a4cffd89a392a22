import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeSecurityGroupsCommand,
  ModifyInstanceAttributeCommand,
  ModifyManagedPrefixListCommand,
  ModifySecurityGroupRulesCommand,
  type ResourceType,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { openEc2, refusal } from './client.ts';

interface Recorded {
  readonly eventName: string;
  readonly errorCode?: string;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
}

/** A group, a client, and what CloudTrail put on the bus since. */
async function recorded() {
  const { sandbox, ec2 } = openEc2();
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'for tests' }));
  const events: Recorded[] = [];
  // CloudTrail's `detail` is documented; the bus carries it untyped.
  sandbox.world.onEvent((event) => {
    if (event['detail-type'] === 'AWS API Call via CloudTrail') events.push(event.detail as Recorded);
  });
  return { sandbox, ec2, groupId: made.GroupId ?? '', events };
}

const WORLD = [{ CidrIp: '203.0.113.9/0', Description: 'all' }];

it('B3.8 B3.19 B3.25 an authorize shows what was sent and the rules that came of it', async () => {
  const { ec2, groupId, events } = await recorded();
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: WORLD }];
  const answer = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions }),
  );

  expect(events).toMatchObject([
    {
      eventName: 'AuthorizeSecurityGroupIngress',
      requestParameters: {
        groupId,
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              groups: {},
              ipRanges: { items: [{ cidrIp: '203.0.113.9/0', description: 'all' }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
      responseElements: {
        _return: true,
        securityGroupRuleSet: {
          items: [
            {
              groupOwnerId: '111122223333',
              groupId,
              securityGroupRuleId: answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId,
              isEgress: false,
              cidrIpv4: '0.0.0.0/0',
            },
          ],
        },
      },
    },
  ]);
});

it('B3.25 the flat form stays at the top level beside empty permissions', async () => {
  const { ec2, groupId, events } = await recorded();
  const flat = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, ...flat }));
  expect(events[0]?.requestParameters).toEqual({
    groupId,
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    cidrIp: '0.0.0.0/0',
    ipPermissions: {},
  });
});

it('B3.33 B3.34 a refused call carries its code with Client. in front and no response', async () => {
  const { ec2, groupId, events } = await recorded();
  const flat = { GroupId: groupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));
  await refusal(ec2.send(new AuthorizeSecurityGroupIngressCommand(flat)));
  await refusal(ec2.send(new AuthorizeSecurityGroupIngressCommand({ ...flat, DryRun: true })));
  expect(events.slice(1).map(({ errorCode, responseElements }) => ({ errorCode, responseElements }))).toEqual(
    [
      { errorCode: 'Client.InvalidPermission.Duplicate', responseElements: null },
      { errorCode: 'Client.DryRunOperation', responseElements: null },
    ],
  );
});

it('B3.26 a modify keeps Pascal case inside its wrapper, one rule as an object', async () => {
  const { ec2, groupId, events } = await recorded();
  const flat = { GroupId: groupId, IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' };
  const opened = await ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));
  const id = opened.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' };
  await ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: groupId,
      SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule }],
    }),
  );
  expect(events[1]).toMatchObject({
    requestParameters: {
      ModifySecurityGroupRulesRequest: {
        GroupId: groupId,
        SecurityGroupRule: { SecurityGroupRuleId: id, SecurityGroupRule },
      },
    },
    responseElements: { ModifySecurityGroupRulesResponse: { return: true } },
  });
});

it('B3.19 a revoke by id shows the ids and what was revoked', async () => {
  const { ec2, groupId, events } = await recorded();
  const flat = { GroupId: groupId, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  const opened = await ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));
  const id = opened.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId, SecurityGroupRuleIds: [id] }));
  expect(events[1]).toMatchObject({
    requestParameters: { groupId, securityGroupRuleIds: { items: [{ securityGroupRuleId: id }] } },
    responseElements: {
      _return: true,
      revokedSecurityGroupRuleSet: { items: [{ securityGroupRuleId: id }] },
    },
  });
});

it('B3.29 calls that attach a group name it in groupSet', async () => {
  const { sandbox, ec2, groupId, events } = await recorded();
  const launch = { ImageId: 'ami-0123456789abcdef0', MinCount: 2, MaxCount: 2, SecurityGroupIds: [groupId] };
  const InstanceId = (await ec2.send(new RunInstancesCommand(launch))).Instances?.[0]?.InstanceId ?? '';
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups: [groupId] }));
  await sandbox.world.clock.advance(60_000);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'a', Value: 'b' }] }));

  expect(events).toMatchObject([
    {
      requestParameters: {
        instancesSet: { items: [{ imageId: launch.ImageId, minCount: 2, maxCount: 2 }] },
        groupSet: { items: [{ groupId }] },
      },
      responseElements: {
        instancesSet: { items: [{ groupSet: { items: [{ groupId }] } }, { amiLaunchIndex: 1 }] },
      },
    },
    { requestParameters: { instanceId: InstanceId, groupSet: { items: [{ groupId }] } } },
    { requestParameters: { instancesSet: { items: [{ instanceId: InstanceId }] }, force: false } },
    {
      requestParameters: {
        resourcesSet: { items: [{ resourceId: InstanceId }] },
        tagSet: { items: [{ key: 'a', value: 'b' }] },
      },
    },
  ]);
});

it('B3.14 a changed prefix list shows its entries', async () => {
  const { ec2, events } = await recorded();
  const list = { PrefixListName: 'offices', MaxEntries: 5, AddressFamily: 'IPv4' };
  const PrefixListId =
    (await ec2.send(new CreateManagedPrefixListCommand(list))).PrefixList?.PrefixListId ?? '';
  const AddEntries = [{ Cidr: '0.0.0.0/0', Description: 'oops' }];
  await ec2.send(new ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, AddEntries }));
  expect(events[1]?.requestParameters).toMatchObject({
    ModifyManagedPrefixListRequest: { PrefixListId, CurrentVersion: 1, AddEntry: { Cidr: '0.0.0.0/0' } },
  });
});

it('B2.12 calls that make something tell the tags that they bring', async () => {
  const { ec2, events } = await recorded();
  const tagged = (ResourceType: ResourceType) => ({
    TagSpecifications: [{ ResourceType, Tags: [{ Key: 'team', Value: 'shop' }] }],
  });
  const { VolumeId } = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 10, ...tagged('volume') }),
  );
  await ec2.send(new CreateSnapshotCommand({ VolumeId, ...tagged('snapshot') }));
  await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', ...tagged('elastic-ip') }));
  const set = (resourceType: string) => ({
    tagSpecificationSet: { items: [{ resourceType, tags: [{ key: 'team', value: 'shop' }] }] },
  });
  expect(events).toMatchObject([
    {
      requestParameters: { size: '10', zone: 'eu-west-1a', ...set('volume') },
      responseElements: { volumeId: VolumeId, size: '10', zone: 'eu-west-1a', status: 'creating' },
    },
    { requestParameters: { volumeId: VolumeId, ...set('snapshot') } },
    { requestParameters: { domain: 'vpc', ...set('elastic-ip') } },
  ]);
});

it('B5.12 a read is not on the bus', async () => {
  const { ec2, events } = await recorded();
  await ec2.send(new DescribeSecurityGroupsCommand({}));
  expect(events).toEqual([]);
});
