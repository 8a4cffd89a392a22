import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupType,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeTagsCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutWarmPoolCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type RequestLaunchTemplateData,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { seedAutoScalingGroup } from '../../../sandbox/services/autoscaling/seed.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { refusal } from '../ec2/client.ts';
import { MINUTE, openMachines } from '../ec2/machines.ts';

const AvailabilityZones = ['eu-west-1a', 'eu-west-1b'];

/** An account with a launch template `web`, and shorthands. */
async function open(more: Partial<RequestLaunchTemplateData> = {}) {
  const machines = openMachines();
  const client = new AutoScalingClient({ ...machines.sandbox.clientConfig(), maxAttempts: 1 });
  const LaunchTemplateData = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', ...more } as const;
  await machines.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData }));
  const create = (wish: Partial<CreateAutoScalingGroupType> = {}) =>
    client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
        ...{ MinSize: 1, MaxSize: 4, DesiredCapacity: 2, AvailabilityZones },
        ...wish,
      }),
    );
  const group = async () =>
    (await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web'] })))
      .AutoScalingGroups?.[0];
  const members = async () => (await group())?.Instances ?? [];
  return { ...machines, client, create, group, members };
}

describe('a group', () => {
  it('B1.21 B1.35 B2.25 launches its members over its zones, with its name on them', async () => {
    const { sandbox, ec2, create, client, members, pass } = await open();
    const launches: unknown[] = [];
    sandbox.world.onEvent(({ detail }) => {
      if ((detail as { eventName?: string }).eventName === 'RunInstances') launches.push(detail);
    });
    await create();
    expect((await members()).map((one) => one.LifecycleState)).toEqual(['Pending', 'Pending']);
    await pass(MINUTE);
    const shown = await members();
    expect(shown.map((one) => one.LifecycleState)).toEqual(['InService', 'InService']);
    expect(new Set(shown.map((one) => one.AvailabilityZone))).toEqual(new Set(AvailabilityZones));
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations).toHaveLength(2);
    expect(Reservations[0]).toMatchObject({
      RequesterId: '940372691376',
      Instances: [{ Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }] }],
    });
    expect(launches[0]).toMatchObject({
      userIdentity: {
        arn: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling',
      },
    });
    const InstanceIds = [shown[0]?.InstanceId ?? '', 'i-0123456789abcdef0'];
    const found = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds }));
    expect(found.AutoScalingInstances).toMatchObject([
      { AutoScalingGroupName: 'web', LifecycleState: 'InService' },
    ]);
  });

  it('B1.21 replaces a member that somebody stopped', async () => {
    const { ec2, create, members, pass, states } = await open();
    await create();
    await pass(MINUTE);
    const [victim = '', other = ''] = (await members()).map((one) => one.InstanceId ?? '');
    await ec2.send(new StopInstancesCommand({ InstanceIds: [victim] }));
    await pass(3 * MINUTE);
    const now = (await members()).map((one) => one.InstanceId);
    expect(now).toHaveLength(2);
    expect(now).toContain(other);
    expect(now).not.toContain(victim);
    expect(await states([victim])).toEqual(['terminated']);
    expect((await members()).map((one) => one.LifecycleState)).toEqual(['InService', 'InService']);
  });

  it('leaves members in standby alone', async () => {
    const { ec2, client, create, group, members, pass, states } = await open();
    await create();
    await pass(MINUTE);
    const [id = ''] = (await members()).map((one) => one.InstanceId ?? '');
    const InstanceIds = [id];
    const wish = { AutoScalingGroupName: 'web', InstanceIds };
    await client.send(new EnterStandbyCommand({ ...wish, ShouldDecrementDesiredCapacity: true }));
    expect(await group()).toMatchObject({ DesiredCapacity: 1 });
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await pass(5 * MINUTE);
    expect(await states(InstanceIds)).toEqual(['stopped']);
    expect((await members()).find((one) => one.InstanceId === id)?.LifecycleState).toBe('Standby');
    await client.send(new ExitStandbyCommand(wish));
    expect(await group()).toMatchObject({ DesiredCapacity: 2 });
    const again = client.send(new ExitStandbyCommand(wish));
    expect(await refusal(again)).toMatchObject({ name: 'ValidationError' });
  });

  it('grows, shrinks and goes', async () => {
    const { ec2, client, create, members, pass } = await open();
    await create();
    const size = (DesiredCapacity: number) =>
      client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DesiredCapacity }));
    await size(4);
    expect(await members()).toHaveLength(4);
    await pass(MINUTE);
    await size(1);
    expect(await members()).toHaveLength(1);
    expect(await refusal(size(9))).toMatchObject({ name: 'ValidationError' });
    const kept = client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'web' }));
    expect(await refusal(kept)).toMatchObject({ name: 'ResourceInUseFault' });
    await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'web', ForceDelete: true }));
    await pass(MINUTE);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const left = Reservations.flatMap(({ Instances = [] }) => Instances.map((one) => one.State?.Name));
    expect(new Set(left)).toEqual(new Set(['terminated']));
  });

  it.each<{ when: string; wish: Partial<CreateAutoScalingGroupType>; code: string }>([
    { when: 'without a template', wish: { LaunchTemplate: undefined }, code: 'ValidationError' },
    { when: 'with a desired size above its maximum', wish: { DesiredCapacity: 5 }, code: 'ValidationError' },
    { when: 'in no zone', wish: { AvailabilityZones: undefined }, code: 'ValidationError' },
    { when: 'in a zone that is none', wish: { AvailabilityZones: ['eu-west-1'] }, code: 'ValidationError' },
    {
      when: 'with mixed instances',
      wish: { MixedInstancesPolicy: { InstancesDistribution: { SpotInstancePools: 2 } } },
      code: 'UnsupportedParameter',
    },
    {
      when: 'with a template that is not there',
      wish: { LaunchTemplate: { LaunchTemplateName: 'lost' } },
      code: 'InvalidLaunchTemplateName.NotFoundException',
    },
  ])('is refused $when, and leaves nothing behind', async ({ wish, code }) => {
    const { create, group } = await open();
    expect(await refusal(create(wish))).toMatchObject({ name: code });
    expect(await group()).toBeUndefined();
  });

  it('has a name of its own, and no warm pool', async () => {
    const { client, create } = await open();
    await create();
    expect(await refusal(create())).toMatchObject({ name: 'AlreadyExistsFault' });
    const warm = client.send(new PutWarmPoolCommand({ AutoScalingGroupName: 'web' }));
    expect(await refusal(warm)).toMatchObject({ name: 'NotImplemented', status: 501 });
  });
});

describe('tags', () => {
  it('B2.17 of the group reach later members only when they propagate, and never their volumes', async () => {
    const { ec2, client, create, members } = await open({
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'disk', Value: 'web' }] }],
    });
    await create({ DesiredCapacity: 1 });
    const tag = (Key: string, PropagateAtLaunch: boolean) => ({
      ...{ ResourceId: 'web', ResourceType: 'auto-scaling-group', Key, Value: 'shop', PropagateAtLaunch },
    });
    await client.send(new CreateOrUpdateTagsCommand({ Tags: [tag('team', true), tag('note', false)] }));
    await client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 2 }));
    const [first = '', second = ''] = (await members()).map((one) => one.InstanceId ?? '');
    const keysOf = async (id: string) => {
      const shown = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return shown.Reservations?.[0]?.Instances?.[0]?.Tags?.map((one) => one.Key);
    };
    expect(await keysOf(first)).toEqual(['aws:autoscaling:groupName']);
    expect(await keysOf(second)).toEqual(['aws:autoscaling:groupName', 'team']);
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    expect(Volumes.map((one) => one.Tags)).toEqual(Volumes.map(() => [{ Key: 'disk', Value: 'web' }]));
  });

  it('are listed, filtered and removed; those of AWS cannot be written', async () => {
    const { client, create } = await open();
    await create({ Tags: [{ Key: 'team', Value: 'shop', PropagateAtLaunch: true }] });
    const list = async (Name: string, Value: string) =>
      (await client.send(new DescribeTagsCommand({ Filters: [{ Name, Values: [Value] }] }))).Tags ?? [];
    expect(await list('auto-scaling-group', 'web')).toMatchObject([{ Key: 'team', PropagateAtLaunch: true }]);
    expect(await list('key', 'other')).toEqual([]);
    expect(await refusal(list('color', 'red'))).toMatchObject({ name: 'ValidationError' });
    const mine = { ResourceId: 'web', ResourceType: 'auto-scaling-group' };
    const reserved = client.send(
      new CreateOrUpdateTagsCommand({ Tags: [{ ...mine, Key: 'aws:x', Value: '' }] }),
    );
    expect(await refusal(reserved)).toMatchObject({ name: 'ValidationError' });
    await client.send(new DeleteTagsCommand({ Tags: [{ ...mine, Key: 'team' }] }));
    expect(await list('auto-scaling-group', 'web')).toEqual([]);
  });
});

it('B1.21 seeded groups hold members in any state, listed by fifties', async () => {
  const { client, place } = await open();
  seedAutoScalingGroup(place, 'many', seedInstances(place, 120));
  const [cold = ''] = seedInstances(place, 1, { state: 'stopped' });
  seedAutoScalingGroup(place, 'pool', [cold], 'Warmed:Stopped');
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const page = await client.send(new DescribeAutoScalingInstancesCommand({ NextToken }));
    seen.push(...(page.AutoScalingInstances ?? []).map((one) => one.LifecycleState));
    NextToken = page.NextToken;
    pages += 1;
  } while (NextToken);
  expect(pages).toBe(3);
  expect(seen).toHaveLength(121);
  expect(seen.at(-1)).toBe('Warmed:Stopped');
});
