import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';

const OPERATORS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const MISSING = ['missing', 'notBreaching', 'breaching', 'ignore'];

/** One metric, one statistic, one fixed threshold: everything else is refused by name. */
export function checkAlarm(input: cloudwatch.PutMetricAlarmInput): void {
  for (const member of [
    'Metrics',
    'ExtendedStatistic',
    'ThresholdMetricId',
    'EvaluateLowSampleCountPercentile',
  ] as const) {
    if (input[member] !== undefined) throw notImplemented(`${member} of cloudwatch:PutMetricAlarm`);
  }
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = input;
  const actions = [...AlarmActions, ...OKActions, ...InsufficientDataActions];
  const strange = actions.find((arn) => !/^arn:[^:]+:(sns|lambda):/.test(arn));
  if (strange !== undefined) throw notImplemented(`the alarm action ${strange} of cloudwatch:PutMetricAlarm`);
  const { AlarmName, Namespace, MetricName, Period = 0, EvaluationPeriods = 0, Threshold } = input;
  if (!AlarmName || !Namespace || !MetricName || Threshold === undefined)
    throw new AwsError('ValidationError', 'AlarmName, Namespace, MetricName and Threshold are required.');
  if (![10, 20, 30].includes(Period) && (Period < 60 || Period % 60 !== 0))
    throw new AwsError('ValidationError', 'Period must be 10, 20, 30 or a multiple of 60');
  if (EvaluationPeriods < 1 || (input.DatapointsToAlarm ?? 1) > EvaluationPeriods)
    throw new AwsError(
      'ValidationError',
      'DatapointsToAlarm must be at most EvaluationPeriods, which is at least 1.',
    );
  if (!OPERATORS.includes(input.ComparisonOperator ?? ''))
    throw notImplemented(`the comparison ${input.ComparisonOperator} of cloudwatch:PutMetricAlarm`);
  if (!MISSING.includes(input.TreatMissingData ?? 'missing'))
    throw new AwsError('ValidationError', `TreatMissingData is one of ${MISSING.join(', ')}.`);
}

/** What the sandbox leaves out is refused by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The sandbox does not implement ${what}.`, 501);
}
