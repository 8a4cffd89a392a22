import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateTagsCommand,
  DescribeSecurityGroupRulesCommand,
  ModifyManagedPrefixListCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySecurityGroupRulesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { tagSecurityGroup } from '../../sandbox/services/ec2/seed.ts';
import { Company, PACKAGING_MS } from './company.ts';

let company: Company;
beforeAll(async () => {
  company = await Company.open();
}, PACKAGING_MS);
afterAll(async () => {
  const denied = company.denied();
  await company.close();
  expect(denied).toEqual([]);
});
beforeEach(() => company.world.forgetCalls());

const lastMail = () => company.mails().at(-1);

it("B3.1 B3.16 the documents' own script ends with 80 open and 22 closed, journaled and told", async () => {
  const id = await company.group();
  await company.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: id,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ],
    }),
  );
  await company.settle();

  expect(await company.standing(id)).toEqual(['tcp 80 0.0.0.0/0']);
  expect(await company.journal()).toMatchObject([
    { intent: { resource: { id }, actor: { name: 'ana' }, action: 'revoke-ingress' }, result: 'done' },
  ]);
  expect(lastMail()?.message).toContain(id);
  expect(lastMail()?.message).toContain('ana');
  // The floor is one describe and one revoke, the journal and the message; the rest makes sure.
  expect(company.calls()).toEqual([
    'DescribeSecurityGroups',
    'DescribeSecurityGroupRules',
    'DescribeNetworkInterfaces',
    'GetParameter',
    'Query',
    'TransactWriteItems',
    'RevokeSecurityGroupIngress',
    'DescribeSecurityGroups',
    'UpdateItem',
    'Publish',
    'UpdateItem',
  ]);
});

it.each<[string, readonly string[], readonly string[]]>([
  ['B3.3 all traffic', ['-1 0.0.0.0/0'], []],
  ['B3.2 a range', ['tcp 20-25 0.0.0.0/0', 'tcp 443 0.0.0.0/0'], ['tcp 443 0.0.0.0/0']],
  ['B3.7 B3.17 both families', ['tcp 22 ::/0', 'tcp 22 0.0.0.0/0', 'tcp 80 ::/0'], ['tcp 80 ::/0']],
  ['B3.9 split halves', ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'], []],
  [
    'B3.11 an office and a private range',
    ['tcp 22 203.0.113.0/24', 'tcp 22 10.0.0.0/8', 'udp 22 0.0.0.0/0'],
    ['tcp 22 10.0.0.0/8', 'tcp 22 203.0.113.0/24', 'udp 22 0.0.0.0/0'],
  ],
])('%s: only what opens SSH goes', async (_title, rules, left) => {
  const id = await company.group(rules);
  await company.settle();
  expect(await company.standing(id)).toEqual(left);
});

it('B3.9 halves that come in two calls are seen with the second', async () => {
  const id = await company.group(['tcp 22 0.0.0.0/1']);
  await company.settle();
  expect(await company.standing(id)).toEqual(['tcp 22 0.0.0.0/1']);

  await company.open(id, ['tcp 22 128.0.0.0/1']);
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
});

it('B3.21 a range on a group in use is left to a person', async () => {
  const id = await company.group();
  await company.attach(id);
  await company.open(id, ['tcp 20-25 0.0.0.0/0']);
  await company.settle();

  expect(await company.standing(id)).toEqual(['tcp 20-25 0.0.0.0/0']);
  expect(lastMail()?.message).toContain('a person has to decide');
});

it('B3.26 a rule that is changed into an open one is closed', async () => {
  const id = await company.group(['tcp 22 203.0.113.0/24']);
  const { SecurityGroupRules = [] } = await company.ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
  );
  const own = SecurityGroupRules.find(({ IsEgress }) => !IsEgress);
  await company.ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: id,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: own?.SecurityGroupRuleId,
          SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' },
        },
      ],
    }),
  );
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
});

it('B3.13 B3.14 a prefix list that takes the world in later closes the rules that name it', async () => {
  const { PrefixList } = await company.ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '203.0.113.0/24' }],
    }),
  );
  const PrefixListId = PrefixList?.PrefixListId ?? '';
  const id = await company.group([`tcp 22 ${PrefixListId}`, 'tcp 22 198.51.100.0/24']);
  await company.settle();
  expect(await company.standing(id)).toContain(`tcp 22 ${PrefixListId}`);

  await company.ec2.send(
    new ModifyManagedPrefixListCommand({
      PrefixListId,
      CurrentVersion: 1,
      AddEntries: [{ Cidr: '0.0.0.0/0' }],
    }),
  );
  await company.settle();
  expect(await company.standing(id)).toEqual(['tcp 22 198.51.100.0/24']);
});

it.each<[string, (group: string) => Promise<unknown>]>([
  [
    'RunInstances',
    (group) =>
      company.ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-0123456789abcdef0',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          SecurityGroupIds: [group],
        }),
      ),
  ],
  [
    'ModifyNetworkInterfaceAttribute',
    async (group) => {
      const NetworkInterfaceId = await company.attach(await company.group());
      await company.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [group] }),
      );
    },
  ],
])('B3.29 an open group that nobody saw is closed when %s puts it to use', async (_call, use) => {
  const id = await company.unseen(() => company.group(['tcp 22 0.0.0.0/0']));
  await company.settle();
  expect(await company.standing(id)).toEqual(['tcp 22 0.0.0.0/0']);

  await use(id);
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
});

it('B3.45 B6.7 an exempt bastion stays open until its exemption ends and that was told, and no longer', async () => {
  const Tags = [{ Key: 'reeve:exempt', Value: 'SEC-42 until 2026-11-21' }];
  const bastion = await company.group(['tcp 22 0.0.0.0/0'], Tags);
  await company.settle();
  expect(await company.standing(bastion)).toEqual(['tcp 22 0.0.0.0/0']);
  expect(company.logged('Resource').at(-1)).toMatchObject({
    resource: bastion,
    code: 'exempt',
    reason: expect.stringContaining('SEC-42'),
  });

  await company.ec2.send(
    new CreateTagsCommand({
      Resources: [bastion],
      Tags: [{ Key: 'reeve:exempt', Value: 'SEC-42 until 2026-11-19' }],
    }),
  );
  await company.settle();
  expect(await company.standing(bastion)).toEqual(['tcp 22 0.0.0.0/0']);
  expect(company.mails().at(-1)?.message).toContain('because its exemption has only just ended');

  await company.advance(180);
  expect(await company.standing(bastion)).toEqual([]);
});

it('B6.10 never touches what belongs to its own stack', async () => {
  const id = await company.unseen(() => company.group());
  const own = [{ Key: 'aws:cloudformation:stack-id', Value: company.stack.id }];
  tagSecurityGroup({ ...company.place, world: company.world }, id, own);
  await company.open(id, ['tcp 22 0.0.0.0/0']);
  await company.settle();

  expect(await company.standing(id)).toEqual(['tcp 22 0.0.0.0/0']);
  expect(company.logged('Resource').at(-1)).toMatchObject({ resource: id, outcome: 'skipped', code: 'self' });
});

it('B5.21 what Reeve does itself sets nothing off', async () => {
  const before = company.logged('Run').length;
  await company.group(['tcp 22 0.0.0.0/0']);
  await company.settle();
  expect(company.logged('Run')).toHaveLength(before + 1);
});
