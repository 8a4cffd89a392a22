import type { World } from '../../core/world.ts';
import { numberWaiting } from '../sqs/state.ts';
import type { AlarmState, MetricAlarm } from './alarm.ts';
import { timestamp } from './alarm-notification.ts';
import { changeState } from './alarm-state.ts';
import { metricKey, metrics, putDatapoint, single } from './metrics.ts';
import { statistics } from './statistics.ts';

/** Looks at the alarm once a period, at the period's end, for as long as it exists. */
export function evaluateLater(world: World, alarm: MetricAlarm): void {
  const periodMs = (alarm.input.Period ?? 60) * 1000;
  const next = (Math.floor(world.clock.now() / periodMs) + 1) * periodMs;
  alarm.cancel = world.clock.at(next, async () => {
    await evaluateNow(world, alarm);
    evaluateLater(world, alarm);
  });
}

async function evaluateNow(world: World, alarm: MetricAlarm): Promise<void> {
  const now = world.clock.now();
  measureQueue(world, alarm, now);
  const {
    Period = 60,
    EvaluationPeriods = 1,
    DatapointsToAlarm = EvaluationPeriods,
    TreatMissingData,
  } = alarm.input;
  const periodMs = Period * 1000;
  const values = statistics(metrics.of({ world, ...alarm }).get(metricKey(alarm.metric)), {
    from: now - EvaluationPeriods * periodMs,
    to: now,
    now,
    periodMs,
    statistic: alarm.statistic,
    unit: alarm.input.Unit,
  }).map(([, value]) => value);
  const missing = EvaluationPeriods - values.length;
  const breaching = values.filter((value) => isBreaching(alarm, value)).length;
  const value = verdict(
    { breaching, measured: values.length, missing, needed: DatapointsToAlarm },
    TreatMissingData,
  );
  if (value === undefined || value === alarm.status.value) return;
  await changeState(world, alarm, { value, ...reason(alarm, values, value, now), at: new Date(now) });
}

interface Tally {
  readonly breaching: number;
  readonly measured: number;
  readonly missing: number;
  readonly needed: number;
}

/**
 * What an alarm makes of its datapoints; undefined keeps the state (CloudWatch User Guide, "Configuring how CloudWatch
 * alarms treat missing data"). Where too few breach for an alarm but none is good, the missing ones decide.
 */
function verdict({ breaching, measured, missing, needed }: Tally, treat = 'missing'): AlarmState | undefined {
  if (breaching >= needed) return 'ALARM';
  if (treat === 'breaching') return breaching + missing >= needed ? 'ALARM' : 'OK';
  if (treat === 'notBreaching' || measured > breaching) return 'OK';
  if (treat === 'ignore') return undefined;
  return breaching > 0 ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function isBreaching({ input }: MetricAlarm, value: number): boolean {
  const { Threshold: threshold = 0, ComparisonOperator } = input;
  if (ComparisonOperator === 'GreaterThanThreshold') return value > threshold;
  if (ComparisonOperator === 'GreaterThanOrEqualToThreshold') return value >= threshold;
  return ComparisonOperator === 'LessThanThreshold' ? value < threshold : value <= threshold;
}

function reason(
  { input, statistic }: MetricAlarm,
  values: readonly number[],
  value: AlarmState,
  now: number,
) {
  const { Period = 60, EvaluationPeriods = 1, Threshold = 0 } = input;
  const range = `${values.length} out of the last ${EvaluationPeriods} datapoints [${values.join(', ')}]`;
  const text =
    value === 'INSUFFICIENT_DATA'
      ? `Insufficient Data: ${EvaluationPeriods} datapoints were unknown.`
      : `Threshold Crossed: ${range} ${value === 'ALARM' ? 'crossed' : 'did not cross'} the threshold (${Threshold}).`;
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: timestamp(new Date(now)),
    startDate: timestamp(new Date(now - EvaluationPeriods * Period * 1000)),
    statistic,
    period: Period,
    recentDatapoints: values,
    threshold: Threshold,
  });
  return { reason: text, reasonData };
}

/** SQS measures its queues itself: how many messages wait is looked up when an alarm asks. */
function measureQueue(world: World, { metric, input: _, ...where }: MetricAlarm, now: number): void {
  if (metric.namespace !== 'AWS/SQS' || metric.name !== 'ApproximateNumberOfMessagesVisible') return;
  const waiting = numberWaiting({ world, ...where }, metric.dimensions.QueueName ?? '');
  if (waiting !== undefined) putDatapoint(world, where, metric, single(now - 1, waiting, 'Count'));
}
