import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Where } from '../../core/service.ts';
import type { AlarmRule } from './alarm-rule.ts';
import type { MetricId } from './metrics.ts';
import type { StatisticName } from './statistics.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmStatus {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  /** The alarm that moved a composite one. */
  readonly trigger?: { readonly arn: string; readonly value: AlarmState };
  readonly at: Date;
}

interface AnyAlarm extends Where {
  readonly name: string;
  readonly arn: string;
  readonly configuredAt: Date;
  status: AlarmStatus;
  /** Takes the next evaluation off the clock. */
  cancel(): void;
}

export interface MetricAlarm extends AnyAlarm {
  readonly kind: 'MetricAlarm';
  /** Names the metric in the alarm's events. */
  readonly metricId: string;
  readonly metric: MetricId;
  readonly statistic: StatisticName;
  readonly input: cloudwatch.PutMetricAlarmInput;
}

export interface CompositeAlarm extends AnyAlarm {
  readonly kind: 'CompositeAlarm';
  readonly rule: AlarmRule;
  readonly input: cloudwatch.PutCompositeAlarmInput;
}

export type Alarm = MetricAlarm | CompositeAlarm;

/** Alarms of both kinds by name: a name is taken by one alarm only. */
export const alarms = drawer<Map<string, Alarm>>(() => new Map());

export function alarmArn({ partition, region, account }: Where, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** The demand of an operation on alarms by name. */
export function onAlarms(call: Call, names: readonly string[]) {
  return [{ action: `cloudwatch:${call.operation}`, resources: names.map((name) => alarmArn(call, name)) }];
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
