import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  ModifyManagedPrefixListCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { shareSecurityGroup, tagSecurityGroup } from '../../../sandbox/services/ec2/seed.ts';
import { Office, permission } from './office.ts';

const group = (id: string) => ({ type: 'AWS::EC2::SecurityGroup', id });

describe('from the call to the closed port', () => {
  it("B3.1 B3.16 the documents' own script ends with 80 open and 22 closed", async () => {
    const office = new Office();
    const id = await office.group([]);
    await office.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ],
      }),
    );
    office.sandbox.world.forgetCalls();

    const reports = await office.react();

    expect(await office.standing(id)).toEqual(['tcp 80 0.0.0.0/0']);
    expect(reports.at(-1)?.results[0]).toMatchObject({ outcome: { outcome: 'done' } });
    expect(office.calls()).toEqual([
      'DescribeSecurityGroups',
      'DescribeSecurityGroupRules',
      'DescribeNetworkInterfaces',
      'RevokeSecurityGroupIngress',
      'DescribeSecurityGroups',
    ]);
  });

  it('an office /32 costs one call', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 198.51.100.7/32']);
    office.sandbox.world.forgetCalls();

    await office.react();

    expect(office.calls()).toEqual(['DescribeSecurityGroups']);
    expect(await office.standing(id)).toEqual(['tcp 22 198.51.100.7/32']);
  });

  it('B3.17 B3.9 B3.20 closes both families and split halves in one call, and journals their descriptions', async () => {
    const office = new Office();
    const id = await office.group([
      'tcp 22 0.0.0.0/1 # half',
      'tcp 22 128.0.0.0/1',
      'tcp 22 ::/0',
      'tcp 443 ::/0',
    ]);
    office.sandbox.world.forgetCalls();

    await office.react();

    expect(await office.standing(id)).toEqual(['tcp 443 ::/0']);
    expect(office.calls().filter((call) => call === 'RevokeSecurityGroupIngress')).toHaveLength(1);
    expect(office.journal.entries).toMatchObject([
      { before: { groupId: id, rules: [{ permission: { IpRanges: [{ Description: 'half' }] } }, {}, {}] } },
    ]);
  });

  it('B3.25 the flat form of the call is seen too', async () => {
    const office = new Office();
    const id = await office.group();
    await office.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        CidrIp: '0.0.0.0/0',
      }),
    );

    await office.react();

    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.26 a rule that is modified into an open one is closed', async () => {
    const office = new Office();
    const id = await office.group();
    const [ruleId = ''] = await office.open(id, 'tcp 22 198.51.100.7/32');
    await office.react();
    const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' };
    await office.ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId: id,
        SecurityGroupRules: [{ SecurityGroupRuleId: ruleId, SecurityGroupRule }],
      }),
    );

    await office.react();

    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.27 B3.28 opening egress and creating a group ask for nothing', async () => {
    const office = new Office();
    const id = await office.group();
    await office.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: id,
        IpPermissions: [permission('tcp 22 0.0.0.0/0')],
      }),
    );
    office.sandbox.world.forgetCalls();

    expect(await office.react()).toEqual([]);
    expect(office.calls()).toEqual([]);
  });

  it('B3.33 a refused call and a dry run ask for nothing, a duplicate for a look', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    office.events.splice(0);
    const open = { GroupId: id, IpPermissions: [permission('tcp 22 0.0.0.0/0')] };
    await office.ec2
      .send(new AuthorizeSecurityGroupIngressCommand({ ...open, DryRun: true }))
      .catch(() => {});
    expect(await office.react()).toEqual([]);

    await office.ec2.send(new AuthorizeSecurityGroupIngressCommand(open)).catch(() => {});
    await office.react();

    expect(await office.standing(id)).toEqual([]);
  });
});

describe('a group that is open before it is used', () => {
  it('B3.29 is found when an instance is launched with it', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    office.events.splice(0);
    await office.ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 2,
        SecurityGroupIds: [id],
      }),
    );

    await office.react();

    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.29 is found when it is attached to an interface', async () => {
    const office = new Office();
    const calm = await office.group();
    const open = await office.group(['tcp 22 0.0.0.0/0']);
    const eni = await office.attach([calm]);
    office.events.splice(0);
    await office.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [calm, open] }),
    );

    await office.react();

    expect(await office.standing(open)).toEqual([]);
  });

  it('is found behind a finding about its instance or interface', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const eni = await office.attach([id]);
    const { Instances = [] } = await office.ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [id],
      }),
    );
    const found = await office.found(
      { type: 'AWS::EC2::Instance', id: Instances[0]?.InstanceId ?? '' },
      { type: 'AWS::EC2::NetworkInterface', id: eni },
    );

    expect(found.map((one) => one.id)).toEqual([id]);
  });
});

describe('prefix lists', () => {
  async function withList(...cidrs: readonly string[]) {
    const office = new Office();
    const { PrefixList } = await office.ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'offices',
        AddressFamily: 'IPv4',
        MaxEntries: 5,
        Entries: cidrs.map((Cidr) => ({ Cidr })),
      }),
    );
    const list = PrefixList?.PrefixListId ?? '';
    const id = await office.group([`tcp 22 ${list}`, `tcp 443 ${list}`]);
    return { office, list, id };
  }

  it('B3.13 a list of offices is in order', async () => {
    const { office, id, list } = await withList('198.51.100.0/24');

    await office.react();

    expect(await office.standing(id)).toEqual([`tcp 22 ${list}`, `tcp 443 ${list}`]);
  });

  it('B3.14 the world added to a list closes the rule that uses it', async () => {
    const { office, id, list } = await withList('198.51.100.0/24');
    await office.react();
    await office.ec2.send(
      new ModifyManagedPrefixListCommand({
        PrefixListId: list,
        CurrentVersion: 1,
        AddEntries: [{ Cidr: '0.0.0.0/0' }],
      }),
    );

    await office.react();

    expect(await office.standing(id)).toEqual([`tcp 443 ${list}`]);
  });

  it('B3.13 a list that cannot be read is told, nothing is done', async () => {
    const { office, id, list } = await withList('0.0.0.0/0');
    office.sandbox.world.faults.add({ operation: 'GetManagedPrefixListEntries', kind: 'denied' });

    const reports = await office.react();

    expect(reports.at(-1)?.results[0]?.verdict).toMatchObject({ verdict: 'unknown' });
    expect(await office.standing(id)).toContain(`tcp 22 ${list}`);
  });
});

describe('state decides', () => {
  it('B3.34 a second delivery finds the rule gone and does nothing', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const [event] = office.events.filter((one) =>
      JSON.stringify(one).includes('AuthorizeSecurityGroupIngress'),
    );
    await office.handle(event);
    office.sandbox.world.forgetCalls();

    await office.handle(event);

    expect(office.calls()).not.toContain('RevokeSecurityGroupIngress');
    expect(office.journal.entries).toHaveLength(1);
    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.34 a record without a response is decided by the group', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);

    await office.react((event) => ({
      ...event,
      detail: { ...Object(event.detail), responseElements: null },
    }));

    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.35 a rule that was revoked before its event is heard of needs nothing', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    await office.ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [permission('tcp 22 0.0.0.0/0')] }),
    );

    await office.react();

    expect(office.journal.entries.filter(({ outcome }) => outcome?.result === 'done')).toEqual([]);
  });

  it('B3.36 a replayed or late event is decided by state, without waiting', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    const replayed = await office.react((event) => ({ ...event, 'replay-name': 'again' }));

    expect(replayed.at(-1)?.signal.delivery).toBe('replayed');
    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.40 a group that was deleted before its event is heard of needs nothing', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    await office.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));

    const reports = await office.react();

    expect(
      reports.flatMap(({ results }) => results).filter(({ outcome }) => outcome.outcome === 'failed'),
    ).toEqual([]);
    expect(office.calls()).not.toContain('DescribeSecurityGroupRules');
  });

  it('B3.32 a leftover of EC2-Classic is resolved within the default VPC', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0'], { name: 'legacy' });

    expect([...(await office.verdicts(group('legacy'))).keys()]).toEqual([id]);
    expect([...(await office.verdicts(group('nobody'))).keys()]).toEqual([]);
  });

  it('B3.43 a group of another account is told about, not touched', async () => {
    const office = new Office();
    const id = shareSecurityGroup(office.inside, {
      owner: '999988887777',
      name: 'shared',
      inbound: [
        {
          protocol: 'tcp',
          fromPort: 22,
          toPort: 22,
          peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
          description: undefined,
        },
      ],
    });

    const report = await office.sweep();

    expect(report.results).toMatchObject([
      { resource: { id }, verdict: { remedy: undefined }, outcome: { code: 'alert-only' } },
    ]);
  });

  it('B3.41 B3.42 re-added by a stack: closed again, counted, and its stack is named', async () => {
    const office = new Office();
    const id = await office.group();
    tagSecurityGroup(office.inside, id, [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }]);
    const pages: number[] = [];
    for (let time = 1; time <= 10; time++) {
      await office.open(id, 'tcp 22 0.0.0.0/0');
      const reports = await office.react();
      pages.push(reports[0]?.pages.length ?? 0);
    }

    expect(pages).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(await office.standing(id)).toEqual(['tcp 22 0.0.0.0/0']);
    expect(JSON.stringify(office.told.at(-1))).toMatch(/stack shop/);
  });

  it('B3.45 an exemption is honoured until it ends, a malformed one is not', async () => {
    const office = new Office();
    const exempt = await office.group(['tcp 22 0.0.0.0/0']);
    const malformed = await office.group(['tcp 22 0.0.0.0/0']);
    const mark = (id: string, Value: string) =>
      office.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'reeve:exempt', Value }] }));
    await mark(exempt, 'SEC-12 bastion until 2026-11-28');
    await mark(malformed, 'please');

    await office.sweep();

    expect(await office.standing(malformed)).toEqual([]);
    expect(await office.standing(exempt)).toEqual(['tcp 22 0.0.0.0/0']);

    await office.sandbox.world.clock.advance(30 * 86_400_000);
    await office.sweep();

    expect(await office.standing(exempt)).toEqual([]);
  });

  it('B3.50 a burst is one change per group, and what a cap holds back is queued', async () => {
    const office = new Office();
    office.guard = { caps: { count: 5, percent: 100 } };
    const ids = [];
    for (let one = 0; one < 8; one++) ids.push(await office.group(['tcp 22 0.0.0.0/0', 'tcp 22 ::/0']));

    const report = await office.sweep();

    expect(report.counts).toMatchObject({ done: 5, queued: 3 });
    expect(
      office.postponed.flatMap(({ scope }) => (scope.kind === 'resources' ? scope.resources : [])),
    ).toHaveLength(3);
    expect(report.pages.length).toBeGreaterThan(0);
  });

  it('B3.51 a sweep finds what no event told of', async () => {
    const office = new Office();
    const id = await office.group(['tcp 22 0.0.0.0/0']);
    office.events.splice(0);

    await office.sweep();

    expect(await office.standing(id)).toEqual([]);
  });
});

describe('reads that lag behind', () => {
  it('B3.37 waits for a rule that is not visible yet', async () => {
    const office = new Office();
    const id = await office.group();
    await office.sandbox.world.clock.advance(60_000);
    office.events.splice(0);
    office.sandbox.world.behaviour.consistencyMs = 2_500;
    await office.open(id, 'tcp 22 0.0.0.0/0');
    office.sandbox.world.forgetCalls();

    await office.react();
    await office.sandbox.world.clock.advance(60_000);

    expect(await office.standing(id)).toEqual([]);
    expect(office.calls()).toContain('RevokeSecurityGroupIngress');
  });

  it('B3.37 closes a rule that never becomes visible by the id in the record', async () => {
    const office = new Office();
    const id = await office.group();
    await office.sandbox.world.clock.advance(60_000);
    office.events.splice(0);
    office.sandbox.world.behaviour.consistencyMs = 20_000;
    await office.open(id, 'tcp 22 0.0.0.0/0');

    const reports = await office.react();
    await office.sandbox.world.clock.advance(60_000);

    expect(reports[0]?.results[0]?.notes.join()).toMatch(/never became visible/);
    expect(await office.standing(id)).toEqual([]);
  });

  it('B3.37 B3.35 a rule that was narrowed to the office under its own id stands', async () => {
    const office = new Office();
    const id = await office.group();
    const [ruleId] = await office.open(id, 'tcp 22 0.0.0.0/0');
    const opened = office.events.splice(0);
    const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '198.51.100.7/32' };
    await office.ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId: id,
        SecurityGroupRules: [{ SecurityGroupRuleId: ruleId, SecurityGroupRule }],
      }),
    );

    for (const event of opened) await office.handle(event);

    expect(await office.standing(id)).toEqual(['tcp 22 198.51.100.7/32']);
    expect(office.journal.entries).toEqual([]);
  });

  it.each(['inbound', 'outbound'])('B6.14 a forged record about an %s rule closes nothing', async (which) => {
    const office = new Office();
    const id = await office.group();
    const [office32 = ''] = await office.open(id, 'tcp 22 198.51.100.7/32');
    const { SecurityGroupRules = [] } = await office.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
    );
    const outward = SecurityGroupRules.find(({ IsEgress }) => IsEgress === true)?.SecurityGroupRuleId ?? '';
    const securityGroupRuleId = which === 'inbound' ? office32 : outward;
    const claimed = { isEgress: false, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIpv4: '0.0.0.0/0' };
    office.sandbox.world.forgetCalls();

    await office.react((event) => ({
      ...event,
      detail: {
        ...Object(event.detail),
        responseElements: { securityGroupRuleSet: { items: [{ ...claimed, securityGroupRuleId }] } },
      },
    }));

    expect(await office.standing(id)).toEqual(['tcp 22 198.51.100.7/32']);
    expect(office.calls()).not.toContain('RevokeSecurityGroupIngress');
  });
});

it('B5.28 waits until AWS’s own rate limit has grown back', async () => {
  const office = new Office();
  const id = await office.group();
  office.sandbox.world.behaviour.throttling = true;
  const ask = new RevokeSecurityGroupIngressCommand({
    GroupId: id,
    IpPermissions: [permission('tcp 1 10.0.0.0/8')],
  });
  await Promise.allSettled(Array.from({ length: 50 }, () => office.ec2.send(ask)));
  await expect(office.ec2.send(ask)).rejects.toThrow('Request limit exceeded');
  await office.open(id, 'tcp 22 0.0.0.0/0');
  const since = office.now().getTime();
  office.sandbox.world.forgetCalls();

  await office.react();

  expect(office.calls().filter((call) => call === 'RevokeSecurityGroupIngress')).toHaveLength(2);
  // Five a second grow back; the first wait is half of 500 ms.
  expect(office.now().getTime() - since).toBe(250);
  expect(await office.standing(id)).toEqual([]);
});
