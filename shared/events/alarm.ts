import type { ResourceRef, Signal } from '../engine/signal.ts';
import { signalFrom } from './envelope.ts';
import { type Context, ignored, type SingleReading } from './reading.ts';

const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** What the three ways in which CloudWatch tells of an alarm have in common. */
export interface Alarm {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly time: Date;
  readonly replayed: boolean;
  readonly state: string;
  readonly previousState: string | undefined;
  /** Why CloudWatch itself holds the alarm's actions back: a suppressor alarm, a mute rule. */
  readonly suppressedBy: string | undefined;
  readonly metrics: readonly AlarmMetric[];
  /** A composite alarm has no metrics but these. */
  readonly children: readonly string[] | undefined;
  /** `stop`, `terminate`, … when the alarm acts on the instance itself; undefined when it does not or does not say. */
  readonly ec2Action: string | undefined;
}

export interface AlarmMetric {
  /** The metric's own account, where it is not the alarm's. */
  readonly account: string | undefined;
  readonly dimensions: ReadonlyMap<string, string>;
  /** Metric math, SEARCH or Metrics Insights. */
  readonly expression: string | undefined;
}

/**
 * An alarm is only a hint to look at instances that it names: not an OK, not a suppressed one, and an aggregate is never
 * mapped to instances (B1.61 to B1.65). What cannot be resolved points at the alarm itself, for an alert.
 */
export function signalsOfAlarm(alarm: Alarm, own: Context): SingleReading {
  if (alarm.state !== 'ALARM') return ignored(`alarm ${alarm.name} is ${alarm.state}`);
  if (alarm.suppressedBy) return ignored(`alarm ${alarm.name} is suppressed by ${alarm.suppressedBy}`);

  const instances = instancesOf(alarm);
  if (instances.size === 0) {
    return { kind: 'signals', signals: [signalOf(alarm, alarm.account, alarmRefs(alarm), own)], ignored: [] };
  }
  const hint = { alarm: alarm.arn, previousState: alarm.previousState, ec2Action: alarm.ec2Action };
  const byAccount = Map.groupBy(instances, ([, account]) => account);
  const found = [...byAccount].map(([account, members]) => {
    const refs = members.map(([id]) => ({ type: 'AWS::EC2::Instance', id, hint }));
    return signalOf(alarm, account, refs, own);
  });
  return { kind: 'signals', signals: found, ignored: [] };
}

/** Distinct instance ids, each with the account that it runs in (B1.62, B1.69). */
function instancesOf(alarm: Alarm): ReadonlyMap<string, string> {
  const instances = new Map<string, string>();
  for (const { dimensions, account } of alarm.metrics) {
    const id = dimensions.get('InstanceId');
    if (id && INSTANCE_ID.test(id)) instances.set(id, account ?? alarm.account);
  }
  return instances;
}

/** The alarm, or a composite's triggering children, to be looked up by whoever can; with the reason to tell people. */
function alarmRefs(alarm: Alarm): readonly ResourceRef[] {
  if (alarm.children && alarm.children.length > 0) {
    return alarm.children.map((id) => ({
      type: 'AWS::CloudWatch::Alarm',
      id,
      hint: { composite: alarm.arn },
    }));
  }
  return [{ type: 'AWS::CloudWatch::Alarm', id: alarm.arn, hint: { unresolved: whyUnresolved(alarm) } }];
}

function whyUnresolved({ children, metrics }: Alarm): string {
  if (children) return 'a composite alarm that names no triggering alarm';
  if (metrics.some(({ dimensions }) => dimensions.has('InstanceId')))
    return 'its InstanceId is not an instance id';
  const dimensions = new Set(metrics.flatMap((metric) => [...metric.dimensions.keys()]));
  if (dimensions.size > 0) return `an aggregate over ${[...dimensions].join(', ')}, not one instance`;
  if (metrics.some(({ expression }) => expression)) return 'a query over many resources, not one instance';
  return 'it names no instance';
}

function signalOf(alarm: Alarm, account: string, refs: readonly ResourceRef[], own: Context): Signal {
  const place = { ...alarm, account, partition: own.partition };
  return signalFrom(place, { kind: 'alarm', name: alarm.name }, own.now, refs);
}
