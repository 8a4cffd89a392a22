import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { type Datapoint, putDatapoint, single } from './metrics.ts';

const DAY = 86_400_000;

export const putMetricData = operation<cloudwatch.PutMetricDataInput, object>({
  dataPlane: true,
  authorize: ({ Namespace = '' }) => [
    {
      action: 'cloudwatch:PutMetricData',
      resources: ['*'],
      context: { 'cloudwatch:namespace': [Namespace] },
    },
  ],
  run({ Namespace: namespace, MetricData = [], EntityMetricData = [] }, call) {
    if (EntityMetricData.length > 0) {
      throw new AwsError(
        'NotImplemented',
        'The sandbox does not implement EntityMetricData of cloudwatch:PutMetricData.',
        501,
      );
    }
    if (!namespace)
      throw new AwsError('MissingRequiredParameterException', 'The parameter Namespace is required.');
    if (namespace.startsWith('AWS/')) throw invalid('The value AWS/ for parameter Namespace is invalid.');
    if (MetricData.length === 0)
      throw new AwsError('MissingRequiredParameterException', 'The parameter MetricData is required.');
    if (MetricData.length > 1000)
      throw invalid('The collection MetricData must not have a size greater than 1000.');
    // All are checked before the first is kept: a refused call leaves nothing behind.
    const checked = MetricData.map(
      (datum, index) => [idOf(namespace, datum, index), pointOf(call, datum, index)] as const,
    );
    for (const [id, point] of checked) putDatapoint(call.world, call, id, point);
    return {};
  },
});

function idOf(namespace: string, { MetricName, Dimensions = [] }: cloudwatch.MetricDatum, index: number) {
  if (!MetricName || MetricName.length > 255)
    throw invalid(`The parameter MetricData.member.${index + 1}.MetricName is invalid.`);
  if (Dimensions.length > 30)
    throw invalid(
      `The collection MetricData.member.${index + 1}.Dimensions must not have a size greater than 30.`,
    );
  const empty = Dimensions.some(({ Name, Value }) => !Name || !Value);
  if (empty)
    throw invalid(
      `The parameter MetricData.member.${index + 1}.Dimensions.member.1.Value must not be empty.`,
    );
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
  return { namespace, name: MetricName, dimensions };
}

function pointOf(call: Call, datum: cloudwatch.MetricDatum, index: number): Datapoint {
  const at = (datum.Timestamp ?? call.now).getTime();
  const age = call.now.getTime() - at;
  if (age > 14 * DAY || age < -DAY / 12) {
    throw invalid(
      `The parameter MetricData.member.${index + 1}.Timestamp must specify a time within the past two weeks and no more than two hours in the future.`,
    );
  }
  const unit = datum.Unit ?? 'None';
  const { Value, Values, Counts, StatisticValues: set } = datum;
  if (set) {
    const { Sum: sum = 0, Minimum: minimum = 0, Maximum: maximum = 0, SampleCount: count = 0 } = set;
    return { at, sum, minimum, maximum, count, unit };
  }
  if (Values) return ofMany(at, Values, Counts ?? Values.map(() => 1), unit);
  if (Value === undefined || !Number.isFinite(Value)) {
    throw invalid(`The parameter MetricData.member.${index + 1}.Value must be a number that is finite.`);
  }
  return single(at, Value, unit);
}

function ofMany(at: number, values: readonly number[], counts: readonly number[], unit: string): Datapoint {
  if (values.length !== counts.length || values.length === 0 || values.length > 150) {
    throw invalid(
      'The parameters MetricData.member.Values and MetricData.member.Counts must be of the same size, 1 to 150.',
    );
  }
  const sum = values.reduce((total, value, index) => total + value * (counts[index] ?? 0), 0);
  const count = counts.reduce((total, each) => total + each, 0);
  return { at, sum, count, minimum: Math.min(...values), maximum: Math.max(...values), unit };
}

const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);
