import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logsOf } from '../../../sandbox/lambda/logs.ts';
import { type Workshop, workshop } from './fixture.ts';

const MINUTE = 60_000;
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:ended';
const FAILS =
  'export const handler = async ({ n }) => { if (n > 0) throw new RangeError("n is " + n); return n; };';

let shop: Workshop;
beforeEach(async () => {
  shop = workshop();
  await shop.call('sqs', 'CreateQueue', { QueueName: 'ended' });
});
afterEach(() => shop.sandbox.close());

const send = (n: number) =>
  shop.call('lambda', 'Invoke', {
    FunctionName: 'job',
    InvocationType: 'Event',
    Payload: Buffer.from(`{"n":${n}}`),
  });
const advance = (ms: number) => shop.sandbox.world.clock.advance(ms);
const runs = () =>
  logsOf(shop.sandbox.world, 'job')
    .filter(({ text }) => text.startsWith('START'))
    .map(({ at }) => at - start());
const start = () => Date.parse('2026-11-02T08:00:00Z');

async function ended(): Promise<readonly { Body: string; MessageAttributes?: unknown }[]> {
  const { Messages = [] } = await shop.call('sqs', 'ReceiveMessage', {
    QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/ended',
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  // Boundary: ReceiveMessage's own output.
  return Messages as readonly { Body: string }[];
}

describe('an asynchronous invocation', () => {
  it('is accepted at once and runs once when it succeeds', async () => {
    await shop.make('job', FAILS);
    expect((await send(0)).StatusCode).toBe(202);
    await advance(60 * MINUTE);
    expect(runs()).toEqual([0]);
  });

  it('B5.17 runs again after one minute and after two more, with the same request id, then gives up', async () => {
    await shop.make('job', FAILS);
    await send(1);
    await advance(60 * MINUTE);
    expect(runs()).toEqual([0, MINUTE, 3 * MINUTE]);
    const ids = new Set(logsOf(shop.sandbox.world, 'job').flatMap(({ requestId }) => requestId ?? []));
    expect(ids.size).toBe(1);
  });

  it('B5.17 leaves the documented record where failures go', async () => {
    await shop.make('job', FAILS);
    const DestinationConfig = { OnFailure: { Destination: QUEUE } };
    await shop.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'job',
      MaximumRetryAttempts: 1,
      DestinationConfig,
    });
    await send(7);
    await advance(60 * MINUTE);

    const [record, ...more] = await ended();
    expect(more).toEqual([]);
    expect(JSON.parse(record?.Body ?? '')).toEqual({
      version: '1.0',
      timestamp: '2026-11-02T08:01:00.000Z',
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:job:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 7 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'n is 7', trace: expect.any(Array) },
    });
  });

  it('tells of success where that is asked for', async () => {
    await shop.make('job', FAILS);
    const DestinationConfig = { OnSuccess: { Destination: QUEUE } };
    await shop.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName: 'job', DestinationConfig });
    await send(0);
    await advance(0);

    expect(JSON.parse((await ended())[0]?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'Success' },
      responsePayload: 0,
    });
  });

  it('gives the bare event to the dead-letter queue of the function', async () => {
    await shop.make('job', FAILS, { DeadLetterConfig: { TargetArn: QUEUE } });
    await send(3);
    await advance(60 * MINUTE);

    expect(await ended()).toEqual([
      expect.objectContaining({
        Body: '{"n":3}',
        MessageAttributes: expect.objectContaining({
          ErrorCode: expect.objectContaining({ StringValue: '200' }),
          ErrorMessage: expect.objectContaining({ StringValue: 'n is 3' }),
        }),
      }),
    ]);
  });

  it('B5.20 waits while there is no room for it, and is given up when it is too old', async () => {
    await shop.make('job', FAILS);
    await shop.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'job',
      ReservedConcurrentExecutions: 0,
    });
    await send(0);
    await advance(10 * MINUTE);
    expect(runs()).toEqual([]);
    await shop.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'job' });
    await advance(5 * MINUTE);
    expect(runs()).toHaveLength(1);

    const DestinationConfig = { OnFailure: { Destination: QUEUE } };
    await shop.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'job',
      MaximumEventAgeInSeconds: 60,
      DestinationConfig,
    });
    await shop.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'job',
      ReservedConcurrentExecutions: 0,
    });
    await send(0);
    await advance(10 * MINUTE);
    const [record] = await ended();
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    });
    expect(record?.Body).not.toContain('responsePayload');
  });

  it.each<[string, number, string | undefined]>([
    ['1 MB', 1_048_576, undefined],
    ['one byte more', 1_048_577, 'RequestTooLargeException'],
  ])('takes a payload of %s or refuses it', async (_title, bytes, code) => {
    await shop.make('job', 'export const handler = async () => 1;');
    const Payload = Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
    const sent = shop.call('lambda', 'Invoke', { FunctionName: 'job', InvocationType: 'Event', Payload });
    if (code) await expect(sent).rejects.toMatchObject({ code, status: 413 });
    else expect((await sent).StatusCode).toBe(202);
  });
});
