import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { operation } from '../../core/service.ts';
import { notImplemented } from './alarm-input.ts';
import { type Metric, metrics } from './metrics.ts';
import { positionOf } from './periods.ts';
import { newestOf } from './series.ts';

const PAGE = 500;
const HOUR = 3_600_000;

/** Lists metrics measured within two weeks, or three hours when only the recently active are wanted. */
export const listMetrics = operation<cloudwatch.ListMetricsInput, cloudwatch.ListMetricsOutput>({
  run(input, call) {
    const { Namespace, MetricName, Dimensions = [], NextToken, RecentlyActive } = input;
    if (input.IncludeLinkedAccounts || input.OwningAccount !== undefined)
      throw notImplemented('IncludeLinkedAccounts and OwningAccount of cloudwatch:ListMetrics');
    const now = call.now.getTime();
    const since = now - (RecentlyActive === 'PT3H' ? 3 : 14 * 24) * HOUR;
    const from = positionOf(NextToken);
    const found = [...metrics.of(call).values()].filter(
      (metric) =>
        (Namespace === undefined || Namespace === metric.namespace) &&
        (MetricName === undefined || MetricName === metric.name) &&
        Dimensions.every(({ Name = '', Value }) => {
          const own = metric.dimensions[Name];
          return own !== undefined && (Value === undefined || own === Value);
        }) &&
        lastMeasured(metric, now) >= since,
    );
    const page = found.slice(from, from + PAGE).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
    return { Metrics: page, ...(from + PAGE < found.length && { NextToken: String(from + PAGE) }) };
  },
});

function lastMeasured({ points, series }: Metric, now: number): number {
  const ofSeries = series.map((one) => newestOf(one, now) ?? Number.NEGATIVE_INFINITY);
  return Math.max(points.at(-1)?.at ?? Number.NEGATIVE_INFINITY, ...ofSeries);
}
