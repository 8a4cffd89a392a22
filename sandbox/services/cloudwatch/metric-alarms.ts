import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { operation } from '../../core/service.ts';
import { alarmArn, alarms, invalid, type MetricAlarm, onAlarms } from './alarm.ts';
import { evaluateLater } from './alarm-evaluation.ts';
import { noteHistory } from './alarm-history.ts';
import { checkAlarm } from './alarm-input.ts';
import { isStatistic } from './statistics.ts';

/** Makes or replaces an alarm on one metric; a replaced one keeps its state. */
export const putMetricAlarm = operation<cloudwatch.PutMetricAlarmInput, object>({
  authorize: ({ AlarmName = '' }, call) => onAlarms(call, [AlarmName]),
  run(input, call) {
    const { AlarmName: name = '', Namespace = '', MetricName = '', Dimensions = [] } = input;
    checkAlarm(input);
    const statistic = input.ExtendedStatistic ?? input.Statistic;
    if (!isStatistic(statistic)) throw invalid('The parameter Statistic is invalid.');
    const known = alarms.of(call).get(name);
    if (known && known.kind !== 'MetricAlarm') throw invalid(`${name} is the name of a composite alarm.`);
    known?.cancel();
    const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
    const alarm: MetricAlarm = {
      kind: 'MetricAlarm',
      ...{ partition: call.partition, account: call.account, region: call.region },
      ...{ name, arn: alarmArn(call, name), statistic, input, configuredAt: call.now },
      metricId: call.world.random.uuid(),
      metric: { namespace: Namespace, name: MetricName, dimensions },
      status: known?.status ?? {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        at: call.now,
      },
      cancel: () => {},
    };
    alarms.of(call).set(name, alarm);
    noteHistory(
      call.world,
      alarm,
      'ConfigurationUpdate',
      `Alarm "${name}" ${known ? 'updated' : 'created'}`,
      {
        type: known ? 'Update' : 'Create',
      },
    );
    evaluateLater(call.world, alarm);
    return {};
  },
});
