import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressRequest,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { openEc2, refusal } from './client.ts';

const SSH: IpPermission = {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
};
const HTTP: IpPermission = {
  IpProtocol: 'tcp',
  FromPort: 80,
  ToPort: 80,
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
};
const NO_GROUP = 'sg-0123456789abcdef0';

async function makeGroup(ec2: EC2Client, name = 'web', VpcId?: string): Promise<string> {
  const made = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: name, Description: 'for tests', VpcId }),
  );
  return made.GroupId ?? '';
}

async function makeVpc(ec2: EC2Client): Promise<string> {
  return (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? '';
}

const open = (ec2: EC2Client, GroupId: string, ...IpPermissions: IpPermission[]) =>
  ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

async function inbound(ec2: EC2Client, groupId: string): Promise<IpPermission[]> {
  const shown = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
  return shown.SecurityGroups?.[0]?.IpPermissions ?? [];
}

const portOf = (permission: IpPermission) => permission.FromPort;

describe('a new group', () => {
  it('B3.28 has no inbound rule and lets all traffic out', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const shown = (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0];

    expect(shown).toMatchObject({
      GroupName: 'web',
      OwnerId: '111122223333',
      SecurityGroupArn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    expect(shown?.IpPermissions ?? []).toEqual([]);
  });

  it('B3.28 the default group lets its own members in', async () => {
    const { ec2 } = openEc2();
    const shown = await ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }));
    const group = shown.SecurityGroups?.[0];

    expect(group?.IpPermissions).toMatchObject([
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group?.GroupId }] },
    ]);
  });

  it.each<{
    when: string;
    input: { GroupName?: string; Description?: string; VpcId?: string };
    code: string;
  }>([
    { when: 'without a name', input: { GroupName: '' }, code: 'MissingParameter' },
    { when: 'named like an id', input: { GroupName: 'sg-mine' }, code: 'InvalidParameterValue' },
    { when: 'with a name that exists', input: { GroupName: 'taken' }, code: 'InvalidGroup.Duplicate' },
    { when: 'named default', input: { GroupName: 'default' }, code: 'InvalidParameterValue' },
    { when: 'described with ü', input: { Description: 'für' }, code: 'InvalidParameterValue' },
    { when: 'in no VPC', input: { VpcId: 'vpc-0123456789abcdef0' }, code: 'InvalidVpcID.NotFound' },
    { when: 'in a malformed VPC', input: { VpcId: 'net' }, code: 'InvalidVpcID.Malformed' },
  ])('is refused $when', async ({ input, code }) => {
    const { ec2 } = openEc2();
    await makeGroup(ec2, 'taken');
    const wish = { GroupName: 'new', Description: 'for tests', ...input };
    expect(await refusal(ec2.send(new CreateSecurityGroupCommand(wish)))).toMatchObject({ name: code });
  });

  it('may share its name with a group of another VPC', async () => {
    const { ec2 } = openEc2();
    const vpc = await makeVpc(ec2);
    expect(await makeGroup(ec2, 'web')).not.toBe(await makeGroup(ec2, 'web', vpc));
  });
});

describe('authorize', () => {
  it('B3.1 opens 80 and 22 in one call, each with a rule id of its own', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const answer = await open(ec2, id, HTTP, SSH);

    expect(answer.Return).toBe(true);
    expect(answer.SecurityGroupRules).toMatchObject([
      { GroupId: id, IsEgress: false, IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv4: '0.0.0.0/0' },
      { GroupId: id, IsEgress: false, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' },
    ]);
    expect(answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId).toMatch(/^sgr-[0-9a-f]{17}$/);
    expect((await inbound(ec2, id)).map(portOf)).toEqual([80, 22]);
  });

  it.each<{ name: string; given: IpPermission; kept: object }>([
    {
      name: 'B3.3 "6" is tcp',
      given: { ...SSH, IpProtocol: '6' },
      kept: { IpProtocol: 'tcp', FromPort: 22 },
    },
    { name: '"TCP" is tcp', given: { ...SSH, IpProtocol: 'TCP' }, kept: { IpProtocol: 'tcp', FromPort: 22 } },
    {
      name: 'B3.3 -1 has no ports',
      given: { ...SSH, IpProtocol: '-1' },
      kept: { IpProtocol: '-1', FromPort: -1, ToPort: -1 },
    },
    {
      name: 'B3.4 "1" is icmp with its type',
      given: { ...SSH, IpProtocol: '1', FromPort: 8, ToPort: 0 },
      kept: { IpProtocol: 'icmp', FromPort: 8, ToPort: 0 },
    },
    {
      name: 'B3.4 "58" is icmpv6',
      given: { ...SSH, IpProtocol: '58', FromPort: -1, ToPort: -1 },
      kept: { IpProtocol: 'icmpv6' },
    },
    {
      name: 'B3.5 ESP has no ports',
      given: { ...SSH, IpProtocol: '50' },
      kept: { IpProtocol: '50', FromPort: -1, ToPort: -1 },
    },
    {
      name: 'B3.8 203.0.113.9/0 is the world',
      given: { ...SSH, IpRanges: [{ CidrIp: '203.0.113.9/0' }] },
      kept: { CidrIpv4: '0.0.0.0/0' },
    },
    {
      name: 'host bits are cleared',
      given: { ...SSH, IpRanges: [{ CidrIp: '100.68.0.18/18' }] },
      kept: { CidrIpv4: '100.68.0.0/18' },
    },
    {
      name: 'B3.7 0::/0 is ::/0',
      given: { ...SSH, IpRanges: [], Ipv6Ranges: [{ CidrIpv6: '0:0:0:0:0:0:0:0/0' }] },
      kept: { CidrIpv6: '::/0' },
    },
    {
      name: 'IPv6 is compressed',
      given: { ...SSH, IpRanges: [], Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0:0::1/32' }] },
      kept: { CidrIpv6: '2001:db8::/32' },
    },
  ])('$name', async ({ given, kept }) => {
    const { ec2 } = openEc2();
    const answer = await open(ec2, await makeGroup(ec2), given);
    expect(answer.SecurityGroupRules).toMatchObject([kept]);
  });

  it.each<{
    when: string;
    input: Partial<AuthorizeSecurityGroupIngressRequest>;
    code: string;
    text?: RegExp;
  }>([
    {
      when: 'the group does not exist',
      input: { GroupId: NO_GROUP, IpPermissions: [SSH] },
      code: 'InvalidGroup.NotFound',
      text: /'sg-0123456789abcdef0' does not exist/,
    },
    {
      when: 'the group id is malformed',
      input: { GroupId: 'sg-web', IpPermissions: [SSH] },
      code: 'InvalidGroupId.Malformed',
      text: /Invalid id: "sg-web"/,
    },
    {
      when: 'the rule exists',
      input: { IpPermissions: [HTTP] },
      code: 'InvalidPermission.Duplicate',
      text: /^the specified rule "peer: 0.0.0.0\/0, TCP, from port: 80, to port: 80, ALLOW" already exists$/,
    },
    {
      when: 'the rule comes twice',
      input: { IpPermissions: [SSH, { ...SSH, IpProtocol: '6' }] },
      code: 'InvalidParameterValue',
      text: /must not appear multiple times/,
    },
    { when: 'nothing is asked', input: {}, code: 'MissingParameter' },
    {
      when: 'there is no source',
      input: { IpPermissions: [{ ...SSH, IpRanges: [] }] },
      code: 'MissingParameter',
      text: /Missing source specification/,
    },
    {
      when: 'the CIDR has no prefix',
      input: { IpPermissions: [{ ...SSH, IpRanges: [{ CidrIp: '1.2.3.4' }] }] },
      code: 'InvalidParameterValue',
      text: /CIDR block 1.2.3.4 is malformed/,
    },
    {
      when: 'the prefix is 33',
      input: { IpPermissions: [{ ...SSH, IpRanges: [{ CidrIp: '1.2.3.4/33' }] }] },
      code: 'InvalidParameterValue',
    },
    {
      when: 'an IPv6 block is given as IPv4',
      input: { IpPermissions: [{ ...SSH, IpRanges: [{ CidrIp: '::/0' }] }] },
      code: 'InvalidParameterValue',
    },
    {
      when: 'the protocol is unknown',
      input: { IpPermissions: [{ ...SSH, IpProtocol: 'ssh' }] },
      code: 'InvalidParameterValue',
      text: /Unknown protocol/,
    },
    {
      when: 'tcp has no ports',
      input: { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: SSH.IpRanges }] },
      code: 'InvalidParameterValue',
      text: /Must specify both from and to ports/,
    },
    {
      when: 'a port is 65536',
      input: { IpPermissions: [{ ...SSH, ToPort: 65536 }] },
      code: 'InvalidParameterValue',
      text: /out of range/,
    },
    {
      when: 'ports run backwards',
      input: { IpPermissions: [{ ...SSH, FromPort: 23 }] },
      code: 'InvalidParameterValue',
      text: /port range/,
    },
    {
      when: 'the description has 256 characters',
      input: {
        IpPermissions: [{ ...SSH, IpRanges: [{ CidrIp: '1.2.3.4/32', Description: 'x'.repeat(256) }] }],
      },
      code: 'InvalidParameterValue',
      text: /Invalid rule description/,
    },
    {
      when: 'both forms are used',
      input: { IpPermissions: [SSH], CidrIp: '1.2.3.4/32' },
      code: 'InvalidParameterCombination',
    },
    {
      when: 'the prefix list does not exist',
      input: {
        IpPermissions: [{ ...SSH, IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] }],
      },
      code: 'InvalidPrefixListID.NotFound',
    },
    {
      when: 'the source group does not exist',
      input: { IpPermissions: [{ ...SSH, IpRanges: [], UserIdGroupPairs: [{ GroupId: NO_GROUP }] }] },
      code: 'InvalidGroup.NotFound',
    },
    {
      when: 'another resource type is tagged',
      input: {
        IpPermissions: [SSH],
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b' }] }],
      },
      code: 'InvalidParameterValue',
    },
  ])('is refused when $when, and nothing is added', async ({ input, code, text }) => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    await open(ec2, id, HTTP);
    const refused = await refusal(
      ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, ...input })),
    );

    expect(refused).toMatchObject({ name: code, status: 400 });
    expect(refused.message).toMatch(text ?? /./);
    expect((await inbound(ec2, id)).map(portOf)).toEqual([80]);
  });

  it('B3.33 a dry run answers DryRunOperation and changes nothing', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const dry = ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [SSH], DryRun: true }),
    );

    expect(await refusal(dry)).toMatchObject({ name: 'DryRunOperation', status: 412 });
    expect(await inbound(ec2, id)).toEqual([]);
  });

  it('B3.25 B3.32 takes the flat form, and a group by its name in the default VPC', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const flat = { GroupName: 'web', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));

    expect(await inbound(ec2, id)).toMatchObject([{ FromPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]);
  });

  it('a source group alone opens all of TCP, UDP and ICMP to it', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const input = { GroupId: id, SourceSecurityGroupName: 'default' };
    const answer = await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
    expect(answer.SecurityGroupRules?.map((rule) => rule.IpProtocol)).toEqual(['tcp', 'udp', 'icmp']);
  });

  it('keeps descriptions and tags of rules', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    const text = 'x'.repeat(255);
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [{ ...SSH, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: text }] }],
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'ticket', Value: 'A-1' }] }],
      }),
    );
    const Filters = [{ Name: 'tag:ticket', Values: ['A-?'] }];
    const shown = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
    expect(shown.SecurityGroupRules).toMatchObject([
      { GroupId: id, Description: text, Tags: [{ Key: 'ticket' }] },
    ]);
  });

  it('B3.27 egress knows only the IpPermissions form', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    const added = await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [SSH] }));
    expect(added.SecurityGroupRules).toMatchObject([{ IsEgress: true, FromPort: 22 }]);
    expect(await inbound(ec2, GroupId)).toEqual([]);

    const flat = new AuthorizeSecurityGroupEgressCommand({ GroupId, IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' });
    expect(await refusal(ec2.send(flat))).toMatchObject({ name: 'UnsupportedParameter' });
  });
});

describe('the quota of 60 rules', () => {
  const hosts = (count: number, FromPort: number): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort,
    ToPort: FromPort,
    IpRanges: Array.from({ length: count }, (_, index) => ({ CidrIp: `10.0.0.${index}/32` })),
  });

  it('B3.22 allows 60 IPv4 rules and 60 IPv6 rules, and no 61st of either', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    await open(ec2, id, hosts(60, 443));
    const v6 = Array.from({ length: 60 }, (_, index) => ({ CidrIpv6: `2001:db8::${index + 1}/128` }));
    await open(ec2, id, { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: v6 });

    for (const more of [SSH, { ...SSH, IpRanges: [], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }]) {
      expect(await refusal(open(ec2, id, more))).toMatchObject({
        name: 'RulesPerSecurityGroupLimitExceeded',
        message: 'The maximum number of rules per security group has been reached.',
      });
    }
  });

  it.each([
    { standing: 50, code: undefined },
    { standing: 51, code: 'RulesPerSecurityGroupLimitExceeded' },
  ])('counts a prefix list of 10 as 10 beside $standing rules', async ({ standing, code }) => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    await open(ec2, id, hosts(standing, 443));
    const list = { PrefixListName: 'offices', MaxEntries: 10, AddressFamily: 'IPv4' };
    const made = await ec2.send(new CreateManagedPrefixListCommand(list));
    const PrefixListIds = [{ PrefixListId: made.PrefixList?.PrefixListId }];
    const opening = open(ec2, id, { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds });

    if (code) expect(await refusal(opening)).toMatchObject({ name: code });
    else expect((await opening).Return).toBe(true);
  });
});

describe('revoke', () => {
  it('B3.1 B3.19 takes away one rule by its id and keeps its neighbour', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    const opened = await open(ec2, GroupId, HTTP, SSH);
    const id = opened.SecurityGroupRules?.find((rule) => rule.FromPort === 22)?.SecurityGroupRuleId ?? '';
    const answer = await ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [id] }),
    );

    expect(answer).toMatchObject({
      Return: true,
      RevokedSecurityGroupRules: [{ SecurityGroupRuleId: id, CidrIpv4: '0.0.0.0/0' }],
    });
    expect((await inbound(ec2, GroupId)).map(portOf)).toEqual([80]);
  });

  it('B3.20 takes away a rule by its properties, whatever its description', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    await open(ec2, GroupId, { ...SSH, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'temporary' }] });
    const other = { ...SSH, IpProtocol: '6', IpRanges: [{ CidrIp: '203.0.113.9/0' }] };
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [other] }));
    expect(await inbound(ec2, GroupId)).toEqual([]);
  });

  it('B3.16 takes away one range of a permission with several', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    await open(ec2, GroupId, { ...SSH, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '192.0.2.0/24' }] });
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [SSH] }));
    expect(await inbound(ec2, GroupId)).toMatchObject([{ IpRanges: [{ CidrIp: '192.0.2.0/24' }] }]);
  });

  it('B3.38 outside the default VPC one unknown rule refuses the call, and nothing is revoked', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2, 'web', await makeVpc(ec2));
    await open(ec2, GroupId, SSH);
    const revoking = ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [SSH, HTTP] }));

    expect(await refusal(revoking)).toMatchObject({
      name: 'InvalidPermission.NotFound',
      message: 'The specified rule does not exist in this security group.',
    });
    expect((await inbound(ec2, GroupId)).map(portOf)).toEqual([22]);
  });

  it('B3.39 in the default VPC an unknown rule is listed without an error, and the others go', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    await open(ec2, GroupId, SSH);
    const answer = await ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [SSH, HTTP] }),
    );

    expect(answer.UnknownIpPermissions).toMatchObject([
      { IpProtocol: 'tcp', FromPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    ]);
    expect(answer.RevokedSecurityGroupRules?.map((rule) => rule.FromPort)).toEqual([22]);
    expect(await inbound(ec2, GroupId)).toEqual([]);
  });

  it.each<{ when: string; ids?: string[]; permissions?: IpPermission[]; code: string }>([
    {
      when: 'both forms are used',
      ids: ['sgr-0123456789abcdef0'],
      permissions: [SSH],
      code: 'InvalidParameterCombination',
    },
    { when: 'neither form is used', code: 'MissingParameter' },
    {
      when: 'the rule id is unknown',
      ids: ['sgr-0123456789abcdef0'],
      code: 'InvalidSecurityGroupRuleId.NotFound',
    },
    { when: 'the rule id is malformed', ids: ['sgr-ssh'], code: 'InvalidSecurityGroupRuleId.Malformed' },
  ])('B3.19 is refused when $when', async ({ ids, permissions, code }) => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    await open(ec2, GroupId, SSH);
    const input = { GroupId, SecurityGroupRuleIds: ids, IpPermissions: permissions };
    expect(await refusal(ec2.send(new RevokeSecurityGroupIngressCommand(input)))).toMatchObject({
      name: code,
    });
    expect((await inbound(ec2, GroupId)).map(portOf)).toEqual([22]);
  });

  it('B3.40 answers InvalidGroup.NotFound once the group is gone', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    const revoking = ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [SSH] }));
    expect(await refusal(revoking)).toMatchObject({ name: 'InvalidGroup.NotFound' });
  });
});

describe('changing rules in place', () => {
  async function oneRule(ec2: EC2Client): Promise<{ GroupId: string; id: string }> {
    const GroupId = await makeGroup(ec2);
    const opened = await open(ec2, GroupId, HTTP);
    return { GroupId, id: opened.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '' };
  }

  it('B3.26 gives a rule new ports and sources under its old id', async () => {
    const { ec2 } = openEc2();
    const { GroupId, id } = await oneRule(ec2);
    const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '203.0.113.9/0' };
    const SecurityGroupRules = [{ SecurityGroupRuleId: id, SecurityGroupRule }];
    await ec2.send(new ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules }));

    const shown = await ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] }));
    expect(shown.SecurityGroupRules).toMatchObject([{ FromPort: 22, CidrIpv4: '0.0.0.0/0' }]);
  });

  it.each<{ when: string; rule: object; code: string }>([
    {
      when: 'it becomes another rule',
      rule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' },
      code: 'InvalidPermission.Duplicate',
    },
    {
      when: 'its source changes its kind',
      rule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv6: '::/0' },
      code: 'InvalidParameterValue',
    },
    {
      when: 'it has two sources',
      rule: { IpProtocol: '-1', CidrIpv4: '0.0.0.0/0', CidrIpv6: '::/0' },
      code: 'InvalidParameterValue',
    },
    { when: 'it has no protocol', rule: { CidrIpv4: '0.0.0.0/0' }, code: 'MissingParameter' },
  ])('is refused when $when', async ({ rule, code }) => {
    const { ec2 } = openEc2();
    const { GroupId, id } = await oneRule(ec2);
    await open(ec2, GroupId, SSH);
    const SecurityGroupRules = [{ SecurityGroupRuleId: id, SecurityGroupRule: rule }];
    const modifying = ec2.send(new ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules }));
    expect(await refusal(modifying)).toMatchObject({ name: code });
  });

  it('gives a rule a new description by id and by properties', async () => {
    const { ec2 } = openEc2();
    const { GroupId, id } = await oneRule(ec2);
    const byId = {
      GroupId,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: id, Description: 'shop' }],
    };
    await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(byId));
    expect(await inbound(ec2, GroupId)).toMatchObject([{ IpRanges: [{ Description: 'shop' }] }]);

    const unknown = { GroupId, IpPermissions: [SSH] };
    expect(
      await refusal(ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(unknown))),
    ).toMatchObject({
      name: 'InvalidPermission.NotFound',
    });
  });
});

describe('describing', () => {
  it.each([
    { MaxResults: 10, sizes: [10, 10, 3] },
    { MaxResults: 1000, sizes: [23] },
  ])(
    'pages of $MaxResults through 23 groups lose none and repeat none',
    async ({ MaxResults, sizes: due }) => {
      const { ec2 } = openEc2();
      for (let index = 0; index < 22; index += 1) await makeGroup(ec2, `g-${index}`);
      const ids = new Set<string | undefined>();
      const sizes: number[] = [];
      let NextToken: string | undefined;
      do {
        const page = await ec2.send(new DescribeSecurityGroupsCommand({ MaxResults, NextToken }));
        for (const group of page.SecurityGroups ?? []) ids.add(group.GroupId);
        sizes.push(page.SecurityGroups?.length ?? 0);
        NextToken = page.NextToken;
      } while (NextToken);
      expect({ sizes, ids: ids.size }).toEqual({ sizes: due, ids: 23 });
    },
  );

  it.each<{ when: string; input: object; code: string }>([
    { when: 'a page of 4', input: { MaxResults: 4 }, code: 'InvalidParameterValue' },
    { when: 'a page of 1,001', input: { MaxResults: 1001 }, code: 'InvalidParameterValue' },
    { when: 'B5.29 a token nobody gave', input: { NextToken: 'bm9uc2Vuc2U' }, code: 'InvalidNextToken' },
    {
      when: 'an unknown filter',
      input: { Filters: [{ Name: 'group_id', Values: ['x'] }] },
      code: 'InvalidParameterValue',
    },
    {
      when: 'a filter named like a property of objects',
      input: { Filters: [{ Name: 'constructor', Values: ['x'] }] },
      code: 'InvalidParameterValue',
    },
    { when: 'an unknown id', input: { GroupIds: [NO_GROUP] }, code: 'InvalidGroup.NotFound' },
    { when: 'a malformed id', input: { GroupIds: ['web'] }, code: 'InvalidGroupId.Malformed' },
    { when: 'an unknown name', input: { GroupNames: ['nobody'] }, code: 'InvalidGroup.NotFound' },
  ])('refuses $when', async ({ input, code }) => {
    const { ec2 } = openEc2();
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand(input)))).toMatchObject({ name: code });
  });

  it('does not page a listing by ids', async () => {
    const { ec2 } = openEc2();
    const input = { GroupIds: [await makeGroup(ec2)], MaxResults: 5 };
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand(input)))).toMatchObject({
      name: 'InvalidParameterCombination',
    });
  });

  it.each<{ name: string; filter: string; values: string[]; found: string[] }>([
    { name: 'an exact name', filter: 'group-name', values: ['web'], found: ['web'] },
    { name: 'a wildcard', filter: 'group-name', values: ['w?b*'], found: ['web', 'web*2'] },
    { name: 'an escaped star', filter: 'group-name', values: ['web\\*2'], found: ['web*2'] },
    { name: 'two values', filter: 'group-name', values: ['web', 'db'], found: ['db', 'web'] },
    { name: 'case counts', filter: 'group-name', values: ['WEB'], found: [] },
    { name: 'a CIDR of its rules', filter: 'ip-permission.cidr', values: ['0.0.0.0/0'], found: ['web'] },
    { name: 'a port of its rules', filter: 'ip-permission.from-port', values: ['22'], found: ['web'] },
    { name: 'a protocol of its rules', filter: 'ip-permission.protocol', values: ['tcp'], found: ['web'] },
    {
      name: 'its egress',
      filter: 'egress.ip-permission.protocol',
      values: ['-1'],
      found: ['db', 'default', 'web', 'web*2'],
    },
    { name: 'the owner', filter: 'owner-id', values: ['999999999999'], found: [] },
  ])('finds groups by $name', async ({ filter, values, found }) => {
    const { ec2 } = openEc2();
    const web = await makeGroup(ec2, 'web');
    for (const name of ['web*2', 'db']) await makeGroup(ec2, name);
    await open(ec2, web, SSH);
    const Filters = [{ Name: filter, Values: values }];
    const shown = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect((shown.SecurityGroups ?? []).map((group) => group.GroupName).sort()).toEqual(found);
  });

  it('lists the rules of one group, inbound and outbound', async () => {
    const { ec2 } = openEc2();
    const id = await makeGroup(ec2);
    await open(ec2, id, SSH);
    const Filters = [{ Name: 'group-id', Values: [id] }];
    const shown = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 5 }));
    expect(shown.SecurityGroupRules?.map((rule) => rule.IsEgress)).toEqual([true, false]);
  });

  it('B3.37 shows a rule only after the lag that was asked for', async () => {
    const { sandbox, ec2 } = openEc2({ behaviour: { consistencyMs: 3000 } });
    const GroupId = await makeGroup(ec2);
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] })))).toMatchObject(
      {
        name: 'InvalidGroup.NotFound',
      },
    );
    await sandbox.world.clock.advance(3000);
    const opened = await open(ec2, GroupId, SSH);
    expect(await inbound(ec2, GroupId)).toEqual([]);
    await sandbox.world.clock.advance(2999);
    expect(await inbound(ec2, GroupId)).toEqual([]);
    await sandbox.world.clock.advance(1);
    expect((await inbound(ec2, GroupId)).map(portOf)).toEqual([22]);

    const SecurityGroupRuleIds = [opened.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''];
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
    expect((await inbound(ec2, GroupId)).map(portOf)).toEqual([22]);
  });
});

describe('deleting', () => {
  it('removes a group that nothing uses', async () => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    expect(await ec2.send(new DeleteSecurityGroupCommand({ GroupId }))).toMatchObject({
      Return: true,
      GroupId,
    });
  });

  it.each(['an interface', 'a rule of another group'])('is refused while %s uses the group', async (user) => {
    const { ec2 } = openEc2();
    const GroupId = await makeGroup(ec2);
    if (user === 'an interface') {
      const launch = {
        ImageId: 'ami-0123456789abcdef0',
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [GroupId],
      };
      await ec2.send(new RunInstancesCommand(launch));
    } else
      await open(ec2, await makeGroup(ec2, 'db'), { ...SSH, IpRanges: [], UserIdGroupPairs: [{ GroupId }] });

    expect(await refusal(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))).toMatchObject({
      name: 'DependencyViolation',
      message: `resource ${GroupId} has a dependent object`,
    });
  });

  it('B3.28 never removes a default group', async () => {
    const { ec2 } = openEc2();
    const deleting = ec2.send(new DeleteSecurityGroupCommand({ GroupName: 'default' }));
    expect(await refusal(deleting)).toMatchObject({ name: 'CannotDelete' });
  });
});
