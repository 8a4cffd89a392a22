import { drawer } from '../../core/drawer.ts';
import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import type { Series } from './series.ts';

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
  /** What was put, oldest first. */
  readonly points: Datapoint[];
  /** What is worked out when it is read. */
  readonly series: Series[];
}

export const metrics = drawer<Map<string, Metric>>(() => new Map());

const RETENTION_MS = 455 * 86_400_000;

/** Metrics are the same only when all dimensions are. */
export function metricKey({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The metric of this id, made when it is measured for the first time. */
export function metricOf(place: Where & { readonly world: World }, id: MetricId): Metric {
  const { namespace, name, dimensions } = id;
  const ofPlace = metrics.of(place);
  const key = metricKey(id);
  const metric = ofPlace.get(key) ?? { namespace, name, dimensions, points: [], series: [] };
  ofPlace.set(key, metric);
  return metric;
}

/** Stores a datapoint, as PutMetricData and AWS's own services do. */
export function putDatapoint(world: World, where: Where, id: MetricId, point: Datapoint): void {
  const { points } = metricOf({ world, ...where }, id);
  points.splice(firstFrom(points, point.at + 1), 0, point);
  const expired = firstFrom(points, world.clock.now() - RETENTION_MS);
  if (expired > 0) points.splice(0, expired);
}

/** One value at one moment. */
export function single(at: number, value: number, unit = 'None'): Datapoint {
  return { at, sum: value, minimum: value, maximum: value, count: 1, unit };
}

/** Position of the first datapoint at this moment or later. */
export function firstFrom(points: readonly Datapoint[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
