import { drawer } from '../../core/drawer.ts';
import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';

/** What was measured at one moment: a value, or several folded together. */
export interface Datapoint {
  readonly at: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
  readonly unit: string;
}

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Metric extends MetricId {
  readonly points: Datapoint[];
}

export const metrics = drawer<Map<string, Metric>>(() => new Map());

/** Metrics are the same only when all dimensions are. */
export function metricKey({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Stores a datapoint, as PutMetricData and AWS's own services do. */
export function putDatapoint(world: World, where: Where, id: MetricId, point: Datapoint): void {
  const ofPlace = metrics.of({ world, ...where });
  const metric = ofPlace.get(metricKey(id)) ?? { ...id, points: [] };
  metric.points.push(point);
  ofPlace.set(metricKey(id), metric);
}

/** One value at one moment. */
export function single(at: number, value: number, unit = 'None'): Datapoint {
  return { at, sum: value, minimum: value, maximum: value, count: 1, unit };
}

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type StatisticName = (typeof STATISTICS)[number];

export function isStatistic(name: string | undefined): name is StatisticName {
  return STATISTICS.some((known) => known === name);
}

export interface Window {
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly periodMs: number;
  readonly statistic: StatisticName;
  readonly unit?: string | undefined;
}

/** The statistic of each period that has data, oldest first, by the start of the period. */
export function statistics(
  metric: Metric | undefined,
  window: Window,
): readonly [at: number, value: number][] {
  const { from, to, periodMs, statistic, unit } = window;
  const periods = new Map<number, Datapoint>();
  for (const point of metric?.points ?? []) {
    if (point.at < from || point.at >= to || (unit !== undefined && unit !== point.unit)) continue;
    const start = Math.floor(point.at / periodMs) * periodMs;
    periods.set(start, folded(periods.get(start), { ...point, at: start }));
  }
  return [...periods]
    .map(([at, point]): [number, number] => [at, statisticOf(point, statistic)])
    .sort(([a], [b]) => a - b);
}

function folded(known: Datapoint | undefined, point: Datapoint): Datapoint {
  if (!known) return point;
  return {
    ...known,
    sum: known.sum + point.sum,
    count: known.count + point.count,
    minimum: Math.min(known.minimum, point.minimum),
    maximum: Math.max(known.maximum, point.maximum),
  };
}

function statisticOf({ sum, count, minimum, maximum }: Datapoint, statistic: StatisticName): number {
  return { SampleCount: count, Average: sum / count, Sum: sum, Minimum: minimum, Maximum: maximum }[
    statistic
  ];
}
