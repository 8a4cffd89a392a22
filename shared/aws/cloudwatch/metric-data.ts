import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { inParallel } from '../../engine/parallel.ts';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { AwsFailure } from '../errors.ts';
import { pages } from '../pages.ts';
import { type Points, pointsIn } from './points.ts';

/** One metric and statistic of one resource. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** Times in epoch ms, on full periods. */
export interface MetricWindow {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** All datapoints, or why they are not all there. None at all is an answer, not a failure. */
export type Series = { readonly value: Points } | { readonly unknown: string };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;
const AT_ONCE = 5;

/** Queries that one call answers in one page: a window of few points takes 500, one of many as many as have room. */
export function queriesPerCall({ from, to, periodSeconds }: MetricWindow): number {
  const points = Math.max(1, Math.ceil((to - from) / 1000 / periodSeconds) + 1);
  return Math.max(1, Math.min(MOST_QUERIES, Math.floor(MOST_DATAPOINTS / points)));
}

/**
 * Reads many metrics in few calls; the answers stand in the order of the queries. What a failed or partial answer leaves
 * open is `unknown` for its own queries only: neither missing nor zero.
 */
export const metricData = verb(
  ['cloudwatch:GetMetricData'],
  async (aws: Aws, queries: readonly MetricQuery[], window: MetricWindow): Promise<readonly Series[]> => {
    const parts = chunks(queries, queriesPerCall(window));
    const read = await inParallel(parts, AT_ONCE, (part) => readPart(aws, part, window));
    return read.flat();
  },
);

async function readPart(
  aws: Aws,
  queries: readonly MetricQuery[],
  window: MetricWindow,
): Promise<readonly Series[]> {
  const found = queries.map(() => ({ times: [] as number[], values: [] as number[], status: 'no answer' }));
  try {
    for await (const results of resultPages(aws, queries, window)) {
      for (const { Id = '', Timestamps: times = [], Values: values = [], StatusCode } of results) {
        const one = found[Number(Id.slice(1))];
        if (one === undefined) continue;
        times.forEach((time, index) => {
          const value = values[index];
          if (value === undefined) return;
          one.times.push(time.getTime());
          one.values.push(value);
        });
        one.status = StatusCode ?? 'no status';
      }
    }
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return queries.map(() => ({ unknown: `CloudWatch did not answer (${error.code})` }));
  }
  return found.map(({ times, values, status }) =>
    status === 'Complete'
      ? { value: pointsIn(times, values) }
      : { unknown: `CloudWatch answered in part only (${status})` },
  );
}

function resultPages(aws: Aws, queries: readonly MetricQuery[], { from, to, periodSeconds }: MetricWindow) {
  return pages(async (token) => {
    const { MetricDataResults: items = [], NextToken: next } = await aws.send(
      CloudWatchClient,
      new GetMetricDataCommand({
        MetricDataQueries: queries.map((query, index) => queryOf(query, index, periodSeconds)),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}

function queryOf(query: MetricQuery, index: number, periodSeconds: number): MetricDataQuery {
  const dimensions = Object.entries(query.dimensions);
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: query.namespace,
        MetricName: query.name,
        Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: query.statistic,
    },
  };
}
