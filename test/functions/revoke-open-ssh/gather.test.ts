import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { policy } from '../../../functions/revoke-open-ssh/policy.ts';
import { shareManagedPrefixList } from '../../../sandbox/services/ec2/seed.ts';
import { set } from './builders.ts';
import { Office } from './office.ts';

const ref = (id: string) => ({ type: 'AWS::EC2::SecurityGroup', id });

async function severityOf(office: Office, id: string) {
  const verdict = (await office.verdicts(ref(id))).get(id);
  return verdict?.verdict === 'violation' ? verdict.severity : verdict?.verdict;
}

async function launch(office: Office, groupId: string, SubnetId?: string): Promise<void> {
  await office.ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ...(SubnetId === undefined
        ? { SecurityGroupIds: [groupId] }
        : {
            NetworkInterfaces: [
              { DeviceIndex: 0, SubnetId, Groups: [groupId], AssociatePublicIpAddress: true },
            ],
          }),
    }),
  );
}

/** A group in a VPC of its own, with a public instance in its one subnet. */
async function inOwnVpc() {
  const office = new Office();
  const vpcId = await office.vpc();
  const { Subnet } = await office.ec2.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.1.1.0/24' }),
  );
  const id = await office.group(['tcp 22 0.0.0.0/0'], { vpcId });
  await launch(office, id, Subnet?.SubnetId ?? '');
  return { office, vpcId, id };
}

async function connect(office: Office, vpcId: string): Promise<void> {
  const { InternetGateway } = await office.ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? '';
  await office.ec2.send(new AttachInternetGatewayCommand({ VpcId: vpcId, InternetGatewayId }));
  const { RouteTables = [] } = await office.ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
  );
  for (const { RouteTableId } of RouteTables) {
    await office.ec2.send(
      new CreateRouteCommand({
        RouteTableId,
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: InternetGatewayId,
      }),
    );
  }
}

describe('B3.46 severity', () => {
  it('is high for a public instance, lower for a group that nothing uses or that has no public address', async () => {
    const office = new Office();
    const idle = await office.group(['tcp 22 0.0.0.0/0']);
    const hidden = await office.group(['tcp 22 0.0.0.0/0']);
    const exposed = await office.group(['tcp 22 0.0.0.0/0']);
    await office.attach([hidden]);
    await launch(office, exposed);

    expect(await severityOf(office, idle)).toBe('medium');
    expect(await severityOf(office, hidden)).toBe('medium');
    expect(await severityOf(office, exposed)).toBe('high');
  });

  it('is lower while no route leads to an internet gateway', async () => {
    const { office, vpcId, id } = await inOwnVpc();
    expect(await severityOf(office, id)).toBe('medium');

    await connect(office, vpcId);

    expect(await severityOf(office, id)).toBe('high');
  });

  it('is lower while a network ACL stops the port', async () => {
    const { office, vpcId, id } = await inOwnVpc();
    await connect(office, vpcId);
    const { NetworkAcls = [] } = await office.ec2.send(
      new DescribeNetworkAclsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
    );
    await office.ec2.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId: NetworkAcls[0]?.NetworkAclId,
        RuleNumber: 10,
        Egress: false,
        Protocol: '6',
        PortRange: { From: 22, To: 22 },
        CidrBlock: '0.0.0.0/0',
        RuleAction: 'deny',
      }),
    );

    expect(await severityOf(office, id)).toBe('medium');
  });

  it.each(['DescribeNetworkInterfaces', 'DescribeRouteTables', 'DescribeNetworkAcls'])(
    'stays high when %s is refused',
    async (operation) => {
      const { office, vpcId, id } = await inOwnVpc();
      if (operation === 'DescribeNetworkAcls') await connect(office, vpcId);
      office.sandbox.world.faults.add({ operation, kind: 'denied' });

      expect(await severityOf(office, id)).toBe('high');
    },
  );

  it('asks nothing about a group that is in order', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 198.51.100.7/32']);
    office.sandbox.world.forgetCalls();

    expect(await severityOf(office, id)).toBe('compliant');
    expect(office.calls()).toEqual(['DescribeSecurityGroups']);
  });
});

describe('B3.21 a wider rule', () => {
  it('goes when nothing uses the group, and is told otherwise or when that cannot be read', async () => {
    const office = new Office();
    const idle = await office.group(['tcp 20-25 0.0.0.0/0', '-1 ::/0']);
    const used = await office.group(['tcp 20-25 0.0.0.0/0']);
    await office.attach([used]);
    const remedy = async (id: string) => {
      const verdict = (await office.verdicts(ref(id))).get(id);
      return verdict?.verdict === 'violation' ? verdict.remedy?.revoke.length : undefined;
    };

    expect(await remedy(idle)).toBe(2);
    expect(await remedy(used)).toBeUndefined();
    office.sandbox.world.faults.add({ operation: 'DescribeNetworkInterfaces', kind: 'denied' });
    expect(await remedy(idle)).toBeUndefined();
  });
});

describe('B3.13 prefix lists', () => {
  it("are read once for all groups, AWS's own never", async () => {
    const office = new Office();
    const { PrefixList } = await office.ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'offices',
        AddressFamily: 'IPv4',
        MaxEntries: 2,
        Entries: [{ Cidr: '0.0.0.0/1' }, { Cidr: '128.0.0.0/1' }],
      }),
    );
    const list = PrefixList?.PrefixListId ?? '';
    const ids = [await office.group([`tcp 22 ${list}`]), await office.group([`tcp 22 ${list}`])];
    const unread = await office.group([`tcp 443 ${list}`]);
    office.sandbox.world.forgetCalls();

    const report = await office.sweep();

    expect(report.counts.done).toBe(2);
    for (const id of ids) expect(await office.standing(id)).toEqual([]);
    expect(await office.standing(unread)).toEqual([`tcp 443 ${list}`]);
    expect(office.calls().filter((call) => call === 'GetManagedPrefixListEntries')).toHaveLength(1);
  });

  it('of another account that may not be read make the verdict unknown', async () => {
    const office = new Office();
    const list = shareManagedPrefixList(office.inside, {
      owner: '999988887777',
      name: 'theirs',
      cidrs: ['0.0.0.0/0'],
      readable: false,
    });
    const id = await office.group([`tcp 22 ${list}`]);

    expect(await severityOf(office, id)).toBe('unknown');
    office.sandbox.world.faults.add({ operation: 'DescribeManagedPrefixLists', kind: 'denied' });
    expect(await severityOf(office, id)).toBe('unknown');
  });
});

it('B3.43 names the other VPCs in which a group is used', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 0.0.0.0/0']);
  await office.attach([id]);
  const [group] = await office.found(ref(id));
  if (group?.type !== 'AWS::EC2::SecurityGroup') throw new Error('no group');

  const facts = await policy.gather([{ ...group, vpcId: 'vpc-other' }], set(), office.around);

  expect(facts.get(id)).toMatchObject({ interfaces: 1, otherVpcs: [group.vpcId] });
});

it('B3.49 a network ACL that somebody opened is told about', async () => {
  const office = new Office();
  const { NetworkAcls = [] } = await office.ec2.send(new DescribeNetworkAclsCommand({}));
  await office.ec2.send(
    new CreateNetworkAclEntryCommand({
      NetworkAclId: NetworkAcls[0]?.NetworkAclId,
      RuleNumber: 10,
      Egress: false,
      Protocol: '6',
      PortRange: { From: 22, To: 22 },
      CidrBlock: '0.0.0.0/0',
      RuleAction: 'allow',
    }),
  );

  const [report] = await office.react();

  expect(report?.results).toMatchObject([
    { verdict: { reasonCode: 'acl-open', severity: 'low' }, outcome: { code: 'alert-only' } },
  ]);
});

it('a throttled or denied Describe call is reported, and nothing is done', async () => {
  const office = new Office();
  const id = await office.group(['tcp 22 0.0.0.0/0']);
  office.sandbox.world.faults.add({ operation: 'DescribeSecurityGroupRules', kind: 'denied' });

  const report = await office.sweep();

  expect(report.state).not.toBe('complete');
  expect(await office.standing(id)).toEqual(['tcp 22 0.0.0.0/0']);
});
