import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { type Datapoint, type MetricId, metricOf, single } from './metrics.ts';

/** Several values in one datapoint, as basic monitoring folds five minutes into one. */
export type Folded = Pick<Datapoint, 'sum' | 'minimum' | 'maximum' | 'count'>;

/** What is measured at a moment (epoch ms): a value, several folded together, or nothing. */
export type Pattern = number | ((at: number) => number | Folded | undefined);

/** A metric that is not stored but worked out when it is read: 10,000 machines for months cost next to nothing. */
export interface Series {
  readonly pattern: Pattern;
  readonly unit: string;
  readonly periodMs: number;
  /** Epoch ms of the first datapoint. */
  readonly from: number;
  /** Epoch ms before which the last datapoint lies; a series without an end goes on with the clock. */
  to: number;
}

export interface SeededMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Default `None`. */
  readonly unit?: string;
  readonly series: Pattern;
  readonly from: Date;
  readonly to?: Date;
  /** Seconds between datapoints: 300 as with EC2's basic monitoring (default), 60 as with the detailed one. */
  readonly period?: number;
}

/** Measures a metric by a pattern, from a past moment on; answers how to end it, as when an instance stops. */
export function seedMetrics(
  place: Where & { readonly world: World },
  {
    namespace,
    metric,
    dimensions = {},
    unit = 'None',
    series: pattern,
    from,
    to,
    period = 300,
  }: SeededMetric,
): { end(at: Date): void } {
  const id: MetricId = { namespace, name: metric, dimensions };
  const seeded: Series = {
    pattern,
    unit,
    periodMs: period * 1000,
    from: Math.ceil(from.getTime() / (period * 1000)) * period * 1000,
    to: to?.getTime() ?? Number.POSITIVE_INFINITY,
  };
  metricOf(place, id).series.push(seeded);
  return {
    end(at) {
      seeded.to = at.getTime();
    },
  };
}

/** Shows every datapoint of the series in a window of time. A datapoint appears when its period is over. */
export function eachPoint(
  { pattern, unit, periodMs, from, to }: Series,
  window: { readonly from: number; readonly to: number; readonly now: number },
  visit: (at: number, point: Folded) => void,
): void {
  const start = Math.max(from, Math.ceil(window.from / periodMs) * periodMs);
  const end = Math.min(to, window.to, window.now - periodMs + 1);
  const constant = typeof pattern === 'number' ? single(start, pattern, unit) : undefined;
  for (let at = start; at < end; at += periodMs) {
    const measured = constant ?? (typeof pattern === 'function' ? pattern(at) : undefined);
    if (measured !== undefined)
      visit(at, typeof measured === 'number' ? single(at, measured, unit) : measured);
  }
}

/** Epoch ms of the series' newest datapoint; undefined when there is none yet. */
export function newestOf({ periodMs, from, to }: Series, now: number): number | undefined {
  const last = Math.min(to - 1, now - periodMs);
  return last < from ? undefined : from + Math.floor((last - from) / periodMs) * periodMs;
}
