import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { metricKey, metrics } from './metrics.ts';
import { checkPeriod } from './periods.ts';
import {
  isPercentile,
  isStatistic,
  type PeriodSummary,
  roundedStart,
  statisticOf,
  summaries,
} from './statistics.ts';

const MOST_DATAPOINTS = 1440;

/** Several statistics of one metric, up to 1,440 datapoints, in no order. */
export const getMetricStatistics = operation<
  cloudwatch.GetMetricStatisticsInput,
  cloudwatch.GetMetricStatisticsOutput
>({
  run(input, call) {
    const { Namespace = '', MetricName = '', Dimensions = [], Period = 0, Unit } = input;
    const { Statistics = [], ExtendedStatistics = [] } = input;
    check(input);
    const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
    const key = metricKey({ namespace: Namespace, name: MetricName, dimensions });
    const periodMs = Period * 1000;
    const found = summaries(
      metrics.of(call).get(key),
      {
        from: roundedStart(input.StartTime, call.now.getTime(), periodMs),
        to: input.EndTime?.getTime() ?? 0,
        now: call.now.getTime(),
        periodMs,
        unit: Unit,
      },
      ExtendedStatistics.length > 0,
    );
    const shown = found.map((summary) => shownAs(summary, Statistics, ExtendedStatistics));
    return { Label: MetricName, Datapoints: unordered(shown) };
  },
});

function check(input: cloudwatch.GetMetricStatisticsInput): void {
  const { Period = 0, StartTime, EndTime, Statistics = [], ExtendedStatistics = [] } = input;
  const strange = ExtendedStatistics.find((name) => !isPercentile(name));
  if (strange !== undefined)
    throw new AwsError(
      'NotImplemented',
      `The sandbox does not implement the statistic ${strange} of cloudwatch:GetMetricStatistics.`,
      501,
    );
  if (Statistics.length + ExtendedStatistics.length === 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'Must specify either Statistics or ExtendedStatistics.',
    );
  if (!Statistics.every(isStatistic))
    throw new AwsError('InvalidParameterValue', 'The parameter Statistics is invalid.');
  checkPeriod(Period, 'Period', [1, 5, 10, 20, 30]);
  if (!StartTime || !EndTime || StartTime >= EndTime)
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter StartTime must be less than the parameter EndTime.',
    );
  const asked = Math.ceil((EndTime.getTime() - StartTime.getTime()) / (Period * 1000));
  if (asked > MOST_DATAPOINTS)
    throw new AwsError(
      'InvalidParameterCombination',
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
}

function shownAs(
  summary: PeriodSummary,
  names: readonly cloudwatch.Statistic[],
  extended: readonly string[],
): cloudwatch.Datapoint {
  const percentiles = extended.filter(isPercentile).flatMap((name) => {
    const value = statisticOf(summary, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    Timestamp: new Date(summary.at),
    ...Object.fromEntries(names.map((name) => [name, statisticOf(summary, name)])),
    ...(percentiles.length > 0 && { ExtendedStatistics: Object.fromEntries(percentiles) }),
    Unit: standardUnit(summary.unit),
  };
}

/** The unit as it was put: CloudWatch knows no others. */
function standardUnit(unit: string): cloudwatch.StandardUnit {
  // What is put over the wire is one of these; a seed writes what it means to be read.
  return unit as cloudwatch.StandardUnit;
}

/** "Data points are not returned in chronological order" (API Reference): whoever relies on one finds out here. */
function unordered<T>(found: readonly T[]): T[] {
  return [...found.filter((_, index) => index % 2 === 1), ...found.filter((_, index) => index % 2 === 0)];
}
