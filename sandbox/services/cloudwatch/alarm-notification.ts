import type { Alarm, AlarmStatus, CompositeAlarm, MetricAlarm } from './alarm.ts';
import { isPercentile } from './statistics.ts';

/** Display names that alarms write into their mails; other regions appear by their code. */
const REGIONS: Readonly<Record<string, string>> = {
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
};

/** Subject and message of an alarm's SNS action: dimensions are a list and the region has a display name. */
export function alarmNotification(alarm: Alarm, previous: AlarmStatus): { Subject: string; Message: string } {
  const { input, status } = alarm;
  const region = REGIONS[alarm.region] ?? alarm.region;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: input.AlarmDescription ?? null,
    AWSAccountId: alarm.account,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configuredAt),
    NewStateValue: status.value,
    NewStateReason: status.reason,
    StateChangeTime: timestamp(status.at),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    ...(alarm.kind === 'MetricAlarm' ? { Trigger: trigger(alarm) } : children(alarm)),
  };
  const subject = `${status.value}: "${alarm.name}" in ${region}`.slice(0, 99);
  return { Subject: subject, Message: JSON.stringify(message) };
}

function trigger({ input, metric, statistic }: MetricAlarm): object {
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(isPercentile(statistic)
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: statistic }
      : { StatisticType: 'Statistic', Statistic: snake(statistic) }),
    Unit: input.Unit ?? null,
    Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
    Period: input.Period,
    EvaluationPeriods: input.EvaluationPeriods,
    ...(input.DatapointsToAlarm !== undefined && { DatapointsToAlarm: input.DatapointsToAlarm }),
    ComparisonOperator: input.ComparisonOperator,
    Threshold: input.Threshold,
    TreatMissingData: input.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
}

/** A composite alarm names its rule and the alarms that moved it, in capitals here. */
function children({ rule, status: { trigger: moved, at } }: CompositeAlarm): object {
  const child = moved && { Arn: moved.arn, State: { Value: moved.value, Timestamp: timestamp(at) } };
  return { AlarmRule: rule.text, TriggeringChildren: child ? [child] : [] };
}

const snake = (statistic: string) => statistic.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();

/** `2026-11-20T09:12:44.393+0000`, as alarms write it. */
export function timestamp(at: Date): string {
  return at.toISOString().replace('Z', '+0000');
}
