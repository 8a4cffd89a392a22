import type { Alarm, AlarmStatus } from './alarm.ts';
import { timestamp } from './alarm-notification.ts';

/** The event's detail (CloudWatch User Guide, "Alarm events and EventBridge"): dimensions are an object here. */
export function alarmDetail(alarm: Alarm, previous: AlarmStatus) {
  const description = alarm.input.AlarmDescription;
  return {
    alarmName: alarm.name,
    state: shown(alarm.status),
    previousState: shown(previous),
    configuration: { ...(description !== undefined && { description }), ...watched(alarm) },
  };
}

function watched(alarm: Alarm) {
  if (alarm.kind === 'CompositeAlarm') return { alarmRule: alarm.rule.text };
  const { metricId, metric, statistic, input } = alarm;
  const { name, dimensions, namespace } = metric;
  const metricStat = { metric: { namespace, name, dimensions }, period: input.Period, stat: statistic };
  return { metrics: [{ id: metricId, metricStat, returnData: true }] };
}

function shown({ value, reason, reasonData, at }: AlarmStatus) {
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: timestamp(at) };
}
