import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesRequest,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { seedInstances, seedWhim } from '../../../sandbox/services/ec2/instances/seed.ts';
import { refusal } from './client.ts';
import { HOUR, MINUTE, openMachines } from './machines.ts';

const GHOST = 'i-0123456789abcdef0';

describe('states take time', () => {
  it('B1.1 B1.2 B1.3 from the launch to an hour after the end, with an event for each step', async () => {
    const { ec2, events, pass, only, running, states } = openMachines();
    const ids = await running();
    const [id = ''] = ids;
    const first = await only(id);
    await ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    expect(await states(ids)).toEqual(['stopping']);
    await pass(MINUTE);
    expect(await only(id)).toMatchObject({
      State: { Name: 'stopped', Code: 80 },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
      StateTransitionReason: 'User initiated (2026-11-02 08:01:00 GMT)',
      LaunchTime: first.LaunchTime,
    });
    await pass(HOUR);
    await ec2.send(new StartInstancesCommand({ InstanceIds: ids }));
    expect(await states(ids)).toEqual(['pending']);
    await pass(MINUTE);
    const again = await only(id);
    expect(again).toMatchObject({ State: { Name: 'running' }, StateTransitionReason: '' });
    expect(again.StateReason).toBeUndefined();
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    await pass(MINUTE);
    expect(await only(id)).toMatchObject({ State: { Name: 'terminated' }, SecurityGroups: [] });
    expect((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces).toEqual([]);
    await pass(HOUR);
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);

    expect(events[0]).toMatchObject({
      source: 'aws.ec2',
      time: '2026-11-02T08:00:00Z',
      resources: [`arn:aws:ec2:eu-west-1:111122223333:instance/${id}`],
      detail: { 'instance-id': id, state: 'pending' },
    });
    expect(events.map((event) => (event.detail as { state: string }).state)).toEqual([
      ...['pending', 'running', 'stopping', 'stopped', 'pending', 'running', 'shutting-down', 'terminated'],
    ]);
  });

  it('B1.9 a start resets the launch time and keeps the attach times of disk and interface', async () => {
    const { ec2, pass, only, running } = openMachines();
    const [id = ''] = await running();
    const before = await only(id);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await pass(HOUR);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    const after = await only(id);
    expect(after.LaunchTime?.getTime()).toBe(new Date('2026-11-02T09:01:00Z').getTime());
    expect(after.BlockDeviceMappings).toEqual(before.BlockDeviceMappings);
    expect(after.BlockDeviceMappings?.[0]?.Ebs?.AttachTime).toEqual(before.LaunchTime);
    expect(after.NetworkInterfaces?.[0]?.Attachment?.AttachTime).toEqual(before.LaunchTime);
  });

  it('B1.55 the public address is another one after a stop', async () => {
    const { ec2, pass, only, running } = openMachines();
    const [id = ''] = await running();
    const { PublicIpAddress: before } = await only(id);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await pass(MINUTE);
    expect((await only(id)).PublicIpAddress).toBeUndefined();
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    const { PublicIpAddress: after } = await only(id);
    expect(after).toMatch(/^3\./);
    expect(after).not.toBe(before);
  });

  it('B1.51 one that hangs stays in stopping until it is forced', async () => {
    const { ec2, place, pass, running, states } = openMachines();
    const ids = await running();
    seedWhim(place, ids[0] ?? '', { staysStopping: true });
    await ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    await pass(HOUR);
    expect(await states(ids)).toEqual(['stopping']);
    await ec2.send(new StopInstancesCommand({ InstanceIds: ids, Force: true }));
    await pass(MINUTE);
    expect(await states(ids)).toEqual(['stopped']);
  });

  it('B1.54 a start that fails ends in stopped again, with the reason', async () => {
    const { ec2, place, pass, only, running } = openMachines();
    const [id = ''] = await running();
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await pass(MINUTE);
    const Message = 'Client.InternalError: Client error on launch';
    seedWhim(place, id, { startFails: { Code: 'Client.InternalError', Message } });
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await pass(MINUTE);
    expect(await only(id)).toMatchObject({ State: { Name: 'stopped' }, StateReason: { Message } });
    expect((await only(id)).PublicIpAddress).toBeUndefined();
  });

  it('a reboot changes no state', async () => {
    const { ec2, running, states } = openMachines();
    const InstanceIds = await running();
    await ec2.send(new RebootInstancesCommand({ InstanceIds }));
    expect(await states(InstanceIds)).toEqual(['running']);
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    expect(await refusal(ec2.send(new RebootInstancesCommand({ InstanceIds })))).toMatchObject({
      name: 'IncorrectInstanceState',
    });
  });
});

describe('stops that are refused', () => {
  it('B1.47 one unknown id fails the whole call and is named', async () => {
    const { ec2, running, states } = openMachines();
    const ids = await running();
    for (const lost of [[GHOST], [GHOST, 'i-0123456789abcdef1']]) {
      const { name, message } = await refusal(
        ec2.send(new StopInstancesCommand({ InstanceIds: [...ids, ...lost] })),
      );
      expect(name).toBe('InvalidInstanceID.NotFound');
      for (const id of lost) expect(message).toContain(id);
    }
    expect(await states(ids)).toEqual(['running']);
  });

  it('B1.1 B1.49 an instance in a state that does not fit fails the whole call', async () => {
    const { ec2, running, states } = openMachines();
    const ids = await running();
    const launch = {
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    } as const;
    const fresh = (await ec2.send(new RunInstancesCommand(launch))).Instances?.[0]?.InstanceId ?? '';
    const stopping = ec2.send(new StopInstancesCommand({ InstanceIds: [...ids, fresh] }));
    expect(await refusal(stopping)).toEqual({
      name: 'IncorrectInstanceState',
      message: `The instance '${fresh}' is not in a state from which it can be stopped.`,
      status: 400,
    });
    expect(await states(ids)).toEqual(['running']);
  });

  it('B1.2 B1.50 stopping a stopped one changes nothing and says what it was', async () => {
    const { ec2, pass, events, running } = openMachines();
    const InstanceIds = await running();
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await pass(MINUTE);
    const seen = events.length;
    expect((await ec2.send(new StopInstancesCommand({ InstanceIds }))).StoppingInstances).toMatchObject([
      { PreviousState: { Name: 'stopped' }, CurrentState: { Name: 'stopped' } },
    ]);
    expect(events).toHaveLength(seen);
  });

  it('B1.27 B1.28 B1.48 protection blocks its zone, and the others go though the call fails', async () => {
    const { ec2, running, states } = openMachines();
    const zone = (AvailabilityZone: string) => ({ Placement: { AvailabilityZone } });
    const [kept = ''] = await running({ ...zone('eu-west-1a'), DisableApiStop: true });
    const [near = ''] = await running(zone('eu-west-1a'));
    const [far = ''] = await running(zone('eu-west-1b'));
    const InstanceIds = [kept, near, far];
    expect(await refusal(ec2.send(new StopInstancesCommand({ InstanceIds })))).toEqual({
      name: 'OperationNotPermitted',
      message: `The instance '${kept}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      status: 400,
    });
    expect(await states(InstanceIds)).toEqual(['running', 'running', 'stopping']);
    const ending = ec2.send(new TerminateInstancesCommand({ InstanceIds: [kept] }));
    expect(await refusal(ending)).toMatchObject({ name: 'OperationNotPermitted' });

    const off = { InstanceId: kept, DisableApiStop: { Value: false } };
    await ec2.send(new ModifyInstanceAttributeCommand(off));
    const on = { InstanceId: kept, DisableApiTermination: { Value: true } };
    await ec2.send(new ModifyInstanceAttributeCommand(on));
    await ec2.send(new StopInstancesCommand({ InstanceIds: [kept] }));
    const still = ec2.send(new TerminateInstancesCommand({ InstanceIds: [kept, far] }));
    expect(await refusal(still)).toMatchObject({ message: expect.stringContaining('disableApiTermination') });
    expect(await states([kept, far])).toEqual(['stopping', 'shutting-down']);
  });

  it.each<{
    when: string;
    more: Partial<RunInstancesRequest>;
    code: string;
    words: RegExp;
    Hibernate?: true;
  }>([
    {
      when: 'B1.22 one-time Spot',
      more: { InstanceMarketOptions: { MarketType: 'spot' } },
      code: 'UnsupportedOperation',
      words: /one-time Spot Instance request\. You can only stop/,
    },
    {
      when: 'B1.24 an instance-store root',
      more: { ImageId: 'ami-0d0d0d0d0d0d0d0d0', InstanceType: 'm3.medium' },
      code: 'UnsupportedOperation',
      words: /does not have an 'ebs' root device type/,
    },
    {
      when: 'B1.26 hibernation that was not configured',
      more: {},
      code: 'UnsupportedHibernationConfiguration',
      words: /not enabled for hibernation/,
      Hibernate: true,
    },
  ])('$when cannot be stopped', async ({ more, code, words, Hibernate }) => {
    const { ec2, running, states } = openMachines();
    const plain = await running();
    const odd = await running(more);
    const InstanceIds = Hibernate ? odd : [...plain, ...odd];
    const stopping = ec2.send(new StopInstancesCommand({ InstanceIds, Hibernate }));
    expect(await refusal(stopping)).toMatchObject({ name: code, message: expect.stringMatching(words) });
    expect(await states(InstanceIds)).toEqual(InstanceIds.map(() => 'running'));
  });

  it('B1.32 a managed instance is not its owner’s to stop', async () => {
    const { ec2, place, only } = openMachines();
    const [id = ''] = seedInstances(place, 1, { more: { operator: 'eks.amazonaws.com' } });
    expect((await only(id)).Operator).toEqual({ Managed: true, Principal: 'eks.amazonaws.com' });
    expect(await refusal(ec2.send(new StopInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
      name: 'OperationNotPermitted',
    });
  });
});

describe('hibernation', () => {
  it.each([
    { fails: false, code: 'Client.UserInitiatedHibernate' },
    { fails: true, code: 'Client.UserInitiatedShutdown' },
  ])('B1.26 that fails ($fails) ends as $code', async ({ fails, code }) => {
    const { ec2, place, pass, only, running } = openMachines();
    const [id = ''] = await running({ HibernationOptions: { Configured: true } });
    seedWhim(place, id, { hibernationFails: fails });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id], Hibernate: true }));
    await pass(2 * MINUTE);
    expect(await only(id)).toMatchObject({
      State: { Name: 'stopped' },
      StateReason: { Code: code },
      HibernationOptions: { Configured: true },
    });
  });

  it('cannot be configured for a type that cannot hibernate', async () => {
    const { running } = openMachines();
    const launch = running({ InstanceType: 'm5.24xlarge', HibernationOptions: { Configured: true } });
    expect(await refusal(launch)).toMatchObject({ name: 'UnsupportedHibernationConfiguration' });
  });
});

describe('limits', () => {
  it.each(['InsufficientInstanceCapacity', 'InsufficientHostCapacity', 'VcpuLimitExceeded'])(
    'B1.53 a start may find %s',
    async (code) => {
      const { sandbox, ec2, running, pass, states } = openMachines();
      const InstanceIds = await running();
      await ec2.send(new StopInstancesCommand({ InstanceIds }));
      await pass(MINUTE);
      sandbox.world.faults.add({
        service: 'ec2',
        operation: 'StartInstances',
        kind: 'error',
        code,
        times: 1,
      });
      expect(await refusal(ec2.send(new StartInstancesCommand({ InstanceIds })))).toMatchObject({
        name: code,
      });
      expect(await states(InstanceIds)).toEqual(['stopped']);
      await ec2.send(new StartInstancesCommand({ InstanceIds }));
      expect(await states(InstanceIds)).toEqual(['pending']);
    },
  );

  it('a thousand instances may be stopped at once, then 20 a second; starts come back at 2 a second', async () => {
    const { ec2, place, pass } = openMachines({ behaviour: { throttling: true } });
    const ids = seedInstances(place, 1040);
    const stop = (from: number, to: number) =>
      ec2.send(new StopInstancesCommand({ InstanceIds: ids.slice(from, to) }));
    await stop(0, 1000);
    expect(await refusal(stop(1000, 1040))).toMatchObject({ name: 'RequestLimitExceeded', status: 503 });
    await pass(1000);
    await stop(1000, 1020);
    expect(await refusal(stop(1020, 1021))).toMatchObject({ name: 'RequestLimitExceeded' });
    await pass(MINUTE);
    await stop(1020, 1040);
    const start = (from: number, to: number) =>
      ec2.send(new StartInstancesCommand({ InstanceIds: ids.slice(from, to) }));
    await start(0, 1000);
    await pass(1000);
    expect(await refusal(start(1000, 1003))).toMatchObject({ name: 'RequestLimitExceeded' });
    await start(1000, 1002);
  });

  it('B1.52 a dry run tells who may and who may not', async () => {
    const { sandbox, ec2, running, states } = openMachines();
    const InstanceIds = await running();
    const dry = () => ec2.send(new StopInstancesCommand({ InstanceIds, DryRun: true }));
    expect(await refusal(dry())).toMatchObject({ name: 'DryRunOperation' });
    sandbox.world.faults.add({ operation: 'StopInstances', kind: 'denied' });
    expect(await refusal(dry())).toMatchObject({ name: 'UnauthorizedOperation' });
    expect(await states(InstanceIds)).toEqual(['running']);
  });
});
