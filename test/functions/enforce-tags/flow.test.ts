import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DescribeVolumesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { MAKERS } from './makers.ts';
import { Office } from './office.ts';
import { isTriggeredBy } from './triggers.ts';

const owner = { key: 'Owner', from: ['parent', 'creator'] };
const INSTANCES = { types: ['AWS::EC2::Instance'] };

describe('from the launch to the tag', () => {
  it('B2.12 B2.13 B2.21 waits the grace in a queue, reads again, and writes who launched it', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES });
    const [id = ''] = await office.launch();

    const [first] = await office.react();

    expect(first?.results[0]?.outcome).toMatchObject({ outcome: 'queued', code: 'grace' });
    expect(await office.tagsOf(id)).toEqual({});
    expect(office.told).toEqual([]);

    const [second] = await office.drain();

    expect(second?.results[0]).toMatchObject({ outcome: { outcome: 'done', code: 'remedied' } });
    expect(await office.tagsOf(id)).toEqual({ Owner: 'ana' });
  });

  it('B2.12 what the launch itself tags costs one look and no wait', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES });
    await office.launch({ Owner: 'ben' });

    await office.react();

    expect(office.queue).toEqual([]);
    expect(office.told).toEqual([]);
  });

  it('B2.12 tags that come within the grace are enough', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES });
    const [id = ''] = await office.launch();
    await office.react();
    await office.pass(5);
    await office.tag(id, { Owner: 'carla' });

    await office.drain();

    expect(await office.tagsOf(id)).toEqual({ Owner: 'carla' });
    expect(office.told).toEqual([]);
  });

  it('B2.13 a grace longer than a queue can hold takes several turns', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES, graceMinutes: 40 });
    const [id = ''] = await office.launch();
    const launched = office.now().getTime();
    await office.react();

    const reports = await office.drain();

    expect(reports).toHaveLength(3);
    expect(office.now().getTime() - launched).toBeGreaterThanOrEqual(40 * 60_000);
    expect(await office.tagsOf(id)).toEqual({ Owner: 'ana' });
  });

  it('B2.14 every instance of a launch is looked at, and all get their tags in one call', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES });
    const ids = await office.launch({}, 3);
    await office.react();
    office.sandbox.world.forgetCalls();

    await office.drain();

    expect(office.calls()).toEqual([
      'DescribeInstances',
      'DescribeInstances',
      'CreateTags',
      'DescribeInstances',
    ]);
    for (const id of ids) expect(await office.tagsOf(id)).toEqual({ Owner: 'ana' });
  });

  it('B2.16 volumes and interfaces of a launch get its tags as well', async () => {
    const office = new Office({
      tags: [{ key: 'Team', from: ['parent'] }],
      types: ['AWS::EC2::Instance', 'AWS::EC2::Volume', 'AWS::EC2::NetworkInterface'],
    });
    const [id = ''] = await office.launch({ Team: 'web' });
    await office.react();
    await office.drain();

    const { Volumes: [volume] = [] } = await office.ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
    );
    expect(volume?.Tags).toEqual([{ Key: 'Team', Value: 'web' }]);
    expect(office.journal.entries.map(({ resource }) => resource.type).toSorted()).toEqual([
      'AWS::EC2::NetworkInterface',
      'AWS::EC2::Volume',
    ]);
  });

  it('what was terminated within the grace is nobody’s concern', async () => {
    const office = new Office({ tags: [owner], ...INSTANCES });
    const ids = await office.launch();
    await office.react();
    await office.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }));

    const [report] = await office.drain();

    expect(report?.results).toEqual([]);
    expect(report?.missing).toMatchObject([{ why: 'gone' }]);
  });
});

it('B2.38 Reeve’s own tags come back as an event and cost one look', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], ...INSTANCES, graceMinutes: 0 });
  await office.launch();
  await office.react();
  office.sandbox.world.forgetCalls();

  const reports = await office.react();

  expect(reports.flatMap(({ results }) => results)).toEqual([]);
  expect(office.calls()).toEqual(['DescribeInstances']);
});

it('B2.39 an exemption that somebody takes off counts no more at once', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], ...INSTANCES });
  const [id = ''] = await office.launch({ 'reeve:exempt': 'OPS-1 until 2030-01-01' });
  office.guard = { exemption: { tag: 'reeve:exempt', maxDays: 100_000, setBy: [] } };
  await office.react();
  const [exempt] = await office.drain();
  expect(exempt?.results[0]?.outcome.code).toBe('exempt');

  await office.pass(10);
  await office.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'reeve:exempt' }] }));
  await office.react();

  expect(await office.tagsOf(id)).toEqual({ Owner: 'ops' });
});

it('B2.18 a controller that takes the tag off each time gets its way after two more tries, and somebody is told', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], ...INSTANCES });
  const [id = ''] = await office.launch();
  await office.pass(60);
  office.events.splice(0);
  for (let tries = 0; tries < 5; tries++) {
    await office.sweep();
    await office.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Owner' }] }));
    await office.pass(20);
  }

  const writes = office.journal.entries.filter(({ outcome }) => outcome?.result === 'done');
  expect(writes).toHaveLength(3);
  expect(office.told.at(-1)?.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'breaker' });
  expect(office.told.at(-1)?.pages.join()).toContain('managed elsewhere');
});

describe('B2.17 an Auto Scaling group', () => {
  const types = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'];

  it('gets tags that later members get from it, and those that run get theirs separately', async () => {
    const office = new Office({
      tags: [
        { key: 'Owner', from: ['parent'] },
        { key: 'Stage', default: 'dev' },
      ],
      types,
    });
    const client = office.client(AutoScalingClient);
    await MAKERS['AWS::AutoScaling::AutoScalingGroup'](office);
    const grow = (DesiredCapacity: number) =>
      client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DesiredCapacity }));
    const group = { ResourceId: 'web', ResourceType: 'auto-scaling-group' };
    await grow(1);
    const Tags = [{ ...group, Key: 'Owner', Value: 'ana', PropagateAtLaunch: false }];
    await client.send(new CreateOrUpdateTagsCommand({ Tags }));
    await office.pass(60);

    await office.sweep();
    await grow(2);
    const told = await client.send(new DescribeAutoScalingGroupsCommand({}));

    expect(told.AutoScalingGroups?.[0]?.Tags).toContainEqual(
      expect.objectContaining({ Key: 'Stage', Value: 'dev', PropagateAtLaunch: true }),
    );
    const [first = '', second = ''] = (told.AutoScalingGroups?.[0]?.Instances ?? []).map(
      ({ InstanceId = '' }) => InstanceId,
    );
    const own = { 'aws:autoscaling:groupName': 'web' };
    expect(await office.tagsOf(first)).toEqual({ ...own, Owner: 'ana', Stage: 'dev' });
    expect(await office.tagsOf(second)).toEqual({ ...own, Stage: 'dev' });
  });

  it('is never robbed of its members by a deadline', async () => {
    const office = new Office({ tags: [{ key: 'Owner' }], types, onDeadline: 'stop' });
    await MAKERS['AWS::AutoScaling::AutoScalingGroup'](office);
    const grow = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 1 });
    await office.client(AutoScalingClient).send(grow);
    await office.pass(60);

    const { results } = await office.sweep();
    const member = results.find(({ resource }) => resource.type === 'AWS::EC2::Instance');

    expect(member).toMatchObject({
      outcome: { code: 'alert-only' },
      verdict: {
        advice: [
          'It is not going to be stopped. It belongs to the Auto Scaling group web, which would replace it: scale the group instead.',
        ],
      },
    });
  });
});

describe('deadlines', () => {
  const settings = { tags: [{ key: 'Owner' }], ...INSTANCES, onDeadline: 'stop', deadline: { days: 2 } };

  it('B2.40 an instance that nobody tags is marked, then stopped, and left alone after that', async () => {
    const office = new Office(settings);
    const [id = ''] = await office.launch();
    await office.pass(60);

    await office.sweep();
    const mark = (await office.tagsOf(id))['reeve:enforce-tags'];
    expect(mark).toMatch(/^stop@/);

    await office.pass(24 * 60);
    const waiting = await office.sweep();
    expect(waiting.results[0]?.outcome.code).toBe('alert-only');

    await office.pass(25 * 60);
    const due = await office.sweep();
    expect(due.results[0]).toMatchObject({ outcome: { outcome: 'done' } });

    await office.pass(60);
    const after = await office.sweep();
    expect(after.results[0]?.outcome.code).toBe('alert-only');
    expect(office.journal.entries.map(({ action }) => action)).toEqual(['tag-resource', 'stop-instance']);
  });

  it('asks about the surroundings of what is overdue only, and leaves it running while they are not known', async () => {
    const office = new Office(settings);
    const [id = ''] = await office.launch();
    await office.launch({ Owner: 'ana' });
    await office.pass(60);
    office.sandbox.world.forgetCalls();
    await office.sweep();
    await office.pass(24 * 60);
    await office.sweep();
    expect(new Set(office.calls())).toEqual(new Set(['DescribeInstances', 'CreateTags']));
    await office.pass(25 * 60);
    const fault = office.sandbox.world.faults.add({ operation: 'DescribeTargetGroups', kind: 'denied' });

    const denied = await office.sweep();
    expect(denied.results[0]?.outcome.code).toBe('alert-only');
    expect(denied.results[0]?.verdict).toMatchObject({
      advice: [expect.stringContaining('cannot be told whether a load balancer uses it')],
    });
    fault.remove();
    await office.sweep();

    expect(office.journal.entries.at(-1)).toMatchObject({
      resource: { id },
      action: 'stop-instance',
      outcome: { result: 'done' },
    });
  });

  it('B2.40 B6.8 a mark that was copied from another instance stops nothing', async () => {
    const office = new Office(settings);
    const [first = ''] = await office.launch();
    await office.pass(60);
    await office.sweep();
    await office.pass(49 * 60);
    const [copy = ''] = await office.launch(await office.tagsOf(first));
    await office.pass(60);

    const { results } = await office.sweep();

    const outcomeOf = (id: string) => results.find(({ resource }) => resource.id === id)?.outcome;
    expect(outcomeOf(first)).toMatchObject({ outcome: 'done' });
    expect(outcomeOf(copy)).toMatchObject({ reason: expect.stringContaining('journal knows nothing') });
    expect(office.journal.entries.filter(({ action }) => action === 'stop-instance')).toHaveLength(2);
  });

  it('B2.40 an instance that was stopped meanwhile is not started by an undo', async () => {
    const office = new Office(settings);
    const [id = ''] = await office.launch();
    await office.pass(60);
    await office.sweep();
    await office.pass(49 * 60);
    office.guard = {};
    office.sandbox.world.faults.add({
      operation: 'DescribeInstances',
      kind: 'run',
      after: 1,
      times: 1,
      effect: async () => {
        await office.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
      },
    });

    const { results } = await office.sweep();

    expect(results[0]?.outcome.outcome).toBe('skipped');
    expect(office.journal.entries.at(-1)?.outcome?.after).not.toMatchObject({ stopped: true });
  });

  it('an instance that is tagged in time loses its mark', async () => {
    const office = new Office(settings);
    const [id = ''] = await office.launch();
    await office.pass(60);
    await office.sweep();
    await office.tag(id, { Owner: 'ana' });

    await office.sweep();

    expect(await office.tagsOf(id)).toEqual({ Owner: 'ana' });
  });
});

it('report mode tells what it would do and writes nothing', async () => {
  const office = new Office({ tags: [{ key: 'Owner', default: 'ops' }], ...INSTANCES });
  office.guard = { mode: 'report' };
  const [id = ''] = await office.launch();
  await office.pass(60);

  const report = await office.sweep();

  expect(report.results[0]?.outcome).toMatchObject({
    code: 'report-mode',
    reason: expect.stringContaining('Owner=ops'),
  });
  expect(await office.tagsOf(id)).toEqual({});
});

it('B2.24 what a program on an instance makes gets the owner of that instance', async () => {
  const office = new Office({ tags: [owner], types: ['AWS::EC2::Volume'], graceMinutes: 0 });
  const [host = ''] = await office.launch({ Owner: 'ana' });
  office.events.splice(0);
  const { VolumeId = '' } = await office.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${office.place.region}a`, Size: 1 }),
  );
  await office.sandbox.world.clock.settle();
  const event = office.events.splice(0).find(isTriggeredBy);
  const identity = {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${office.place.account}:assumed-role/web/${host}`,
  };

  await office.handle({ ...event, detail: { ...Object(event?.detail), userIdentity: identity } });

  expect(await office.tagsOf(VolumeId)).toEqual({ Owner: 'ana' });
});

describe('an Auto Scaling group that is called like an instance', () => {
  async function namesake(office: Office) {
    const [id = ''] = await office.launch();
    await office.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro' },
      }),
    );
    await office.client(AutoScalingClient).send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: id,
        LaunchTemplate: { LaunchTemplateName: 'web' },
        AvailabilityZones: ['eu-west-1a'],
        MinSize: 0,
        MaxSize: 3,
      }),
    );
    await office.pass(60);
    return id;
  }
  const both = {
    types: ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'],
    tags: [{ key: 'Owner', default: 'ops' }],
  };

  it.each([
    ['CreateOrUpdateTags', 'AWS::EC2::Instance', 'AWS::AutoScaling::AutoScalingGroup'],
    ['CreateTags', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'],
  ])(
    'is not confused with it: with %s denied, %s is done and %s is not',
    async (operation, tagged, refused) => {
      const office = new Office(both);
      const id = await namesake(office);
      office.sandbox.world.faults.add({ operation, kind: 'denied' });

      const { results } = await office.sweep();

      const outcomes = results.map(({ resource, outcome }) => [resource.type, resource.id, outcome.outcome]);
      expect(outcomes.toSorted()).toEqual(
        [
          [tagged, id, 'done'],
          [refused, id, 'failed'],
        ].toSorted(),
      );
      const ends = office.journal.entries.map(({ resource, outcome }) => [resource.type, outcome?.result]);
      expect(new Map(ends.map(([type, end]) => [type, end]))).toEqual(
        new Map([
          [tagged, 'done'],
          [refused, 'failed'],
        ]),
      );
    },
  );
});
