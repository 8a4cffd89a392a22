import {
  type Activity,
  type Facts,
  type Lookup,
  NO_FACTS,
} from '../../../functions/stop-idle-instances/facts.ts';
import type { Instance } from '../../../functions/stop-idle-instances/instance.ts';
import { judge } from '../../../functions/stop-idle-instances/judge.ts';
import { DAY_SECONDS, fineMetrics, windowOf } from '../../../functions/stop-idle-instances/metrics.ts';
import { type Settings, settings } from '../../../functions/stop-idle-instances/settings.ts';
import { type Points, pointsOf } from '../../../shared/aws/cloudwatch/points.ts';

/** A Friday noon in November, in every zone that the tests name. */
export const NOW = new Date('2026-11-20T12:00:00Z');

const HOUR = 3_600_000;

export function hoursAgo(hours: number, now = NOW): Date {
  return new Date(now.getTime() - hours * HOUR);
}

export function set(given: unknown = {}): Settings {
  return settings.parse(given);
}

/** Running for two months, in nobody's way. */
export function instance(extra: Partial<Instance> = {}): Instance {
  return {
    type: 'AWS::EC2::Instance',
    id: 'i-0a1b2c3d4e5f60718',
    arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718',
    name: 'build',
    tags: new Map(),
    state: 'running',
    instanceType: 'm5.large',
    region: 'eu-west-1',
    zone: 'eu-west-1a',
    launchTime: hoursAgo(60 * 24),
    since: hoursAgo(90 * 24),
    stoppedAt: undefined,
    lifecycle: undefined,
    spotRequestId: undefined,
    tenancy: 'default',
    outpost: undefined,
    rootDevice: 'ebs',
    forwards: false,
    operator: undefined,
    requester: undefined,
    ownedHere: true,
    vpcId: 'vpc-1',
    privateIps: ['10.0.0.1'],
    publicIp: undefined,
    elasticIp: false,
    hibernates: false,
    platform: 'Linux/UNIX',
    capacityReservation: undefined,
    productCodes: [],
    alarmAction: undefined,
    ...extra,
  };
}

export function tags(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(given));
}

/** What CloudWatch holds about a machine that does nothing but chat a little. */
const IDLE: Readonly<Record<string, number>> = {
  'cpu-peak': 1.5,
  'cpu-average': 0.4,
  NetworkIn: 50_000,
  NetworkOut: 40_000,
  NetworkPacketsIn: 800,
  NetworkPacketsOut: 700,
  EBSReadBytes: 0,
  EBSWriteBytes: 2_000_000,
  StatusCheckFailed: 0,
  CPUCreditBalance: 288,
  CPUSurplusCreditsCharged: 0,
};

export interface Measured {
  /** One value for the whole window, a value by index, or why it is unknown; `undefined` leaves the metric out. */
  readonly [key: string]: number | ((index: number) => number | undefined) | string | undefined;
}

/** Full datapoints of an idle machine, changed by `measured`. */
export function activity(measured: Measured = {}, given: unknown = {}, burstable = true): Activity {
  const window = windowOf(set(given), NOW);
  const keys = [
    'cpu-peak',
    ...fineMetrics({ instanceType: burstable ? 't3.micro' : 'm5.large' }).map(({ key }) => key),
  ];
  const metrics = new Map<string, Lookup<Points>>();
  for (const key of keys) {
    const value = key in measured ? measured[key] : IDLE[key];
    if (value === undefined) continue;
    const seconds = key === 'cpu-peak' ? DAY_SECONDS : window.periodSeconds;
    metrics.set(
      key,
      typeof value === 'string' ? { unknown: value } : { value: points(window, seconds, value) },
    );
  }
  return { ...window, metrics };
}

function points(
  { from, to }: { from: number; to: number },
  seconds: number,
  value: number | ((index: number) => number | undefined),
): Points {
  const count = Math.floor((to - from) / 1000 / seconds);
  return pointsOf(
    Array.from({ length: count }, (_, index) => index).flatMap((index): [number, number][] => {
      const measured = typeof value === 'number' ? value : value(index);
      return measured === undefined ? [] : [[from + index * seconds * 1000, measured]];
    }),
  );
}

/** Everything looked up, and nothing in the way. */
export function facts(extra: Partial<Facts> = {}): Facts {
  return {
    ...NO_FACTS,
    activity: activity(),
    type: { value: { vcpus: 2, accelerated: false, instanceStorage: false } },
    event: { value: undefined },
    group: { value: undefined },
    serves: { value: undefined },
    login: { value: undefined },
    reserved: { value: false },
    stops: { value: [] },
    ...extra,
  };
}

export interface Case {
  readonly instance?: Partial<Instance>;
  readonly facts?: Partial<Facts>;
  readonly settings?: object;
  readonly now?: Date;
}

export function verdictOn(given: Case = {}) {
  const use = set(given.settings);
  return judge(instance(given.instance), facts(given.facts), use, given.now ?? NOW);
}

/** `stop`, `start`, or for what is left: its verdict and code. */
export function fate(given: Case = {}): string {
  const verdict = verdictOn(given);
  if (verdict.verdict !== 'violation') return `${verdict.verdict} ${verdict.reasonCode}`;
  if (verdict.remedy === undefined) return `told ${verdict.reasonCode}`;
  return verdict.remedy.action === 'stop-instances' ? 'stop' : 'start';
}
