import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  DescribeSessionsCommand,
  type SessionFilter,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { seedAgent, seedSession } from '../../../sandbox/services/ssm/sessions-state.ts';
import { refusal } from './client.ts';
import { HOUR, MINUTE, openMachines } from './machines.ts';

const DAY = 24 * HOUR;

function open() {
  const machines = openMachines();
  const ssm = new SSMClient({ ...machines.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  const sessions = async (State: 'Active' | 'History', Filters?: SessionFilter[]) =>
    (await ssm.send(new DescribeSessionsCommand({ State, Filters }))).Sessions ?? [];
  return { ...machines, ssm, sessions };
}

const PROFILE = { IamInstanceProfile: { Name: 'web' } };

describe('sessions', () => {
  it('B1.42 are connected until they are ended, and remembered with their owner', async () => {
    const { sandbox, ssm, sessions, running, pass } = open();
    const records: unknown[] = [];
    sandbox.world.onEvent(({ detail }) => records.push(detail));
    const [Target = ''] = await running(PROFILE);
    const { SessionId, TokenValue } = await ssm.send(new StartSessionCommand({ Target, Reason: 'look' }));
    const Owner = 'arn:aws:iam::111122223333:user/ana';
    expect(await sessions('Active')).toMatchObject([
      { SessionId, Target, Owner, Status: 'Connected', Reason: 'look' },
    ]);
    expect(records.at(-1)).toMatchObject({
      eventName: 'StartSession',
      requestParameters: { target: Target },
    });
    expect(JSON.stringify(records)).not.toContain(TokenValue);
    await pass(HOUR);
    await ssm.send(new TerminateSessionCommand({ SessionId }));
    expect(await sessions('Active')).toEqual([]);
    const [past] = await sessions('History');
    expect(past).toMatchObject({ Status: 'Terminated', EndDate: new Date('2026-11-02T09:01:00Z') });
  });

  it('B1.43 are remembered for 30 days', async () => {
    const { place, sessions, pass } = open();
    const [target = ''] = seedInstances(place, 1);
    const now = new Date('2026-11-02T08:00:00Z').getTime();
    const start = new Date(now - 10 * DAY);
    const id = seedSession(place, { target, owner: 'arn:aws:iam::111122223333:user/ben', start, end: start });
    const since = [{ key: 'InvokedAfter' as const, value: new Date(now - 11 * DAY).toISOString() }];
    expect(await sessions('History', since)).toMatchObject([{ SessionId: id, Target: target }]);
    expect(await sessions('History', [{ key: 'Target', value: 'i-0123456789abcdef0' }])).toEqual([]);
    await pass(20 * DAY);
    expect(await sessions('History')).toHaveLength(1);
    await pass(MINUTE);
    expect(await sessions('History')).toEqual([]);
  });

  it('end with the run of their instance', async () => {
    const { ec2, ssm, sessions, running, pass } = open();
    const InstanceIds = await running(PROFILE);
    await ssm.send(new StartSessionCommand({ Target: InstanceIds[0] }));
    await pass(MINUTE);
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await pass(DAY);
    expect(await sessions('Active')).toEqual([]);
    expect(await sessions('History')).toMatchObject([{ EndDate: new Date('2026-11-02T08:02:00Z') }]);
  });

  it('are refused where no agent listens, and cannot be ended when there are none', async () => {
    const { ssm, running, place } = open();
    const [Target = ''] = await running();
    const start = () => ssm.send(new StartSessionCommand({ Target }));
    expect(await refusal(start())).toMatchObject({ name: 'TargetNotConnected' });
    seedAgent(place, Target);
    await start();
    const ending = ssm.send(new TerminateSessionCommand({ SessionId: 'ana-0123456789abcdef0' }));
    expect(await refusal(ending)).toMatchObject({ name: 'DoesNotExistException' });
  });
});

it('Systems Manager knows instances with a profile, online while they run', async () => {
  const { ec2, ssm, running, pass } = open();
  const [one = '', other = ''] = await running(PROFILE, 2);
  await running();
  await ec2.send(new StopInstancesCommand({ InstanceIds: [other] }));
  await pass(MINUTE);
  const list = async (Key?: string, value = '') => {
    const Filters = Key ? [{ Key, Values: [value] }] : undefined;
    const shown = await ssm.send(new DescribeInstanceInformationCommand({ Filters }));
    return (shown.InstanceInformationList ?? []).map((each) => [each.InstanceId, each.PingStatus]);
  };
  expect(await list()).toEqual([
    [one, 'Online'],
    [other, 'ConnectionLost'],
  ]);
  expect(await list('PingStatus', 'Online')).toEqual([[one, 'Online']]);
  expect(await refusal(list('Color', 'red'))).toMatchObject({ name: 'InvalidFilterKey' });
});
