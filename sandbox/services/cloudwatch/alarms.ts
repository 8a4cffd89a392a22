import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation, type Where } from '../../core/service.ts';
import { changeState } from './alarm-actions.ts';
import { evaluateLater } from './alarm-evaluation.ts';
import { checkAlarm, notImplemented } from './alarm-input.ts';
import type { MetricId } from './metrics.ts';
import { isStatistic, type StatisticName } from './statistics.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmStatus {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly at: Date;
}

export interface Alarm extends Where {
  readonly name: string;
  readonly arn: string;
  /** Names the metric in the alarm's events. */
  readonly metricId: string;
  readonly metric: MetricId;
  readonly statistic: StatisticName;
  readonly input: cloudwatch.PutMetricAlarmInput;
  readonly configuredAt: Date;
  status: AlarmStatus;
  /** Takes the next evaluation off the clock. */
  cancel(): void;
}

export const alarms = drawer<Map<string, Alarm>>(() => new Map());

const arnOf = ({ partition, region, account }: Where, name: string) =>
  `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;

const onAlarms = (call: Call, names: readonly string[]) => [
  { action: `cloudwatch:${call.operation}`, resources: names.map((name) => arnOf(call, name)) },
];

export const putMetricAlarm = operation<cloudwatch.PutMetricAlarmInput, object>({
  authorize: ({ AlarmName = '' }, call) => onAlarms(call, [AlarmName]),
  run(input, call) {
    const { AlarmName: name = '', Namespace = '', MetricName = '', Statistic, Dimensions = [] } = input;
    checkAlarm(input);
    if (!isStatistic(Statistic)) throw new AwsError('ValidationError', 'The parameter Statistic is invalid.');
    const known = alarms.of(call).get(name);
    known?.cancel();
    const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
    const alarm: Alarm = {
      ...{ partition: call.partition, account: call.account, region: call.region },
      name,
      arn: arnOf(call, name),
      metricId: call.world.random.uuid(),
      metric: { namespace: Namespace, name: MetricName, dimensions },
      statistic: Statistic,
      input,
      configuredAt: call.now,
      status: known?.status ?? {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        at: call.now,
      },
      cancel: () => {},
    };
    alarms.of(call).set(name, alarm);
    evaluateLater(call.world, alarm);
    return {};
  },
});

export const describeAlarms = operation<cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput>({
  authorize: ({ AlarmNames = ['*'] }, call) => onAlarms(call, AlarmNames),
  run(input, call) {
    const {
      AlarmNames,
      AlarmNamePrefix = '',
      StateValue,
      ActionPrefix,
      AlarmTypes = [],
      MaxRecords = 50,
      NextToken,
    } = input;
    if (
      ActionPrefix !== undefined ||
      input.ChildrenOfAlarmName !== undefined ||
      input.ParentsOfAlarmName !== undefined
    ) {
      throw notImplemented(
        'ActionPrefix, ChildrenOfAlarmName and ParentsOfAlarmName of cloudwatch:DescribeAlarms',
      );
    }
    if (AlarmTypes.length > 0 && !AlarmTypes.includes('MetricAlarm'))
      return { MetricAlarms: [], CompositeAlarms: [] };
    const found = [...alarms.of(call).values()].filter(
      ({ name, status }) =>
        (AlarmNames?.includes(name) ?? name.startsWith(AlarmNamePrefix)) &&
        (!StateValue || status.value === StateValue),
    );
    const from = Number(NextToken ?? 0);
    const more = from + MaxRecords < found.length;
    return {
      MetricAlarms: found.slice(from, from + MaxRecords).map(described),
      CompositeAlarms: [],
      ...(more && { NextToken: String(from + MaxRecords) }),
    };
  },
});

export const deleteAlarms = operation<cloudwatch.DeleteAlarmsInput, object>({
  authorize: ({ AlarmNames = [] }, call) => onAlarms(call, AlarmNames),
  run({ AlarmNames = [] }, call) {
    for (const name of AlarmNames) {
      alarms.of(call).get(name)?.cancel();
      alarms.of(call).delete(name);
    }
    return {};
  },
});

export const setAlarmState = operation<cloudwatch.SetAlarmStateInput, object>({
  authorize: ({ AlarmName = '' }, call) => onAlarms(call, [AlarmName]),
  async run({ AlarmName = '', StateValue, StateReason = '', StateReasonData }, call) {
    const alarm = alarms.of(call).get(AlarmName);
    if (!alarm) throw new AwsError('ResourceNotFound', '', 404);
    if (StateValue !== 'OK' && StateValue !== 'ALARM' && StateValue !== 'INSUFFICIENT_DATA') {
      throw new AwsError(
        'ValidationError',
        `Value '${StateValue}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`,
      );
    }
    await changeState(call.world, alarm, {
      value: StateValue,
      reason: StateReason,
      ...(StateReasonData !== undefined && { reasonData: StateReasonData }),
      at: call.now,
    });
    return {};
  },
});

function described({ name, arn, input, configuredAt, status }: Alarm): cloudwatch.MetricAlarm {
  const { Tags: _, ...configuration } = input;
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...configuration,
    AlarmName: name,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: configuredAt,
    StateValue: status.value,
    StateReason: status.reason,
    ...(status.reasonData !== undefined && { StateReasonData: status.reasonData }),
    StateUpdatedTimestamp: status.at,
    StateTransitionedTimestamp: status.at,
  };
}
