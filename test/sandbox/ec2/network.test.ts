import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteNetworkAclEntryCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  type EC2Client,
  ModifyVpcBlockPublicAccessOptionsCommand,
  ReplaceNetworkAclEntryCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { openEc2, refusal } from './client.ts';

const vpcFilter = (id: string) => [{ Name: 'vpc-id', Values: [id] }];

async function defaultVpc(ec2: EC2Client): Promise<string> {
  const Filters = [{ Name: 'is-default', Values: ['true'] }];
  return (await ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs?.[0]?.VpcId ?? '';
}

async function makeVpc(ec2: EC2Client, CidrBlock = '10.0.0.0/16'): Promise<string> {
  return (await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? '';
}

async function makeSubnet(ec2: EC2Client, VpcId: string, CidrBlock = '10.0.1.0/24'): Promise<string> {
  return (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }))).Subnet?.SubnetId ?? '';
}

describe('a region at the start', () => {
  it('has a default VPC with a public subnet in each zone', async () => {
    const { ec2 } = openEc2();
    const id = await defaultVpc(ec2);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters: vpcFilter(id) }));
    const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand({}));
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({}));

    expect(
      Subnets?.map((one) => [one.CidrBlock, one.MapPublicIpOnLaunch, one.AvailableIpAddressCount]),
    ).toEqual([
      ['172.31.0.0/20', true, 4091],
      ['172.31.16.0/20', true, 4091],
      ['172.31.32.0/20', true, 4091],
    ]);
    expect(InternetGateways?.[0]?.Attachments).toMatchObject([{ VpcId: id }]);
    expect(RouteTables).toMatchObject([
      {
        Associations: [{ Main: true }],
        Routes: [
          { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGateways?.[0]?.InternetGatewayId },
        ],
      },
    ]);
  });

  it('gives each account its own names for the same zones', async () => {
    const zonesIn = async (account: string) => {
      const { ec2 } = openEc2({ account });
      const shown = await ec2.send(new DescribeAvailabilityZonesCommand({}));
      return shown.AvailabilityZones?.map((zone) => `${zone.ZoneName} ${zone.ZoneId}`);
    };
    expect(await zonesIn('111122223333')).toEqual([
      'eu-west-1a euw1-az1',
      'eu-west-1b euw1-az2',
      'eu-west-1c euw1-az3',
    ]);
    expect((await zonesIn('111122223334'))?.[0]).toBe('eu-west-1a euw1-az2');
  });

  it('B5.30 lists regions that are opted in, and the others when asked', async () => {
    const { sandbox, ec2 } = openEc2();
    const named = async (input: object) =>
      (await ec2.send(new DescribeRegionsCommand(input))).Regions?.map((region) => region.RegionName) ?? [];
    expect(sandbox.region).toBe('eu-west-1');
    const enabled = await named({});
    expect(enabled).toContain('eu-west-1');
    expect((await named({ AllRegions: true })).length).toBeGreaterThanOrEqual(enabled.length);
    const Filters = [{ Name: 'opt-in-status', Values: ['not-opted-in'] }];
    expect(await named({ Filters })).toEqual([]);
    expect(await refusal(named({ RegionNames: ['mars-north-1'] }))).toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('VPCs and subnets', () => {
  it('a new VPC brings its main route table, default ACL and default group', async () => {
    const { ec2 } = openEc2();
    const Filters = vpcFilter(await makeVpc(ec2));
    expect((await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables).toHaveLength(1);
    expect((await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls).toMatchObject([
      { IsDefault: true },
    ]);
    expect((await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups).toMatchObject([
      { GroupName: 'default' },
    ]);
  });

  it.each([
    { cidr: '10.0.0.0/15', code: 'InvalidVpc.Range' },
    { cidr: '10.0.0.0/16', code: undefined },
    { cidr: '10.0.0.0/28', code: undefined },
    { cidr: '10.0.0.0/29', code: 'InvalidVpc.Range' },
    { cidr: 'ten', code: 'InvalidParameterValue' },
  ])('a VPC of $cidr ends with $code', async ({ cidr, code }) => {
    const { ec2 } = openEc2();
    if (code) expect(await refusal(makeVpc(ec2, cidr))).toMatchObject({ name: code });
    else expect(await makeVpc(ec2, cidr)).toMatch(/^vpc-[0-9a-f]{17}$/);
  });

  it.each([
    { cidr: '172.31.15.0/20', code: 'InvalidSubnet.Range' },
    { cidr: '10.0.0.0/15', code: 'InvalidSubnet.Range' },
    { cidr: '10.0.0.0/29', code: 'InvalidSubnet.Range' },
    { cidr: '10.0.1.128/25', code: 'InvalidSubnet.Conflict' },
    { cidr: '10.0.0.0/16', code: 'InvalidSubnet.Conflict' },
  ])('a subnet of $cidr is refused with $code', async ({ cidr, code }) => {
    const { ec2 } = openEc2();
    const vpc = await makeVpc(ec2);
    await makeSubnet(ec2, vpc);
    expect(await refusal(makeSubnet(ec2, vpc, cidr))).toMatchObject({ name: code });
  });

  it('counts the addresses that are left: five are AWS’s own', async () => {
    const { sandbox, ec2 } = openEc2();
    const id = await makeSubnet(ec2, await makeVpc(ec2), '10.0.0.0/28');
    const left = async () =>
      (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }))).Subnets?.[0]?.AvailableIpAddressCount;
    expect(await left()).toBe(11);
    const launch = { ImageId: 'ami-0123456789abcdef0', SubnetId: id };
    expect(
      await refusal(ec2.send(new RunInstancesCommand({ ...launch, MinCount: 12, MaxCount: 12 }))),
    ).toMatchObject({
      name: 'InsufficientFreeAddressesInSubnet',
    });
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ ...launch, MinCount: 1, MaxCount: 12 }),
    );
    expect(Instances).toHaveLength(11);
    expect(await left()).toBe(0);
    expect(
      await refusal(ec2.send(new RunInstancesCommand({ ...launch, MinCount: 1, MaxCount: 1 }))),
    ).toMatchObject({
      name: 'InsufficientFreeAddressesInSubnet',
    });
    expect(await refusal(ec2.send(new DeleteSubnetCommand({ SubnetId: id })))).toMatchObject({
      name: 'DependencyViolation',
    });
    const InstanceIds = [Instances[3]?.InstanceId ?? ''];
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await sandbox.world.clock.advance(60_000);
    const again = await ec2.send(new RunInstancesCommand({ ...launch, MinCount: 1, MaxCount: 1 }));
    expect(again.Instances?.[0]?.PrivateIpAddress).toBe(Instances[3]?.PrivateIpAddress);
  });

  it('deletes a VPC only when it is empty', async () => {
    const { ec2 } = openEc2();
    const VpcId = await makeVpc(ec2);
    const SubnetId = await makeSubnet(ec2, VpcId);
    expect(await refusal(ec2.send(new DeleteVpcCommand({ VpcId })))).toMatchObject({
      name: 'DependencyViolation',
    });
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
  });
});

describe('ways to the internet', () => {
  it('B3.46 a subnet is public by its own table, or by the main one without an association', async () => {
    const { ec2 } = openEc2();
    const VpcId = await makeVpc(ec2);
    const SubnetId = await makeSubnet(ec2, VpcId);
    const InternetGatewayId =
      (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? '';
    const RouteTableId =
      (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId ?? '';
    const route = { RouteTableId, GatewayId: InternetGatewayId, DestinationCidrBlock: '0.0.0.0/0' };
    expect(await refusal(ec2.send(new CreateRouteCommand(route)))).toMatchObject({
      name: 'InvalidParameterValue',
    });
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await ec2.send(new CreateRouteCommand(route));
    expect(await refusal(ec2.send(new CreateRouteCommand(route)))).toMatchObject({
      name: 'RouteAlreadyExists',
    });

    const Filters = [{ Name: 'association.subnet-id', Values: [SubnetId] }];
    expect((await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables).toEqual([]);
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    expect((await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables).toMatchObject([
      { RouteTableId, Associations: [{ SubnetId, Main: false }] },
    ]);
    expect(await refusal(ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId })))).toMatchObject(
      {
        name: 'Resource.AlreadyAssociated',
      },
    );
  });

  it('a gateway serves one VPC, and is deleted only when detached', async () => {
    const { ec2 } = openEc2();
    const VpcId = await makeVpc(ec2);
    const InternetGatewayId =
      (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? '';
    const ids = { InternetGatewayId, VpcId };
    expect(await refusal(ec2.send(new DetachInternetGatewayCommand(ids)))).toMatchObject({
      name: 'Gateway.NotAttached',
    });
    await ec2.send(new AttachInternetGatewayCommand(ids));
    expect(await refusal(ec2.send(new AttachInternetGatewayCommand(ids)))).toMatchObject({
      name: 'Resource.AlreadyAssociated',
    });
    expect(await refusal(ec2.send(new DeleteInternetGatewayCommand(ids)))).toMatchObject({
      name: 'DependencyViolation',
    });
    await ec2.send(new DetachInternetGatewayCommand(ids));
    await ec2.send(new DeleteInternetGatewayCommand(ids));
  });

  it('B3.49 network ACL entries are created, replaced and deleted by number and direction', async () => {
    const { ec2 } = openEc2();
    const acls = async () => (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls?.[0];
    const NetworkAclId = (await acls())?.NetworkAclId ?? '';
    const entry = {
      NetworkAclId,
      RuleNumber: 50,
      Egress: false,
      Protocol: 'tcp',
      RuleAction: 'deny' as const,
      CidrBlock: '203.0.113.9/0',
      PortRange: { From: 22, To: 22 },
    };
    expect(await refusal(ec2.send(new ReplaceNetworkAclEntryCommand(entry)))).toMatchObject({
      name: 'InvalidNetworkAclEntry.NotFound',
    });
    await ec2.send(new CreateNetworkAclEntryCommand(entry));
    expect(await refusal(ec2.send(new CreateNetworkAclEntryCommand(entry)))).toMatchObject({
      name: 'NetworkAclEntryAlreadyExists',
    });
    await ec2.send(new ReplaceNetworkAclEntryCommand({ ...entry, RuleAction: 'allow' }));
    expect((await acls())?.Entries?.find((one) => !one.Egress)).toEqual({
      RuleNumber: 50,
      Egress: false,
      Protocol: '6',
      RuleAction: 'allow',
      CidrBlock: '0.0.0.0/0',
      PortRange: { From: 22, To: 22 },
    });
    await ec2.send(new DeleteNetworkAclEntryCommand(entry));
    expect((await acls())?.Entries).toHaveLength(4);
  });

  it.each([0, 32767])('B3.49 rule number %i is not a user’s', async (RuleNumber) => {
    const { ec2 } = openEc2();
    const NetworkAclId = (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls?.[0]?.NetworkAclId;
    const entry = { NetworkAclId, RuleNumber, Egress: false, Protocol: '-1', CidrBlock: '0.0.0.0/0' };
    const creating = ec2.send(new CreateNetworkAclEntryCommand({ ...entry, RuleAction: 'deny' }));
    expect(await refusal(creating)).toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('B3.46 block public access is off until somebody turns it on', async () => {
    const { ec2 } = openEc2();
    const mode = async () =>
      (await ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand({}))).VpcBlockPublicAccessOptions
        ?.InternetGatewayBlockMode;
    expect(await mode()).toBe('off');
    await ec2.send(
      new ModifyVpcBlockPublicAccessOptionsCommand({ InternetGatewayBlockMode: 'block-ingress' }),
    );
    expect(await mode()).toBe('block-ingress');
  });
});
