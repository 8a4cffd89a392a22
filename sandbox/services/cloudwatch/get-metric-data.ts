import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { notImplemented } from './alarm-input.ts';
import { disturbanceOf } from './disturb.ts';
import { metricKey, metrics } from './metrics.ts';
import { checkPeriod, positionOf } from './periods.ts';
import { isStatistic, roundedStart, statistics } from './statistics.ts';

const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;

/** Values of up to 500 metrics, in pages of up to 100,800 datapoints that all metrics share. */
export const getMetricData = operation<cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput>({
  run(input, call) {
    const { MetricDataQueries: queries = [], MaxDatapoints = MOST_DATAPOINTS, NextToken } = input;
    checkQueries(input);
    return paged(
      queries.map((query) => answer(call, input, query)).filter((series) => series !== undefined),
      Math.min(MaxDatapoints, MOST_DATAPOINTS),
      positionOf(NextToken),
    );
  },
});

function checkQueries(input: cloudwatch.GetMetricDataInput): void {
  const { MetricDataQueries: queries = [], MaxDatapoints = MOST_DATAPOINTS, StartTime, EndTime } = input;
  if (input.LabelOptions) throw notImplemented('LabelOptions of cloudwatch:GetMetricData');
  if (queries.length > MOST_QUERIES)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    throw invalid('The values for parameter id in MetricDataQueries are not unique.');
  if (MaxDatapoints < 1) throw invalid('The parameter MaxDatapoints must be at least 1.');
  if (!StartTime || !EndTime || StartTime >= EndTime)
    throw invalid('The parameter StartTime must be less than the parameter EndTime.');
}

interface Answer {
  readonly id: string;
  readonly label: string;
  readonly trouble?: cloudwatch.StatusCode;
  readonly points: readonly [at: number, value: number][];
}

/** What one query finds; nothing for one that only others would read. */
function answer(
  call: Call,
  input: cloudwatch.GetMetricDataInput,
  query: cloudwatch.MetricDataQuery,
): Answer | undefined {
  const { Id: id = '', MetricStat, Expression, Label, ReturnData = true, AccountId } = query;
  if (Expression !== undefined) throw notImplemented('metric math of cloudwatch:GetMetricData');
  if (AccountId !== undefined && AccountId !== call.account)
    throw notImplemented('AccountId of another account in cloudwatch:GetMetricData');
  if (!/^[a-z]\w*$/.test(id))
    throw invalid(
      `The value ${id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  const { Metric, Period = 0, Stat, Unit } = MetricStat ?? {};
  if (!isStatistic(Stat)) throw notImplemented(`the statistic ${Stat} of cloudwatch:GetMetricData`);
  checkPeriod(Period, 'MetricDataQueries.member.MetricStat.Period', [1, 5, 10, 20, 30]);
  if (!ReturnData) return undefined;
  const dimensions = Object.fromEntries(
    (Metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
  );
  const metricId = { namespace: Metric?.Namespace ?? '', name: Metric?.MetricName ?? '', dimensions };
  const label = Label ?? metricId.name;
  const trouble = disturbanceOf(call.world, metricId);
  if (trouble) return { id, label, trouble, points: [] };
  const periodMs = Period * 1000;
  const points = statistics(metrics.of(call).get(metricKey(metricId)), {
    from: roundedStart(input.StartTime, call.now.getTime(), periodMs),
    to: input.EndTime?.getTime() ?? 0,
    now: call.now.getTime(),
    periodMs,
    statistic: Stat,
    unit: Unit,
  });
  return { id, label, points: input.ScanBy === 'TimestampAscending' ? points : points.toReversed() };
}

/** All queries share one budget of datapoints; a query that is cut off goes on in the next page. */
function paged(all: readonly Answer[], most: number, from: number): cloudwatch.GetMetricDataOutput {
  let skip = from;
  let left = most;
  const results = all.map(({ id, label, trouble, points }) => {
    const skipped = Math.min(skip, points.length);
    const page = points.slice(skipped, skipped + left);
    skip -= skipped;
    left -= page.length;
    const isCut = skipped + page.length < points.length;
    return {
      Id: id,
      Label: label,
      Timestamps: page.map(([at]) => new Date(at)),
      Values: page.map(([, value]) => value),
      StatusCode: trouble ?? (isCut ? ('PartialData' as const) : ('Complete' as const)),
    };
  });
  const total = all.reduce((sum, { points }) => sum + points.length, 0);
  const next = from + most;
  return { MetricDataResults: results, Messages: [], ...(next < total && { NextToken: String(next) }) };
}

const invalid = (message: string) => new AwsError('ValidationError', message);
