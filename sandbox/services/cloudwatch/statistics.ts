import { firstFrom, type Metric } from './metrics.ts';
import { eachPoint, type Folded } from './series.ts';

const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type StatisticName = (typeof STATISTICS)[number] | `p${number}`;

/** One of the five, or a percentile such as `p99` or `p99.9`. */
export function isStatistic(name: string | undefined): name is StatisticName {
  return isPercentile(name) || STATISTICS.some((known) => known === name);
}

/** `p0` to `p100`, with up to ten decimals. */
export function isPercentile(name: string | undefined): name is `p${number}` {
  return name !== undefined && /^p(100|\d{1,2}(\.\d{1,10})?)$/.test(name);
}

export interface Window {
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly now: number;
  readonly periodMs: number;
  readonly unit?: string | undefined;
}

/** Everything measured in one period. `values` are kept for percentiles only; undefined where they cannot be told. */
export interface PeriodSummary {
  readonly at: number;
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
  unit: string;
  values: { value: number; count: number }[] | undefined;
}

const DAY = 86_400_000;

/**
 * How far back a period reaches: what was measured by the minute is kept for 15 days, then by 5 minutes for 63 days,
 * then by the hour for 455 days (API Reference, GetMetricData); what is shorter than a minute for 3 hours.
 */
export function reachOf(periodMs: number): number {
  if (periodMs % 3_600_000 === 0) return 455 * DAY;
  if (periodMs % 300_000 === 0) return 63 * DAY;
  return periodMs % 60_000 === 0 ? 15 * DAY : DAY / 8;
}

/**
 * The start of a request as CloudWatch rounds it down, by its age: to the minute, to 5 minutes after 15 days, to the
 * hour after 63; periods of less than a minute to themselves (API Reference, GetMetricData).
 */
export function roundedStart(start: Date | undefined, now: number, periodMs: number): number {
  const from = start?.getTime() ?? 0;
  const age = now - from;
  const oldStep = age > 63 * DAY ? 3_600_000 : age > 15 * DAY ? 300_000 : 60_000;
  const step = periodMs < 60_000 ? periodMs : oldStep;
  return Math.floor(from / step) * step;
}

/** Folds what a metric measured into periods, oldest first, counted from the window's start; empty ones are left out. */
export function summaries(
  metric: Metric | undefined,
  window: Window,
  withValues = false,
): readonly PeriodSummary[] {
  if (!metric) return [];
  const { periodMs, unit, to } = window;
  const from = Math.max(window.from, window.now - reachOf(periodMs));
  const periods = new Map<number, PeriodSummary>();
  let latest: PeriodSummary | undefined;
  const fold = (at: number, point: Folded, measuredIn: string) => {
    const start = at - ((at - window.from) % periodMs);
    latest = latest?.at === start ? latest : periods.get(start);
    if (latest) return add(latest, point);
    latest = summaryOf(start, point, measuredIn, withValues);
    periods.set(start, latest);
  };
  for (const series of metric.series) {
    if (unit === undefined || unit === series.unit) {
      eachPoint(series, { from, to, now: window.now }, (at, point) => fold(at, point, series.unit));
    }
  }
  for (let index = firstFrom(metric.points, from); index < metric.points.length; index += 1) {
    const point = metric.points[index];
    if (!point || point.at >= to) break;
    if (unit === undefined || unit === point.unit) fold(point.at, point, point.unit);
  }
  return [...periods.values()].sort((a, b) => a.at - b.at);
}

function summaryOf(at: number, point: Folded, unit: string, withValues: boolean): PeriodSummary {
  const { sum, count, minimum, maximum } = point;
  return { at, sum, count, minimum, maximum, unit, values: withValues ? valuesOf(point) : undefined };
}

function add(known: PeriodSummary, point: Folded): void {
  known.sum += point.sum;
  known.count += point.count;
  known.minimum = Math.min(known.minimum, point.minimum);
  known.maximum = Math.max(known.maximum, point.maximum);
  const more = known.values && valuesOf(point);
  known.values = more && known.values?.concat(more);
}

/** A folded datapoint tells its values only where all are the same (API Reference, GetMetricStatistics). */
function valuesOf({ minimum, maximum, count }: Folded): { value: number; count: number }[] | undefined {
  return minimum === maximum && minimum >= 0 ? [{ value: minimum, count }] : undefined;
}

/** The statistic of a period; undefined where it cannot be told, as a percentile of folded values. */
export function statisticOf(summary: PeriodSummary, statistic: StatisticName): number | undefined {
  const { sum, count, minimum, maximum, values } = summary;
  switch (statistic) {
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Sum':
      return sum;
    case 'Minimum':
      return minimum;
    case 'Maximum':
      return maximum;
    default:
      return values && percentile(values, Number(statistic.slice(1)));
  }
}

/** By nearest rank. */
function percentile(
  values: readonly { value: number; count: number }[],
  percent: number,
): number | undefined {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let left = Math.max(1, Math.ceil((percent / 100) * total));
  for (const { value, count } of sorted) {
    left -= count;
    if (left <= 0) return value;
  }
  return sorted.at(-1)?.value;
}

/** The statistic of each period that has data, oldest first, by the start of the period. */
export function statistics(
  metric: Metric | undefined,
  window: Window & { readonly statistic: StatisticName },
): readonly [at: number, value: number][] {
  const { statistic } = window;
  return summaries(metric, window, isPercentile(statistic)).flatMap((summary) => {
    const value = statisticOf(summary, statistic);
    return value === undefined ? [] : [[summary.at, value] satisfies [number, number]];
  });
}
