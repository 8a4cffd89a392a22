import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesRequest,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { openEc2, refusal } from './client.ts';

const NO_INSTANCE = 'i-0123456789abcdef0';
const MINUTE = 60_000;

async function launch(ec2: EC2Client, count = 1, more: Partial<RunInstancesRequest> = {}): Promise<string[]> {
  const input = { ImageId: 'ami-0123456789abcdef0', MinCount: count, MaxCount: count, ...more };
  return (await ec2.send(new RunInstancesCommand(input))).Instances?.map((one) => one.InstanceId ?? '') ?? [];
}

async function makeGroup(ec2: EC2Client, GroupName: string, VpcId?: string): Promise<string> {
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'for tests', VpcId }));
  return made.GroupId ?? '';
}

async function only(ec2: EC2Client, id: string) {
  const shown = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return shown.Reservations?.[0]?.Instances?.[0];
}

describe('launching', () => {
  it('B3.29 carries groups, tags and a public address', async () => {
    const { sandbox, ec2 } = openEc2();
    const group = await makeGroup(ec2, 'web');
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: 'a' }] }];
    const [id = ''] = await launch(ec2, 1, {
      SecurityGroupIds: [group],
      TagSpecifications,
      InstanceType: 't3.micro',
    });
    await sandbox.world.clock.advance(MINUTE);
    expect(await only(ec2, id)).toMatchObject({
      State: { Name: 'running', Code: 16 },
      InstanceType: 't3.micro',
      SecurityGroups: [{ GroupId: group, GroupName: 'web' }],
      NetworkInterfaces: [{ Groups: [{ GroupId: group }], Attachment: { DeviceIndex: 0 } }],
      PublicIpAddress: expect.stringMatching(/^3\./),
      Tags: [{ Key: 'Name', Value: 'a' }],
    });
  });

  it('takes the default group of the VPC when none is named', async () => {
    const { ec2 } = openEc2();
    const [id = ''] = await launch(ec2);
    expect((await only(ec2, id))?.SecurityGroups).toMatchObject([{ GroupName: 'default' }]);
  });

  it('takes groups and addresses from its network interfaces', async () => {
    const { ec2 } = openEc2();
    const group = await makeGroup(ec2, 'web');
    const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[1]?.SubnetId;
    const NetworkInterfaces = [
      { DeviceIndex: 0, SubnetId, Groups: [group], AssociatePublicIpAddress: false },
    ];
    const [id = ''] = await launch(ec2, 1, { NetworkInterfaces });
    const shown = await only(ec2, id);
    expect(shown).toMatchObject({ SubnetId, SecurityGroups: [{ GroupId: group }] });
    expect(shown?.PublicIpAddress).toBeUndefined();
  });

  it.each<{ when: string; more: Partial<RunInstancesRequest>; code: string }>([
    {
      when: 'with a parameter that the sandbox does not know',
      more: { CpuOptions: { CoreCount: 1 } },
      code: 'UnsupportedParameter',
    },
    {
      when: 'with an unknown member of an interface',
      more: { NetworkInterfaces: [{ PrivateIpAddress: '10.0.0.9' }] },
      code: 'UnsupportedParameter',
    },
    {
      when: 'with groups beside interfaces',
      more: { NetworkInterfaces: [{ DeviceIndex: 0 }], SecurityGroupIds: ['sg-0123456789abcdef0'] },
      code: 'InvalidParameterCombination',
    },
    {
      when: 'with an unknown group',
      more: { SecurityGroupIds: ['sg-0123456789abcdef0'] },
      code: 'InvalidGroup.NotFound',
    },
    { when: 'with more than it asks for', more: { MinCount: 2, MaxCount: 1 }, code: 'InvalidParameterValue' },
    { when: 'with 1,001 instances', more: { MaxCount: 1001 }, code: 'InstanceLimitExceeded' },
    { when: 'with a malformed image', more: { ImageId: 'linux' }, code: 'InvalidAMIID.Malformed' },
  ])('is refused $when', async ({ more, code }) => {
    const { ec2 } = openEc2();
    expect(await refusal(launch(ec2, 1, more))).toMatchObject({ name: code });
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  it('refuses a group of another VPC', async () => {
    const { ec2 } = openEc2();
    const vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId;
    const group = await makeGroup(ec2, 'web', vpc);
    expect(await refusal(launch(ec2, 1, { SecurityGroupIds: [group] }))).toMatchObject({
      name: 'InvalidParameter',
    });
  });
});

describe('listing', () => {
  it('pages through launches of several sizes without losing an instance', async () => {
    const { ec2 } = openEc2();
    const launched = [...(await launch(ec2, 7)), ...(await launch(ec2, 4)), ...(await launch(ec2, 3))];
    const listed: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }));
      for (const { Instances = [] } of page.Reservations ?? [])
        listed.push(...Instances.map((one) => one.InstanceId));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(listed).toEqual(launched);
  });

  it.each([
    { filter: 'instance-state-name', value: 'stopped', found: 1 },
    { filter: 'instance-state-name', value: '*', found: 3 },
    { filter: 'instance.group-name', value: 'default', found: 3 },
    { filter: 'tag:Name', value: 'a', found: 0 },
  ])('finds $found by $filter=$value', async ({ filter, value, found }) => {
    const { sandbox, ec2 } = openEc2();
    const [first = ''] = await launch(ec2, 3);
    await sandbox.world.clock.advance(MINUTE);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
    await sandbox.world.clock.advance(MINUTE);
    const Filters = [{ Name: filter, Values: [value] }];
    const shown = await ec2.send(new DescribeInstancesCommand({ Filters }));
    expect(shown.Reservations?.flatMap((one) => one.Instances ?? []).length ?? 0).toBe(found);
  });

  it('refuses ids together with a page size, and ids that nothing has', async () => {
    const { ec2 } = openEc2();
    const [id = ''] = await launch(ec2);
    const paged = new DescribeInstancesCommand({ InstanceIds: [id], MaxResults: 5 });
    expect(await refusal(ec2.send(paged))).toMatchObject({ name: 'InvalidParameterCombination' });
    expect(await refusal(only(ec2, NO_INSTANCE))).toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await refusal(only(ec2, 'i-0a81k3ndl29175220'))).toMatchObject({
      name: 'InvalidInstanceID.Malformed',
    });
  });
});

describe('a life', () => {
  it('one bad id stops nothing', async () => {
    const { sandbox, ec2 } = openEc2();
    const [id = ''] = await launch(ec2);
    await sandbox.world.clock.advance(MINUTE);
    const stopping = ec2.send(new StopInstancesCommand({ InstanceIds: [id, NO_INSTANCE] }));
    expect(await refusal(stopping)).toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await only(ec2, id)).toMatchObject({ State: { Name: 'running' } });
  });

  it('is not ended while protected', async () => {
    const { ec2 } = openEc2();
    const [id = ''] = await launch(ec2, 1, { DisableApiTermination: true });
    const ending = () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await refusal(ending())).toMatchObject({ name: 'OperationNotPermitted' });
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: false } }),
    );
    await ending();
  });
});

describe('groups attached later', () => {
  it('B3.29 to an instance and to an interface', async () => {
    const { ec2 } = openEc2();
    const [web, db] = [await makeGroup(ec2, 'web'), await makeGroup(ec2, 'db')];
    const [id = ''] = await launch(ec2);
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [web] }));
    const Filters = [{ Name: 'group-id', Values: [web] }];
    const eni = (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces?.[0];
    expect(eni).toMatchObject({ Attachment: { InstanceId: id }, Status: 'in-use' });

    const change = { NetworkInterfaceId: eni?.NetworkInterfaceId, Groups: [web, db] };
    await ec2.send(new ModifyNetworkInterfaceAttributeCommand(change));
    expect((await only(ec2, id))?.SecurityGroups?.map((group) => group.GroupName)).toEqual(['web', 'db']);
  });

  it('a free interface can be deleted, one in use cannot', async () => {
    const { ec2 } = openEc2();
    const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
    const free = (await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }))).NetworkInterface
      ?.NetworkInterfaceId;
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: free }));
    await launch(ec2);
    const held = (await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces?.[0]
      ?.NetworkInterfaceId;
    const deleting = ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: held }));
    expect(await refusal(deleting)).toMatchObject({ name: 'InvalidParameterValue' });
  });
});

it('B3.49 a launch template keeps its versions', async () => {
  const { ec2 } = openEc2();
  const group = await makeGroup(ec2, 'web');
  const LaunchTemplateName = 'shop';
  const first = { LaunchTemplateName, LaunchTemplateData: { ImageId: 'ami-1' } };
  await ec2.send(new CreateLaunchTemplateCommand(first));
  const second = {
    LaunchTemplateName,
    SourceVersion: '1',
    LaunchTemplateData: { SecurityGroupIds: [group] },
  };
  await ec2.send(new CreateLaunchTemplateVersionCommand(second));

  const Versions = ['$Latest', '$Default'];
  const shown = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions }));
  expect(shown.LaunchTemplateVersions).toMatchObject([
    { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: { ImageId: 'ami-1' } },
    {
      VersionNumber: 2,
      DefaultVersion: false,
      LaunchTemplateData: { ImageId: 'ami-1', SecurityGroupIds: [group] },
    },
  ]);
  const listed = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  expect(listed.LaunchTemplates).toMatchObject([{ LaunchTemplateName, LatestVersionNumber: 2 }]);
  const again = ec2.send(new CreateLaunchTemplateCommand(first));
  expect(await refusal(again)).toMatchObject({ name: 'InvalidLaunchTemplateName.AlreadyExistsException' });
  const lost = ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['3'] }));
  expect(await refusal(lost)).toMatchObject({ name: 'InvalidLaunchTemplateId.VersionNotFound' });
});
