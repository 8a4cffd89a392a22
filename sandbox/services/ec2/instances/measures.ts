import type { Where } from '../../../core/service.ts';
import type { World } from '../../../core/world.ts';
import { type Pattern, type SeededMetric, seedMetrics } from '../../cloudwatch/series.ts';

/** Metrics of an instance in the namespace AWS/EC2, by name; one that is `undefined` is not measured. */
export type Measures = Readonly<Record<string, Pattern | undefined>>;

/** What an instance that nobody uses measures in five minutes. */
export const QUIET: Readonly<Record<string, number>> = {
  CPUUtilization: 1,
  NetworkIn: 4000,
  NetworkOut: 3000,
  NetworkPacketsIn: 60,
  NetworkPacketsOut: 50,
  EBSReadBytes: 0,
  EBSWriteBytes: 100_000,
  StatusCheckFailed: 0,
};

/** Has an instance measured by these patterns, from a past moment on. */
export function seedMeasures(
  place: Where & { readonly world: World },
  id: string,
  measures: Measures,
  span: Pick<SeededMetric, 'from' | 'to' | 'period'>,
): void {
  for (const [metric, series] of Object.entries(measures)) {
    if (series === undefined) continue;
    seedMetrics(place, { namespace: 'AWS/EC2', metric, dimensions: { InstanceId: id }, series, ...span });
  }
}
