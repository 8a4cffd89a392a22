import type { StatusCode } from '@aws-sdk/client-cloudwatch';
import type { World } from '../../core/world.ts';
import type { MetricId } from './metrics.ts';

type Disturbance = (metric: MetricId) => Exclude<StatusCode, 'Complete'> | undefined;

const disturbances = new WeakMap<World, Disturbance>();

/** Makes GetMetricData answer for some metrics with no values and a status of trouble; `undefined` ends it. */
export function disturbMetrics(world: World, disturbance: Disturbance | undefined): void {
  if (disturbance) disturbances.set(world, disturbance);
  else disturbances.delete(world);
}

/** The status that a metric is disturbed with, if it is. */
export function disturbanceOf(world: World, metric: MetricId): Exclude<StatusCode, 'Complete'> | undefined {
  return disturbances.get(world)?.(metric);
}
