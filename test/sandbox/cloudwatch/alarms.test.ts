import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { type Pattern, seedMetrics } from '../../../sandbox/services/cloudwatch/series.ts';
import { inboxOf } from '../../../sandbox/services/sns/state.ts';

const MINUTE = 60_000;
const CPU = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
const STOP = 'arn:aws:automate:eu-west-1:ec2:stop';

let sandbox: Sandbox;
let client: cloudwatch.CloudWatchClient;
let events: BusEvent[];
let start: number;
beforeEach(() => {
  sandbox = createSandbox();
  client = new cloudwatch.CloudWatchClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  events = [];
  sandbox.world.onEvent((event) => {
    if (event.source === 'aws.cloudwatch') events.push(event);
  });
  start = sandbox.world.clock.now();
});

const minutes = (count: number) => sandbox.world.clock.advance(count * MINUTE);

function measure(series: Pattern, instance = 'i-0123456789abcdef0') {
  const place = { world: sandbox.world, partition: 'aws', account: sandbox.account, region: sandbox.region };
  const metric = { namespace: CPU.Namespace, metric: CPU.MetricName, dimensions: { InstanceId: instance } };
  seedMetrics(place, { ...metric, series, from: new Date(start), period: 60 });
}

const put = (AlarmName: string, more: Partial<cloudwatch.PutMetricAlarmCommandInput> = {}) =>
  client.send(
    new cloudwatch.PutMetricAlarmCommand({
      AlarmName,
      ...CPU,
      Dimensions: [{ Name: 'InstanceId', Value: 'i-0123456789abcdef0' }],
      ...(more.ExtendedStatistic === undefined && { Statistic: 'Average' }),
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'LessThanThreshold',
      ...more,
    }),
  );
const combine = (AlarmName: string, AlarmRule: string, more: object = {}) =>
  client.send(new cloudwatch.PutCompositeAlarmCommand({ AlarmName, AlarmRule, ...more }));

async function stateOf(name: string): Promise<string | undefined> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    new cloudwatch.DescribeAlarmsCommand({
      AlarmNames: [name],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    }),
  );
  return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue;
}

describe('M out of N datapoints, as the User Guide tables them', () => {
  // Newest last: X breaches, 0 does not, - is missing. The state before is OK.
  it.each<[points: string, needed: number, missing: string, ignore: string, breaching: string, not: string]>([
    ['0-X', 3, 'OK', 'OK', 'OK', 'OK'],
    ['XXX', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['---', 3, 'INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK'],
    ['X--', 3, 'ALARM', 'OK', 'ALARM', 'OK'],
    ['0X-', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['X0X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['--0', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['-X-', 2, 'ALARM', 'OK', 'ALARM', 'OK'],
  ])('B1.66 %s, %i needed', async (points, DatapointsToAlarm, missing, ignore, breaching, notBreaching) => {
    measure((at) => ({ X: 1, '0': 9 })[points.charAt((at - start) / MINUTE)]);
    const expected = { missing, ignore, breaching, notBreaching };
    for (const TreatMissingData of Object.keys(expected)) {
      await put(TreatMissingData, { EvaluationPeriods: 3, DatapointsToAlarm, TreatMissingData });
    }
    await minutes(2);
    for (const AlarmName of Object.keys(expected)) {
      const input = { AlarmName, StateValue: 'OK' as const, StateReason: 'the state before' };
      await client.send(new cloudwatch.SetAlarmStateCommand(input));
    }
    await minutes(1);

    for (const [name, state] of Object.entries(expected))
      expect([name, await stateOf(name)]).toEqual([name, state]);
  });
});

it('B1.10 an alarm on a percentile', async () => {
  measure((at) => ((at - start) % (5 * MINUTE) === 0 ? 90 : 1));
  await put('p50', { Period: 300, ExtendedStatistic: 'p50' });
  await put('p100', { Period: 300, ExtendedStatistic: 'p100' });
  await minutes(5);

  expect([await stateOf('p50'), await stateOf('p100')]).toEqual(['ALARM', 'OK']);
});

it('B1.67 a state set by hand lasts until the next evaluation', async () => {
  measure(9);
  await put('cpu');
  await minutes(1);
  const input = { AlarmName: 'cpu', StateValue: 'ALARM' as const, StateReason: 'a test' };
  await client.send(new cloudwatch.SetAlarmStateCommand(input));
  expect(events.at(-1)?.detail).toMatchObject({ state: { value: 'ALARM', reason: 'a test' } });
  expect(events.at(-1)?.detail).not.toHaveProperty('state.reasonData');
  await minutes(1);

  expect(await stateOf('cpu')).toBe('OK');
});

describe('B1.68 the EC2 action of an alarm', () => {
  async function launched(): Promise<{ id: string; state: () => Promise<string | undefined> }> {
    const ec2 = new EC2Client(sandbox.clientConfig());
    const input = { ImageId: 'ami-0123456789abcdef0', MinCount: 1, MaxCount: 1 };
    const id = (await ec2.send(new RunInstancesCommand(input))).Instances?.[0]?.InstanceId ?? '';
    const describe = new DescribeInstancesCommand({ InstanceIds: [id] });
    return {
      id,
      state: async () => (await ec2.send(describe)).Reservations?.[0]?.Instances?.[0]?.State?.Name,
    };
  }

  it('stops the instance through the service-linked role', async () => {
    const { id, state } = await launched();
    measure(1, id);
    await put('idle', { Dimensions: [{ Name: 'InstanceId', Value: id }], AlarmActions: [STOP] });
    await minutes(10);

    expect(await state()).toBe('stopped');
    expect(sandbox.world.calls).toContainEqual(
      expect.objectContaining({
        operation: 'StopInstances',
        principal: expect.stringContaining('AWSServiceRoleForCloudWatchEvents'),
      }),
    );
  });

  it('that fails stands in the history', async () => {
    measure(1);
    await put('idle', { AlarmActions: [STOP] });
    await minutes(1);
    const { AlarmHistoryItems } = await client.send(
      new cloudwatch.DescribeAlarmHistoryCommand({ AlarmName: 'idle', HistoryItemType: 'Action' }),
    );

    expect(AlarmHistoryItems).toMatchObject([
      { HistorySummary: expect.stringMatching(/^Failed to execute action .*ec2:stop. Received error/) },
    ]);
  });
});

describe('B1.63 composite alarms', () => {
  beforeEach(async () => {
    await put('cpu-low');
    await put('net-low', { MetricName: 'NetworkIn' });
  });
  const set = (AlarmName: string, StateValue: cloudwatch.StateValue) =>
    client.send(new cloudwatch.SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'by hand' }));

  it.each<[rule: string, states: [cloudwatch.StateValue, cloudwatch.StateValue], expected: string]>([
    ['ALARM(cpu-low) AND ALARM(net-low)', ['ALARM', 'OK'], 'OK'],
    ['ALARM(cpu-low) AND ALARM(net-low)', ['ALARM', 'ALARM'], 'ALARM'],
    ['ALARM(cpu-low) OR ALARM(net-low) AND FALSE', ['ALARM', 'OK'], 'ALARM'],
    ['(ALARM(cpu-low) OR ALARM(net-low)) AND FALSE', ['ALARM', 'OK'], 'OK'],
    ['NOT OK("cpu-low")', ['OK', 'OK'], 'OK'],
    ['INSUFFICIENT_DATA(cpu-low) OR TRUE', ['OK', 'OK'], 'ALARM'],
    ['ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:net-low)', ['OK', 'ALARM'], 'ALARM'],
  ])('%s for %j is %s', async (rule, [cpu, net], expected) => {
    await combine('idle', rule);
    await set('cpu-low', cpu);
    await set('net-low', net);

    expect(await stateOf('idle')).toBe(expected);
  });

  it('tell which alarm moved them, on the bus and by mail', async () => {
    const sns = new SNSClient(sandbox.clientConfig());
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }));
    await combine('idle', 'ALARM(cpu-low)', { AlarmActions: [TopicArn] });
    expect(await stateOf('idle')).toBe('OK');
    await set('cpu-low', 'ALARM');
    const arn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-low';

    expect(events.at(-1)).toMatchObject({
      resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:idle'],
      detail: {
        alarmName: 'idle',
        configuration: { alarmRule: 'ALARM(cpu-low)' },
        state: {
          value: 'ALARM',
          reason: `${arn} transitioned to ALARM at Monday 02 November, 2026 08:00:00 UTC`,
          reasonData: JSON.stringify({
            triggeringAlarms: [{ arn, state: { value: 'ALARM', timestamp: '2026-11-02T08:00:00.000+0000' } }],
          }),
        },
        previousState: { value: 'OK' },
      },
    });
    expect(JSON.parse(inboxOf(sandbox.world, TopicArn)[0]?.message ?? '')).toMatchObject({
      AlarmRule: 'ALARM(cpu-low)',
      TriggeringChildren: [{ Arn: arn, State: { Value: 'ALARM' } }],
    });
  });

  it('are alarms of alarms, too, and listed only when asked for', async () => {
    await combine('idle', 'ALARM(cpu-low)');
    await combine('worse', 'ALARM(idle)');
    await set('cpu-low', 'ALARM');

    expect(await stateOf('worse')).toBe('ALARM');
    const { MetricAlarms, CompositeAlarms } = await client.send(new cloudwatch.DescribeAlarmsCommand({}));
    expect([MetricAlarms?.length, CompositeAlarms?.length]).toEqual([2, 0]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['an alarm that is absent', () => combine('idle', 'ALARM(absent)'), /\[absent\].*do not exist/],
    ['a rule that cannot be read', () => combine('idle', 'ALARM(cpu-low) AND'), /cannot be read/],
    ['a rule with a strange word', () => combine('idle', 'ALARM(cpu-low) XOR TRUE'), /cannot be read/],
    ['an open bracket', () => combine('idle', '(TRUE'), /cannot be read/],
    ['the name of a metric alarm', () => combine('cpu-low', 'TRUE'), /metric alarm/],
    ['a suppressor', () => combine('idle', 'TRUE', { ActionsSuppressor: 'cpu-low' }), /ActionsSuppressor/],
    ['an EC2 action', () => combine('idle', 'TRUE', { AlarmActions: [STOP] }), /ec2:stop/],
  ])('%s is refused', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });
});

describe('history', () => {
  const history = async (more: Partial<cloudwatch.DescribeAlarmHistoryCommandInput> = {}) =>
    client.send(new cloudwatch.DescribeAlarmHistoryCommand({ AlarmName: 'cpu', ...more }));

  it('tells of making, of each new state and of deleting, newest first', async () => {
    measure(1);
    await put('cpu');
    await minutes(1);
    await client.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames: ['cpu'] }));
    const { AlarmHistoryItems = [] } = await history();

    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm "cpu" deleted',
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm "cpu" created',
    ]);
    expect(JSON.parse(AlarmHistoryItems[1]?.HistoryData ?? '')).toMatchObject({
      version: '1.0',
      oldState: { stateValue: 'INSUFFICIENT_DATA' },
      newState: { stateValue: 'ALARM', stateReasonData: { threshold: 5, recentDatapoints: [1] } },
    });
  });

  it('keeps 30 days, in pages, by type and time', async () => {
    await put('cpu', { TreatMissingData: 'ignore', Period: 3600 });
    await sandbox.world.clock.advance(29 * 24 * 60 * MINUTE);
    await put('cpu', { TreatMissingData: 'ignore', Period: 3600 });
    const since = new Date(sandbox.world.clock.now());
    const first = await history({ MaxRecords: 1 });
    const second = await history({ MaxRecords: 1, NextToken: first.NextToken });

    expect(first.AlarmHistoryItems?.[0]?.HistorySummary).toBe('Alarm "cpu" updated');
    expect([second.AlarmHistoryItems?.length, second.NextToken]).toEqual([1, undefined]);
    expect((await history({ StartDate: since })).AlarmHistoryItems).toHaveLength(1);
    expect((await history({ HistoryItemType: 'StateUpdate' })).AlarmHistoryItems).toEqual([]);
    await sandbox.world.clock.advance(2 * 24 * 60 * MINUTE);
    expect((await history()).AlarmHistoryItems).toHaveLength(1);
  });
});
