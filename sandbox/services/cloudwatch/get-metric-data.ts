import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { notImplemented } from './alarm-input.ts';
import { isStatistic, metricKey, metrics, statistics } from './metrics.ts';

const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;

export const getMetricData = operation<cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput>({
  run(input, call) {
    const { MetricDataQueries: queries = [], MaxDatapoints = MOST_DATAPOINTS, NextToken } = input;
    if (queries.length > MOST_QUERIES) {
      throw new AwsError(
        'ValidationError',
        `The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`,
      );
    }
    if (new Set(queries.map(({ Id }) => Id)).size < queries.length) {
      throw new AwsError(
        'ValidationError',
        'The values for parameter id in MetricDataQueries are not unique.',
      );
    }
    if (!input.StartTime || !input.EndTime || input.StartTime >= input.EndTime) {
      throw new AwsError(
        'ValidationError',
        'The parameter StartTime must be less than the parameter EndTime.',
      );
    }
    return paged(
      queries.map((query) => answer(call, input, query)),
      Math.min(MaxDatapoints, MOST_DATAPOINTS),
      NextToken,
    );
  },
});

interface Series {
  readonly id: string;
  readonly label: string;
  readonly points: readonly [at: number, value: number][];
}

function answer(call: Call, input: cloudwatch.GetMetricDataInput, query: cloudwatch.MetricDataQuery): Series {
  const { Id: id = '', MetricStat, Expression, Label } = query;
  if (Expression !== undefined) throw notImplemented('metric math of cloudwatch:GetMetricData');
  if (!/^[a-z]\w*$/.test(id))
    throw new AwsError(
      'ValidationError',
      `The value ${id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  const { Metric, Period = 0, Stat, Unit } = MetricStat ?? {};
  if (!isStatistic(Stat)) throw notImplemented(`the statistic ${Stat} of cloudwatch:GetMetricData`);
  if (Period <= 0 || (Period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(Period))) {
    throw new AwsError(
      'ValidationError',
      `The value ${Period} for parameter MetricDataQueries.member.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.`,
    );
  }
  const dimensions = Object.fromEntries(
    (Metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
  );
  const name = Metric?.MetricName ?? '';
  const metric = metrics.of(call).get(metricKey({ namespace: Metric?.Namespace ?? '', name, dimensions }));
  const periodMs = Period * 1000;
  const points = statistics(metric, {
    from: Math.floor((input.StartTime?.getTime() ?? 0) / periodMs) * periodMs,
    to: input.EndTime?.getTime() ?? 0,
    periodMs,
    statistic: Stat,
    unit: Unit,
  });
  return {
    id,
    label: Label ?? name,
    points: input.ScanBy === 'TimestampAscending' ? points : points.toReversed(),
  };
}

/** All queries share one budget of datapoints; a query that is cut off goes on in the next page. */
function paged(
  all: readonly Series[],
  most: number,
  token: string | undefined,
): cloudwatch.GetMetricDataOutput {
  let skip = Number(token ?? 0);
  let left = most;
  const results = all.map(({ id, label, points }) => {
    const skipped = Math.min(skip, points.length);
    const page = points.slice(skipped, skipped + left);
    skip -= skipped;
    left -= page.length;
    return {
      Id: id,
      Label: label,
      Timestamps: page.map(([at]) => new Date(at)),
      Values: page.map(([, value]) => value),
      StatusCode: skipped + page.length < points.length ? ('PartialData' as const) : ('Complete' as const),
    };
  });
  const total = all.reduce((sum, { points }) => sum + points.length, 0);
  const next = Number(token ?? 0) + most;
  return { MetricDataResults: results, Messages: [], ...(next < total && { NextToken: String(next) }) };
}

export const listMetrics = operation<cloudwatch.ListMetricsInput, cloudwatch.ListMetricsOutput>({
  run(input, call) {
    const { Namespace, MetricName, Dimensions = [], NextToken } = input;
    if (input.RecentlyActive !== undefined || input.IncludeLinkedAccounts) {
      throw notImplemented('RecentlyActive and IncludeLinkedAccounts of cloudwatch:ListMetrics');
    }
    const from = Number(NextToken ?? 0);
    const found = [...metrics.of(call).values()].filter(
      ({ namespace, name, dimensions }) =>
        (Namespace === undefined || Namespace === namespace) &&
        (MetricName === undefined || MetricName === name) &&
        Dimensions.every(
          ({ Name = '', Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value),
        ),
    );
    const page = found.slice(from, from + 500).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    }));
    return { Metrics: page, ...(from + 500 < found.length && { NextToken: String(from + 500) }) };
  },
});
