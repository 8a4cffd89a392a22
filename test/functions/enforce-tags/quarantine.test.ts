import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  type InstanceNetworkInterface,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { undo } from '../../../functions/enforce-tags/undo.ts';
import { wayBack } from '../../../functions/enforce-tags/way-back.ts';
import { clear, facts, instance, violationBy } from './builders.ts';
import { Office } from './office.ts';

const MARK = 'reeve:enforce-tags';
const owner = { key: 'Owner' };
const settings = { onDeadline: 'quarantine' };
const due = { [MARK]: 'quarantine@2026-11-20T12:00Z' };
const known = facts({ around: clear, quarantine: { value: 'sg-q' } });

describe('B2.40 the judgement', () => {
  it('gives a deadline first, and cuts off when it is over', () => {
    const first = violationBy({}, [owner], { settings, resource: instance });
    const second = violationBy(due, [owner], { settings, resource: instance, facts: known });

    expect(first.remedy?.summary).toBe('mark it quarantine@2026-11-27T12:00Z');
    expect(second).toMatchObject({
      reasonCode: 'tags-overdue',
      remedy: {
        action: 'quarantine-instance',
        summary: 'Cut i-1 off by the group sg-q',
        before: { interfaces: [{ id: 'eni-1', groupIds: ['sg-1', 'sg-2'] }] },
        undo: 'Give the interfaces of i-1 their groups again',
      },
      advice: [expect.stringContaining('stay open until they end')],
    });
  });

  it.each([
    [
      'whose VPC has no such group',
      facts({ around: clear, quarantine: { unknown: 'vpc-1 has none' } }),
      'vpc-1 has none',
    ],
    ['whose group was not looked up', facts({ around: clear }), 'not looked up'],
    [
      'in service',
      facts({
        around: { ...clear, serves: { value: 'the target group web' } },
        quarantine: { value: 'sg-q' },
      }),
      'behind the target group web',
    ],
    [
      'of which nobody knows whether it is in service',
      facts({ around: { ...clear, serves: { unknown: 'no right' } }, quarantine: { value: 'sg-q' } }),
      'no right',
    ],
  ])('leaves an overdue one %s as it is, and tells', (_when, around, says) => {
    const verdict = violationBy(due, [owner], { settings, resource: instance, facts: around });

    expect(verdict.remedy).toBeUndefined();
    expect(verdict.advice.join()).toContain(says);
  });

  it('needs nothing more once it is cut off', () => {
    const resource = { ...instance, interfaces: [{ id: 'eni-1', groupIds: ['sg-q'] }] };

    expect(violationBy(due, [owner], { settings, resource, facts: known }).remedy).toBeUndefined();
  });

  it('a mark of other settings counts for nothing, and is written anew', () => {
    const verdict = violationBy({ [MARK]: 'stop@2026-11-20T12:00Z' }, [owner], {
      settings,
      resource: instance,
      facts: known,
    });

    expect(verdict.remedy?.set.get(MARK)).toBe('quarantine@2026-11-27T12:00Z');
  });
});

describe('B2.40 in an account', () => {
  async function quarantineGroup({ ec2 }: Office, egress = false, GroupName = 'q'): Promise<string> {
    const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName, Description: 'cuts off', VpcId: vpc?.VpcId }),
    );
    const Tags = [{ Key: 'reeve:quarantine', Value: '' }];
    await ec2.send(new CreateTagsCommand({ Resources: [GroupId], Tags }));
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    if (!egress) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
    return GroupId;
  }

  async function groupsOf({ ec2 }: Office, id: string) {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const [nic] = Reservations[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
    return { nic: nic?.NetworkInterfaceId ?? '', groups: nic?.Groups?.map(({ GroupId }) => GroupId) };
  }

  /** Of each interface, by its place on the instance. */
  async function allGroupsOf({ ec2 }: Office, id: string): Promise<readonly string[]> {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const nics = Reservations[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
    const placeOf = (nic: InstanceNetworkInterface) => nic.Attachment?.DeviceIndex ?? 0;
    return nics
      .toSorted((one, other) => placeOf(one) - placeOf(other))
      .map(({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId).join());
  }

  async function launchWithInterfaces({ ec2 }: Office, count: number): Promise<string> {
    const { Instances: [launched] = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 'm5.large',
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces: Array.from({ length: count }, (_, DeviceIndex) => ({ DeviceIndex })),
      }),
    );
    return launched?.InstanceId ?? '';
  }

  async function overdue(
    egress = false,
    launch = async (office: Office) => (await office.launch())[0],
    tags: readonly object[] = [owner],
  ) {
    const office = new Office({
      tags,
      types: ['AWS::EC2::Instance'],
      ...settings,
      deadline: { days: 1 },
    });
    const cutOff = await quarantineGroup(office, egress);
    const id = (await launch(office)) ?? '';
    const before = await groupsOf(office, id);
    await office.pass(60);
    await office.sweep();
    await office.pass(25 * 60);
    return { office, cutOff, id, ...before };
  }

  const standing = (office: Office) => {
    const entry = office.journal.entries.at(-1);
    if (entry === undefined) throw new Error('nothing was journaled');
    return wayBack.standing(entry, office.around);
  };

  const taken = ({ journal, aws }: Office) => {
    const entry = journal.entries.at(-1);
    return undo(entry?.before ?? null, entry?.outcome?.after ?? null, aws);
  };

  it('the groups of each interface give way to the quarantine group, and come back by an undo', async () => {
    const { office, cutOff, id, groups } = await overdue();

    const { results } = await office.sweep();

    expect(results[0]?.outcome).toMatchObject({ outcome: 'done', code: 'remedied' });
    expect((await groupsOf(office, id)).groups).toEqual([cutOff]);
    expect((await office.sweep()).results[0]?.outcome.code).toBe('alert-only');
    expect(await standing(office)).toMatchObject({
      state: 'ours',
      will: [expect.stringMatching(/^Give eni-\w+ the groups sg-\w+ again\.$/)],
    });
    expect(await taken(office)).toMatchObject({ result: 'done' });
    expect((await groupsOf(office, id)).groups).toEqual(groups);
    expect(await standing(office)).toMatchObject({ state: 'as-before' });
  });

  it('B6.18 groups that somebody gave it since are not taken from it by an undo', async () => {
    const { office, id, nic, groups = [] } = await overdue();
    await office.sweep();
    const other = await office.ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'o', Description: 'other' }),
    );
    const Groups = [other.GroupId ?? ''];
    await office.ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: nic, Groups }));

    expect(await standing(office)).toMatchObject({ state: 'changed' });
    expect(await taken(office)).toMatchObject({ result: 'failed', code: 'changed' });
    expect((await groupsOf(office, id)).groups).toEqual(Groups);
    expect(groups).not.toEqual(Groups);
  });

  it('a group that lets anything out isolates nothing and is not used', async () => {
    const { office, id, groups } = await overdue(true);

    const { results } = await office.sweep();

    expect(JSON.stringify(results[0]?.verdict)).toContain('has rules, so that it would isolate nothing');
    expect((await groupsOf(office, id)).groups).toEqual(groups);
  });

  it('what EC2 refuses changes nothing and is told', async () => {
    const { office, id, groups } = await overdue();
    office.sandbox.world.faults.add({ operation: 'ModifyNetworkInterfaceAttribute', kind: 'denied' });

    const { results } = await office.sweep();

    expect(results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'UnauthorizedOperation' });
    expect((await groupsOf(office, id)).groups).toEqual(groups);
  });

  it('B6.17 a cut without an answer, whose group cannot be read any more, counts as failed until it can be told', async () => {
    const { office, id, cutOff, groups } = await overdue();
    const { faults } = office.sandbox.world;
    faults.add({ operation: 'ModifyNetworkInterfaceAttribute', kind: 'timeout' });
    faults.add({ operation: 'DescribeSecurityGroups', kind: 'denied', after: 2 });

    const { results } = await office.sweep();

    expect(results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'TimeoutError' });
    expect(office.journal.entries.at(-1)?.outcome?.result).toBe('failed');
    expect((await groupsOf(office, id)).groups).toEqual(groups);

    faults.clear();
    expect((await office.sweep()).results[0]?.outcome).toMatchObject({ outcome: 'done' });
    expect((await groupsOf(office, id)).groups).toEqual([cutOff]);
  });

  it('of three interfaces one fails midway: those before it are cut off, can be taken back, and the next sweep does the rest', async () => {
    const { office, cutOff, id, groups = [] } = await overdue(false, (at) => launchWithInterfaces(at, 3));
    const own = groups.join();
    const operation = 'ModifyNetworkInterfaceAttribute';
    office.sandbox.world.faults.add({ operation, kind: 'denied', after: 1, times: 1 });

    const first = await office.sweep();

    expect(first.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'UnauthorizedOperation' });
    expect(await allGroupsOf(office, id)).toEqual([cutOff, own, own]);
    expect(await standing(office)).toMatchObject({ state: 'ours', will: [expect.stringContaining(own)] });

    await office.pass(60);
    const second = await office.sweep();

    expect(second.results[0]?.outcome).toMatchObject({ outcome: 'done' });
    expect(await allGroupsOf(office, id)).toEqual([cutOff, cutOff, cutOff]);
    for (const { before, outcome } of office.journal.entries.slice(-2).toReversed()) {
      expect(await undo(before, outcome?.after ?? null, office.aws)).toMatchObject({ result: 'done' });
    }
    expect(await allGroupsOf(office, id)).toEqual([own, own, own]);
  });

  it('groups that change between look and act are left', async () => {
    const { office, nic, id } = await overdue();
    const other = await office.ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'o', Description: 'other' }),
    );
    const Groups = [other.GroupId ?? ''];
    office.sandbox.world.faults.add({
      operation: 'DescribeInstances',
      kind: 'run',
      after: 1,
      times: 1,
      effect: async () => {
        await office.ec2.send(
          new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: nic, Groups }),
        );
      },
    });

    const { results } = await office.sweep();

    expect(results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'changed' });
    expect((await groupsOf(office, id)).groups).toEqual(Groups);
  });

  const anyone = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  const untagged = (group: string) =>
    new DeleteTagsCommand({ Resources: [group], Tags: [{ Key: 'reeve:quarantine' }] });

  it.each<[string, (office: Office, group: string) => Promise<unknown>, string]>([
    [
      'lets somebody in',
      ({ ec2 }, GroupId) =>
        ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: anyone })),
      'has rules, so that it would isolate nothing',
    ],
    [
      'is no quarantine group',
      ({ ec2 }, group) => ec2.send(untagged(group)),
      'has no security group with the tag',
    ],
    [
      'gave way to another',
      async (office, group) => {
        await office.ec2.send(untagged(group));
        await quarantineGroup(office, false, 'q2');
      },
      'is the quarantine group by now',
    ],
  ])(
    'leaves an instance its own groups when the group %s by the time of the change',
    async (_when, change, says) => {
      const { office, cutOff, id, groups } = await overdue();
      office.sandbox.world.faults.add({
        operation: 'DescribeInstances',
        kind: 'run',
        after: 1,
        times: 1,
        effect: async () => void (await change(office, cutOff)),
      });

      const { results } = await office.sweep();

      expect((await groupsOf(office, id)).groups).toEqual(groups);
      expect(results[0]?.outcome).toMatchObject({
        outcome: 'skipped',
        code: 'changed',
        reason: expect.stringContaining(says),
      });
    },
  );

  it('tags that were written before the group was found to have rules can be taken back', async () => {
    const env = { key: 'Env', default: 'dev' };
    const { office, cutOff, id, groups } = await overdue(false, undefined, [owner, env]);
    await office.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Env' }] }));
    office.sandbox.world.faults.add({
      operation: 'CreateTags',
      kind: 'run',
      times: 1,
      effect: async () => {
        const rule = { GroupId: cutOff, IpPermissions: anyone };
        await office.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
      },
    });

    const { results } = await office.sweep();

    expect(results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'changed' });
    expect((await groupsOf(office, id)).groups).toEqual(groups);
    expect(office.journal.entries.at(-1)?.outcome?.after).toMatchObject({
      set: [{ Key: 'Env', Value: 'dev' }],
      quarantined: false,
    });
    expect(await taken(office)).toMatchObject({ result: 'done' });
  });
});
