import type { Statistic } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Workshop, workshop } from './fixture.ts';

const MINUTE = 60_000;
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:ended';
const FAILS =
  'export const handler = async ({ n }) => { if (n > 0) throw new RangeError("n is " + n); return n; };';

let shop: Workshop;
beforeEach(async () => {
  shop = workshop();
  await shop.make('job', FAILS);
});
afterEach(() => shop.sandbox.close());

const send = (n: number, FunctionName = 'job') =>
  shop.call('lambda', 'Invoke', {
    FunctionName,
    InvocationType: 'Event',
    Payload: Buffer.from(`{"n":${n}}`),
  });
const advance = (minutes: number) => shop.sandbox.world.clock.advance(minutes * MINUTE);

/** What CloudWatch has of a metric of the function, a value for each minute of the last hour in which there was one. */
async function metric(
  MetricName: string,
  statistic: Statistic = 'Sum',
  of = 'job',
): Promise<readonly unknown[]> {
  const now = shop.sandbox.world.clock.now();
  const { Datapoints = [] } = await shop.call('cloudwatch', 'GetMetricStatistics', {
    Namespace: 'AWS/Lambda',
    MetricName,
    Dimensions: [{ Name: 'FunctionName', Value: of }],
    StartTime: new Date(now - 60 * MINUTE),
    EndTime: new Date(now + MINUTE),
    Period: 60,
    Statistics: [statistic],
  });
  // Boundary: GetMetricStatistics's own output.
  const points = Datapoints as readonly ({ readonly Timestamp: Date } & Readonly<Record<string, unknown>>)[];
  return points
    .toSorted((a, b) => a.Timestamp.getTime() - b.Timestamp.getTime())
    .map((one) => one[statistic]);
}

it('each invocation counts once, and as an error or not, in the minute in which it began', async () => {
  await shop.run('job', { n: 0 });
  await shop.run('job', { n: 0 });
  await advance(1);
  await shop.run('job', { n: 1 });
  await advance(1);

  expect(await metric('Invocations')).toEqual([2, 1]);
  expect(await metric('Errors')).toEqual([0, 1]);
  expect(await metric('Invocations', 'SampleCount')).toEqual([2, 1]);
  expect(await metric('Duration', 'Minimum')).toEqual([expect.any(Number), expect.any(Number)]);
  expect(await metric('Throttles')).toEqual([]);
});

it('B5.20 a throttled invocation is no invocation', async () => {
  await shop.call('lambda', 'PutFunctionConcurrency', {
    FunctionName: 'job',
    ReservedConcurrentExecutions: 0,
  });
  await expect(shop.run('job')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  await advance(1);

  expect(await metric('Throttles')).toEqual([1]);
  expect(await metric('Invocations')).toEqual([]);
});

it('B5.17 an event is received once, ages with each attempt, and is dropped in the end', async () => {
  await shop.call('sqs', 'CreateQueue', { QueueName: 'ended' });
  const DestinationConfig = { OnFailure: { Destination: QUEUE } };
  await shop.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName: 'job', DestinationConfig });
  await send(1);
  await advance(5);

  expect(await metric('AsyncEventsReceived')).toEqual([1]);
  expect(await metric('AsyncEventAge', 'Maximum')).toEqual([0, MINUTE, 3 * MINUTE]);
  expect(await metric('Errors')).toEqual([1, 1, 1]);
  expect(await metric('AsyncEventsDropped')).toEqual([1]);
  expect(await metric('DestinationDeliveryFailures')).toEqual([]);
});

it('B5.17 a record or a dead letter that cannot be delivered is counted', async () => {
  const DestinationConfig = { OnFailure: { Destination: QUEUE } };
  await shop.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: 'job',
    DestinationConfig,
    MaximumRetryAttempts: 0,
  });
  await shop.make('old', FAILS, { DeadLetterConfig: { TargetArn: QUEUE } });
  const once = { FunctionName: 'old', MaximumRetryAttempts: 0 };
  await shop.call('lambda', 'PutFunctionEventInvokeConfig', once);
  for (const name of ['job', 'old']) await send(1, name);
  await advance(1);

  expect(await metric('DestinationDeliveryFailures')).toEqual([1]);
  expect(await metric('DeadLetterErrors')).toEqual([]);
  expect(await metric('DeadLetterErrors', 'Sum', 'old')).toEqual([1]);
});
