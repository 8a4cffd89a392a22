import type { Instance } from './instance.ts';
import type { Settings } from './settings.ts';

/** One metric of EC2 as it is asked for. */
export interface Metric {
  /** How the facts call it. */
  readonly key: string;
  readonly name: string;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum';
}

/** Asked of every instance that may be idle, a point a day: most are seen to be busy by it alone. */
export const PEAK: Metric = { key: 'cpu-peak', name: 'CPUUtilization', statistic: 'Maximum' };

const SUMS: readonly Metric[] = ['NetworkIn', 'NetworkOut', 'NetworkPacketsIn', 'NetworkPacketsOut'].map(
  (name) => ({ key: name, name, statistic: 'Sum' }),
);

/** Asked of what the peaks leave. Basic and detailed monitoring have the same sums and the same periods (B1.14, B1.16). */
const FINE: readonly Metric[] = [
  { key: 'cpu-average', name: 'CPUUtilization', statistic: 'Average' },
  ...SUMS,
  // Only Nitro instances have these (B1.17).
  { key: 'EBSReadBytes', name: 'EBSReadBytes', statistic: 'Sum' },
  { key: 'EBSWriteBytes', name: 'EBSWriteBytes', statistic: 'Sum' },
  { key: 'StatusCheckFailed', name: 'StatusCheckFailed', statistic: 'Maximum' },
];

const CREDITS: readonly Metric[] = [
  { key: 'CPUCreditBalance', name: 'CPUCreditBalance', statistic: 'Minimum' },
  { key: 'CPUSurplusCreditsCharged', name: 'CPUSurplusCreditsCharged', statistic: 'Sum' },
];

/** The metrics of the second look at one instance. */
export function fineMetrics(instance: Pick<Instance, 'instanceType'>): readonly Metric[] {
  return isBurstable(instance) ? [...FINE, ...CREDITS] : FINE;
}

export function isBurstable({ instanceType }: Pick<Instance, 'instanceType'>): boolean {
  return /^t\d/.test(instanceType);
}

const HOUR = 3_600_000;
export const DAY_SECONDS = 86_400;

/** What is read: whole periods up to now, epoch ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Of the fine look; a multiple of 300 for basic monitoring, 3600 beyond 63 days (B1.14, B1.15). */
  readonly periodSeconds: number;
}

/** The window that ends now. Datapoints of the last minutes may not be there yet, so it ends on the full hour. */
export function windowOf({ windowDays }: Pick<Settings, 'windowDays'>, now: Date): Window {
  const to = Math.floor(now.getTime() / HOUR) * HOUR;
  return { from: to - windowDays * 24 * HOUR, to, periodSeconds: windowDays <= 1 ? 300 : 3600 };
}

/** Datapoints that a window has, when none is missing. */
export function expectedPoints({ from, to, periodSeconds }: Window): number {
  return Math.floor((to - from) / 1000 / periodSeconds);
}
