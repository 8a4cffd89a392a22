import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { ec2ActionOf } from './ec2-action.ts';
import { isPercentile } from './statistics.ts';

const OPERATORS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const MISSING = ['missing', 'notBreaching', 'breaching', 'ignore'];

/** One metric, one statistic, one fixed threshold: everything else is refused by name. */
export function checkAlarm(input: cloudwatch.PutMetricAlarmInput): void {
  for (const member of ['Metrics', 'ThresholdMetricId', 'EvaluateLowSampleCountPercentile'] as const) {
    if (input[member] !== undefined) throw notImplemented(`${member} of cloudwatch:PutMetricAlarm`);
  }
  if (input.ExtendedStatistic !== undefined && !isPercentile(input.ExtendedStatistic))
    throw notImplemented(`the statistic ${input.ExtendedStatistic} of cloudwatch:PutMetricAlarm`);
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined))
    throw new AwsError('ValidationError', 'Exactly one of Statistic and ExtendedStatistic is needed.');
  const onInstance = checkActions(input, 'PutMetricAlarm').some((arn) => ec2ActionOf(arn));
  if (onInstance && !input.Dimensions?.some(({ Name }) => Name === 'InstanceId'))
    throw new AwsError('ValidationError', 'An EC2 action needs a metric with the dimension InstanceId.');
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

interface Actions {
  readonly AlarmActions?: readonly string[] | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}

/** Topics, functions and, for alarms on a metric, the EC2 actions that the sandbox knows: others are refused by name. */
export function checkActions(input: Actions, operation: string): readonly string[] {
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = input;
  const actions = [...AlarmActions, ...OKActions, ...InsufficientDataActions];
  const strange = actions.find(
    (arn) =>
      !/^arn:[^:]+:(sns|lambda):/.test(arn) &&
      (operation !== 'PutMetricAlarm' || ec2ActionOf(arn) === undefined),
  );
  if (strange !== undefined) throw notImplemented(`the alarm action ${strange} of cloudwatch:${operation}`);
  return actions;
}

/** What the sandbox leaves out is refused by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The sandbox does not implement ${what}.`, 501);
}
