import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { ingestEmf } from '../../../sandbox/services/cloudwatch/emf.ts';
import { inboxOf } from '../../../sandbox/services/sns/state.ts';

const MINUTE = 60_000;
const PLACE = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const Namespace = 'Reeve';

let sandbox: Sandbox;
let client: cloudwatch.CloudWatchClient;
let start: Date;
beforeEach(() => {
  sandbox = createSandbox();
  client = new cloudwatch.CloudWatchClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  start = new Date(sandbox.world.clock.now());
});

const at = (minutes: number) => new Date(start.getTime() + minutes * MINUTE);
const put = (...MetricData: cloudwatch.MetricDatum[]) =>
  client.send(new cloudwatch.PutMetricDataCommand({ Namespace, MetricData }));
const Dimensions = [{ Name: 'policy', Value: 'revoke-open-ssh' }];
const query = (Stat: string, Period = 300): cloudwatch.MetricDataQuery => ({
  Id: Stat.toLowerCase(),
  MetricStat: { Metric: { Namespace, MetricName: 'Findings', Dimensions }, Period, Stat },
});
const get = (
  queries: cloudwatch.MetricDataQuery[],
  more: Partial<cloudwatch.GetMetricDataCommandInput> = {},
) =>
  client.send(
    new cloudwatch.GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: at(-60),
      EndTime: at(60),
      ...more,
    }),
  );

describe('metric data', () => {
  it('is folded by period and statistic', async () => {
    const datum = { MetricName: 'Findings', Dimensions };
    await put(
      { ...datum, Timestamp: at(0), Value: 2 },
      { ...datum, Timestamp: at(1), StatisticValues: { Sum: 9, Minimum: 1, Maximum: 5, SampleCount: 3 } },
      { ...datum, Timestamp: at(6), Values: [4, 6], Counts: [1, 2] },
      { MetricName: 'Findings', Value: 100 },
    );
    const stats = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
    const { MetricDataResults } = await get(
      stats.map((stat) => query(stat)),
      { ScanBy: 'TimestampAscending' },
    );
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([
      [11, 16],
      [2.75, 16 / 3],
      [1, 4],
      [5, 6],
      [4, 3],
    ]);
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([at(0), at(5)]);
    expect((await get([query('Sum')])).MetricDataResults?.[0]?.Values).toEqual([16, 11]);
  });

  it('comes in pages of the datapoints that were asked for', async () => {
    for (const minutes of [0, 5, 10])
      await put({ MetricName: 'Findings', Dimensions, Timestamp: at(minutes), Value: 1 });
    const first = await get([query('Sum'), query('Maximum')], { MaxDatapoints: 4 });
    expect(first.MetricDataResults?.map(({ Values, StatusCode }) => [Values?.length, StatusCode])).toEqual([
      [3, 'Complete'],
      [1, 'PartialData'],
    ]);
    const second = await get([query('Sum'), query('Maximum')], {
      MaxDatapoints: 4,
      NextToken: first.NextToken,
    });
    expect(second.MetricDataResults?.map(({ Values }) => Values?.length)).toEqual([0, 2]);
    expect(second.NextToken).toBeUndefined();
  });

  it('is listed by namespace, name and dimension', async () => {
    await put({ MetricName: 'Findings', Dimensions, Value: 1 }, { MetricName: 'Failures', Value: 1 });
    const list = async (input: cloudwatch.ListMetricsCommandInput) =>
      (await client.send(new cloudwatch.ListMetricsCommand(input))).Metrics?.map(
        ({ MetricName }) => MetricName,
      );
    expect(await list({ Namespace })).toEqual(['Findings', 'Failures']);
    expect(await list({ Dimensions: [{ Name: 'policy' }] })).toEqual(['Findings']);
    expect(await list({ MetricName: 'Failures', Namespace: 'Other' })).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      '501 queries',
      () => get(Array.from({ length: 501 }, (_, index) => ({ ...query('Sum'), Id: `q${index}` }))),
      /greater than 500/,
    ],
    ['metric math', () => get([{ Id: 'e', Expression: 'm1*2' }]), /metric math/],
    ['a trimmed mean', () => get([query('tm99')]), /the statistic tm99/],
    [
      '1,001 data',
      () => put(...Array.from({ length: 1001 }, () => ({ MetricName: 'a', Value: 1 }))),
      /greater than 1000/,
    ],
    [
      'a datum of three weeks ago',
      () => put({ MetricName: 'a', Value: 1, Timestamp: at(-21 * 1440) }),
      /past two weeks/,
    ],
    [
      'an empty dimension',
      () => put({ MetricName: 'a', Value: 1, Dimensions: [{ Name: 'x', Value: '' }] }),
      /must not be empty/,
    ],
  ])('%s is refused', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  it('EMF log lines become metric data', async () => {
    const line = (more: object) =>
      JSON.stringify({
        _aws: {
          Timestamp: start.getTime(),
          CloudWatchMetrics: [
            { Namespace, Dimensions: [['policy'], []], Metrics: [{ Name: 'Findings', Unit: 'Count' }] },
          ],
        },
        policy: 'revoke-open-ssh',
        ...more,
      });
    expect(ingestEmf(sandbox.world, PLACE, line({ Findings: 3 }))).toBe(2);
    expect(ingestEmf(sandbox.world, PLACE, line({ Findings: [1, 2] }))).toBe(2);
    expect(ingestEmf(sandbox.world, PLACE, line({ Findings: 'three' }))).toBe(0);
    expect(ingestEmf(sandbox.world, PLACE, '{"_aws": oops')).toBe(0);
    expect(ingestEmf(sandbox.world, PLACE, 'plain text')).toBe(0);
    expect((await get([query('Sum')])).MetricDataResults?.[0]?.Values).toEqual([6]);
  });
});

describe('alarms', () => {
  const alarm: cloudwatch.PutMetricAlarmCommandInput = {
    AlarmName: 'reeve-findings',
    AlarmDescription: 'Something was found',
    Namespace,
    MetricName: 'Findings',
    Dimensions,
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };
  const putAlarm = (more: Partial<cloudwatch.PutMetricAlarmCommandInput> = {}) =>
    client.send(new cloudwatch.PutMetricAlarmCommand({ ...alarm, ...more }));
  const state = async () =>
    (await client.send(new cloudwatch.DescribeAlarmsCommand({ AlarmNames: ['reeve-findings'] })))
      .MetricAlarms?.[0]?.StateValue;
  const set = (StateValue: cloudwatch.StateValue) =>
    client.send(
      new cloudwatch.SetAlarmStateCommand({
        AlarmName: 'reeve-findings',
        StateValue,
        StateReason: 'by hand',
      }),
    );
  const finding = () => put({ MetricName: 'Findings', Dimensions, Value: 1 });

  it('an alarm follows its metric period by period', async () => {
    await putAlarm();
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('OK');
    await finding();
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('ALARM');
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('OK');
  });

  it.each<[cloudwatch.PutMetricAlarmCommandInput['TreatMissingData'], string]>([
    ['missing', 'INSUFFICIENT_DATA'],
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('without data, %s means %s', async (TreatMissingData, expected) => {
    await putAlarm({ TreatMissingData });
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe(expected);
  });

  it('needs as many datapoints as it says', async () => {
    await putAlarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    await finding();
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('OK');
    await finding();
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('ALARM');
  });

  it('B5.3 a change of state is an event with the documented shape', async () => {
    const events: BusEvent[] = [];
    sandbox.world.onEvent((event) => events.push(event));
    await putAlarm();
    await set('ALARM');
    const change = events.find((event) => event['detail-type'] === 'CloudWatch Alarm State Change');
    expect(change).toMatchObject({
      source: 'aws.cloudwatch',
      resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reeve-findings'],
      detail: {
        alarmName: 'reeve-findings',
        state: { value: 'ALARM', reason: 'by hand', timestamp: '2026-11-02T08:00:00.000+0000' },
        previousState: { value: 'INSUFFICIENT_DATA' },
        configuration: {
          metrics: [
            {
              metricStat: {
                metric: { namespace: Namespace, name: 'Findings', dimensions: { policy: 'revoke-open-ssh' } },
                period: 60,
                stat: 'Sum',
              },
              returnData: true,
            },
          ],
        },
      },
    });
    await set('ALARM');
    expect(events.filter((event) => event.source === 'aws.cloudwatch')).toHaveLength(1);
  });

  it('B5.5 its SNS action has a list of dimensions and a display name for the region', async () => {
    const sns = new SNSClient(sandbox.clientConfig());
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }));
    await putAlarm({ AlarmActions: [TopicArn] });
    await set('OK');
    await set('ALARM');
    const [mail, ...others] = inboxOf(sandbox.world, TopicArn);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('ALARM: "reeve-findings" in EU (Ireland)');
    expect(JSON.parse(mail?.message ?? '')).toMatchObject({
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      Region: 'EU (Ireland)',
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reeve-findings',
      Trigger: { Dimensions: [{ name: 'policy', value: 'revoke-open-ssh' }], Statistic: 'SUM' },
    });
  });

  it('B5.4 its Lambda action is asked of Lambda in the name of the alarm service', async () => {
    const payloads: unknown[] = [];
    const isInvoke = (input: unknown) => {
      const { Payload } = input as { Payload: Uint8Array };
      return payloads.push(JSON.parse(Buffer.from(Payload).toString())) > 0;
    };
    sandbox.world.faults.add({
      service: 'lambda',
      operation: 'Invoke',
      when: isInvoke,
      kind: 'error',
      status: 403,
    });
    await putAlarm({ AlarmActions: ['arn:aws:lambda:eu-west-1:111122223333:function:sweep'] });
    await set('ALARM');
    expect(sandbox.world.calls).toContainEqual(
      expect.objectContaining({ operation: 'Invoke', principal: 'lambda.alarms.cloudwatch.amazonaws.com' }),
    );
    expect(payloads).toMatchObject([
      {
        source: 'aws.cloudwatch',
        alarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reeve-findings',
        accountId: '111122223333',
        time: '2026-11-02T08:00:00.000+0000',
        alarmData: { alarmName: 'reeve-findings', state: { value: 'ALARM' } },
      },
    ]);
  });

  it('B5.17 an alarm on the depth of a dead-letter queue sees the queue itself', async () => {
    const sqs = new SQSClient(sandbox.clientConfig());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const depth = { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' };
    await putAlarm({ ...depth, Dimensions: [{ Name: 'QueueName', Value: 'dead' }], Statistic: 'Maximum' });
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('OK');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBe('ALARM');
  });

  it('a deleted alarm is gone and looks no more', async () => {
    await putAlarm();
    await client.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames: ['reeve-findings'] }));
    await sandbox.world.clock.advance(MINUTE);
    expect(await state()).toBeUndefined();
    await expect(set('OK')).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  it.each<[string, Partial<cloudwatch.PutMetricAlarmCommandInput>, RegExp]>([
    ['metric math', { Metrics: [{ Id: 'e', Expression: '1' }] }, /Metrics of/],
    ['a trimmed mean', { Statistic: undefined, ExtendedStatistic: 'tm99' }, /the statistic tm99/],
    ['two statistics', { ExtendedStatistic: 'p99' }, /Exactly one/],
    ['an anomaly band', { ComparisonOperator: 'GreaterThanUpperThreshold' }, /GreaterThanUpperThreshold/],
    ['to recover an instance', { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:recover'] }, /ec2:recover/],
    ['to stop no instance', { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }, /InstanceId/],
    ['more datapoints than periods', { DatapointsToAlarm: 2 }, /DatapointsToAlarm/],
  ])('%s is refused by name', async (_, more, message) => {
    await expect(putAlarm(more)).rejects.toThrow(message);
  });
});
