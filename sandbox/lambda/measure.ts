import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import {
  type Datapoint,
  firstFrom,
  type MetricId,
  metricOf,
  putDatapoint,
  single,
} from '../services/cloudwatch/metrics.ts';

const MINUTE = 60_000;

/** In Lambda's own words; in milliseconds where it is a time, else a count. */
export type LambdaMetric =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'AsyncEventsReceived'
  | 'AsyncEventAge'
  | 'AsyncEventsDropped'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures';

const TIMES: readonly LambdaMetric[] = ['Duration', 'AsyncEventAge'];

/**
 * Measures a function as Lambda does, by its name: counts are folded by the minute. Source: Lambda developer guide,
 * "Types of metrics for Lambda functions".
 */
export function measure(
  world: World,
  where: Where,
  functionName: string,
  values: Partial<Readonly<Record<LambdaMetric, number>>>,
  at = world.clock.now(),
): void {
  for (const [name, value] of Object.entries(values)) {
    const id = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } };
    if (TIMES.some((time) => time === name))
      putDatapoint(world, where, id, single(at, value, 'Milliseconds'));
    else count(world, where, id, Math.floor(at / MINUTE) * MINUTE, value);
  }
}

function count(world: World, where: Where, id: MetricId, minute: number, value: number): void {
  const { points } = metricOf({ world, ...where }, id);
  const index = firstFrom(points, minute);
  const known = points[index];
  const one = single(minute, value, 'Count');
  if (known?.at === minute) points[index] = folded(known, one);
  else putDatapoint(world, where, id, one);
}

function folded(known: Datapoint, one: Datapoint): Datapoint {
  return {
    ...known,
    sum: known.sum + one.sum,
    minimum: Math.min(known.minimum, one.minimum),
    maximum: Math.max(known.maximum, one.maximum),
    count: known.count + one.count,
  };
}
