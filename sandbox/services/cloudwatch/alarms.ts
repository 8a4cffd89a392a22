import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { type Alarm, alarms, type CompositeAlarm, invalid, type MetricAlarm, onAlarms } from './alarm.ts';
import { noteHistory } from './alarm-history.ts';
import { changeState } from './alarm-state.ts';
import { positionOf } from './periods.ts';

const SUPPORTED = [
  ...['AlarmNames', 'AlarmNamePrefix', 'StateValue', 'AlarmTypes', 'MaxRecords', 'NextToken'],
];

/** Lists alarms by name or prefix; composite ones only when they are asked for. */
export const describeAlarms = operation<cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput>({
  authorize: ({ AlarmNames = ['*'] }, call) => onAlarms(call, AlarmNames),
  run(input, call) {
    onlySupported(call, input, SUPPORTED);
    const { AlarmNames, AlarmNamePrefix, StateValue, AlarmTypes = ['MetricAlarm'], MaxRecords = 50 } = input;
    if (AlarmNames && AlarmNamePrefix !== undefined)
      throw invalid('AlarmNames and AlarmNamePrefix cannot be given together.');
    if (MaxRecords < 1 || MaxRecords > 100) throw invalid('MaxRecords must be between 1 and 100.');
    const found = [...alarms.of(call).values()].filter(
      ({ kind, name, status }) =>
        AlarmTypes.some((type) => type === kind) &&
        (AlarmNames?.includes(name) ?? name.startsWith(AlarmNamePrefix ?? '')) &&
        (!StateValue || status.value === StateValue),
    );
    const from = positionOf(input.NextToken);
    const next = from + MaxRecords;
    const page = found.slice(from, next);
    return {
      MetricAlarms: page.flatMap((alarm) => (alarm.kind === 'MetricAlarm' ? [metricAlarm(alarm)] : [])),
      CompositeAlarms: page.flatMap((alarm) =>
        alarm.kind === 'CompositeAlarm' ? [compositeAlarm(alarm)] : [],
      ),
      ...(next < found.length && { NextToken: String(next) }),
    };
  },
});

export const deleteAlarms = operation<cloudwatch.DeleteAlarmsInput, object>({
  authorize: ({ AlarmNames = [] }, call) => onAlarms(call, AlarmNames),
  run({ AlarmNames = [] }, call) {
    for (const name of AlarmNames) {
      const alarm = alarms.of(call).get(name);
      if (!alarm) continue;
      alarm.cancel();
      noteHistory(call.world, alarm, 'ConfigurationUpdate', `Alarm "${name}" deleted`, { type: 'Delete' });
      alarms.of(call).delete(name);
    }
    return {};
  },
});

/** Puts an alarm into a state by hand; it goes back by itself when it is evaluated the next time. */
export const setAlarmState = operation<cloudwatch.SetAlarmStateInput, object>({
  authorize: ({ AlarmName = '' }, call) => onAlarms(call, [AlarmName]),
  async run({ AlarmName = '', StateValue, StateReason = '', StateReasonData }, call) {
    const alarm = alarms.of(call).get(AlarmName);
    if (!alarm) throw new AwsError('ResourceNotFound', '', 404);
    if (StateValue !== 'OK' && StateValue !== 'ALARM' && StateValue !== 'INSUFFICIENT_DATA') {
      throw invalid(
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

function common({ name, arn, configuredAt, status }: Alarm) {
  return {
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

const NO_ACTIONS = { ActionsEnabled: true, OKActions: [], AlarmActions: [], InsufficientDataActions: [] };

function metricAlarm(alarm: MetricAlarm): cloudwatch.MetricAlarm {
  const { Tags: _, ...configuration } = alarm.input;
  return { ...NO_ACTIONS, ...configuration, ...common(alarm) };
}

function compositeAlarm(alarm: CompositeAlarm): cloudwatch.CompositeAlarm {
  const { Tags: _, ...configuration } = alarm.input;
  return { ...NO_ACTIONS, ...configuration, ...common(alarm) };
}
