import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliveriesOf } from '../../../sandbox/events/delivery.ts';
import { type Workshop, workshop } from '../lambda/fixture.ts';
import {
  DEAD,
  deadLetters,
  FUNCTION,
  makeDeadLetterQueue,
  makeWitness,
  RULE,
  seen,
  watch,
} from './fixture.ts';

const HOUR = 3_600_000;
let shop: Workshop;
beforeEach(() => {
  shop = workshop();
});
afterEach(() => shop.sandbox.close());

const own = JSON.stringify({ source: ['shop'] });
const put = (detail: object, source = 'shop') =>
  shop.call('eventbridge', 'PutEvents', {
    Entries: [{ Source: source, DetailType: 'Sold', Detail: JSON.stringify(detail) }],
  });
const settle = () => shop.sandbox.world.clock.settle();

describe('a rule', () => {
  it('B5.1 brings an API call to its function, moments after it was made', async () => {
    await makeWitness(shop);
    await watch(shop, {
      EventPattern: JSON.stringify({ source: ['aws.iam'], detail: { eventName: ['CreateUser'] } }),
    });
    shop.sandbox.world.emit(apiCall('CreateUser'));
    shop.sandbox.world.emit(apiCall('DeleteUser'));
    await settle();

    expect(seen(shop)).toEqual([expect.objectContaining({ detail: { eventName: 'CreateUser' } })]);
  });

  it('brings nothing while it is disabled', async () => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: own });
    await shop.call('eventbridge', 'DisableRule', { Name: 'watch' });
    await put({ n: 1 });
    await settle();
    await shop.call('eventbridge', 'EnableRule', { Name: 'watch' });
    await put({ n: 2 });
    await settle();

    expect(seen(shop)).toEqual([expect.objectContaining({ detail: { n: 2 } })]);
  });

  it('comes late when events are late', async () => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: '{"source":["aws.iam"]}' });
    shop.sandbox.world.behaviour.eventDelayMs = 90_000;
    shop.sandbox.world.emit(apiCall('CreateUser'));
    await shop.sandbox.world.clock.advance(89_000);
    expect(seen(shop)).toHaveLength(0);
    await shop.sandbox.world.clock.advance(1000);
    expect(seen(shop)).toHaveLength(1);
  });

  it('B5.15 delivers twice when asked to show that "at least once" allows it', async () => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: own });
    shop.sandbox.world.behaviour.duplicateEvents = true;
    await put({ n: 1 });
    await settle();

    const [first, second] = seen(shop);
    expect(second).toEqual(first);
    expect(seen(shop)).toHaveLength(2);
  });

  it.each<[string, object, unknown]>([
    ['a fixed text', { Input: '{"a":1}' }, { a: 1 }],
    ['a part of the event', { InputPath: '$.detail.items[1]' }, 'b'],
    [
      'a template',
      {
        InputTransformer: {
          InputPathsMap: { n: '$.detail.n', who: '$.detail.who', none: '$.detail.none' },
          InputTemplate:
            '{"n": <n>, "text": "<who> of <aws.events.rule-name>", "rule": <aws.events.rule-arn>, "none": <none>}',
        },
      },
      { n: 7, text: 'Ana "A" of watch', rule: RULE, none: null },
    ],
    [
      'a template of text',
      { InputTransformer: { InputPathsMap: { who: '$.detail.who' }, InputTemplate: '"hello <who>"' } },
      'hello Ana "A"',
    ],
  ])('gives its target %s', async (_title, target, expected) => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: own }, target);
    await put({ n: 7, who: 'Ana "A"', items: ['a', 'b'] });
    await settle();

    expect(seen(shop)).toEqual([expected]);
  });

  it('B6.13 reaches a function only as far as the policy of the function lets it', async () => {
    await makeWitness(shop, false);
    await makeDeadLetterQueue(shop);
    await watch(shop, { EventPattern: own }, { DeadLetterConfig: { Arn: DEAD } });
    await put({ n: 1 });
    await settle();

    expect(seen(shop)).toHaveLength(0);
    const [letter, ...more] = await deadLetters(shop);
    expect(more).toHaveLength(0);
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ source: 'shop', detail: { n: 1 } });
    const attributes = Object.fromEntries(
      Object.entries(letter?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    );
    expect(attributes).toMatchObject({
      RULE_ARN: RULE,
      TARGET_ARN: FUNCTION,
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: expect.stringContaining('events.amazonaws.com'),
      RETRY_ATTEMPTS: '0',
    });
    expect(attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('B5.18 tries again while its target fails, and gets through', async () => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: own });
    const fault = shop.sandbox.world.faults.add({
      service: 'lambda',
      operation: 'Invoke',
      kind: 'error',
      code: 'ServiceException',
      status: 500,
      times: 3,
    });
    await put({ n: 1 });
    await settle();
    expect(seen(shop)).toHaveLength(0);
    await shop.sandbox.world.clock.advance(60_000);

    expect(fault.struck()).toBe(3);
    expect(seen(shop)).toHaveLength(1);
    expect(deliveriesOf(shop.sandbox.world)).toEqual([
      expect.objectContaining({ status: 'delivered', attempts: 4 }),
    ]);
  });

  it.each<[string, object, string, (retries: number) => boolean]>([
    ['two attempts more', { MaximumRetryAttempts: 2 }, 'MaximumRetryAttempts', (retries) => retries === 2],
    ['no attempt more', { MaximumRetryAttempts: 0 }, 'MaximumRetryAttempts', (retries) => retries === 0],
    [
      'a minute',
      { MaximumEventAgeInSeconds: 60 },
      'MaximumEventAgeInSeconds',
      (retries) => retries > 3 && retries < 10,
    ],
    ['24 hours and 185 attempts', {}, 'MaximumRetryAttempts', (retries) => retries === 185],
  ])(
    'B5.18 gives up after %s, and leaves a dead letter',
    async (_title, RetryPolicy, condition, plausible) => {
      await makeWitness(shop);
      await makeDeadLetterQueue(shop);
      await watch(shop, { EventPattern: own }, { RetryPolicy, DeadLetterConfig: { Arn: DEAD } });
      shop.sandbox.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'throttle' });
      await put({ n: 1 });
      await shop.sandbox.world.clock.advance(25 * HOUR);

      const [letter] = await deadLetters(shop);
      expect(letter?.MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'THROTTLING' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: condition },
      });
      expect(Number(letter?.MessageAttributes.RETRY_ATTEMPTS?.StringValue)).toSatisfy(plausible);
    },
  );

  it('says so when nobody will ever see an event', async () => {
    await watch(shop, { EventPattern: own });
    await put({ n: 1 });
    await settle();

    expect(deliveriesOf(shop.sandbox.world)).toEqual([
      expect.objectContaining({ status: 'failed', target: FUNCTION, error: expect.stringMatching(/.+/) }),
    ]);
  });

  it('B5.17 leaves it to Lambda to run a failing function again, after one minute and after two', async () => {
    await makeWitness(shop);
    await watch(shop, { EventPattern: own });
    await put({ fail: true });
    const counts = [];
    for (const wait of [0, 59_000, 1000, 119_000, 1000, HOUR]) {
      await shop.sandbox.world.clock.advance(wait);
      counts.push(seen(shop).length);
    }

    expect(counts).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('B5.9 on a schedule sends an event from aws.events with an empty detail', async () => {
    await makeWitness(shop);
    await watch(shop, { ScheduleExpression: 'rate(1 hour)' });
    await shop.sandbox.world.clock.advance(2 * HOUR);

    expect(seen(shop)).toEqual([
      expect.objectContaining({ time: '2026-11-02T09:00:00Z' }),
      expect.objectContaining({
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        resources: [RULE],
        detail: {},
        time: '2026-11-02T10:00:00Z',
      }),
    ]);
  });

  it('stops its schedule when it is deleted', async () => {
    await makeWitness(shop);
    await watch(shop, { ScheduleExpression: 'rate(1 hour)' });
    await shop.call('eventbridge', 'RemoveTargets', { Rule: 'watch', Ids: ['one'] });
    await shop.call('eventbridge', 'DeleteRule', { Name: 'watch' });
    await shop.sandbox.world.clock.advance(2 * HOUR);

    expect(deliveriesOf(shop.sandbox.world)).toEqual([]);
  });
});

const apiCall = (eventName: string) => ({
  version: '0' as const,
  id: '1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.iam',
  account: '111122223333',
  time: '2026-11-02T08:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: { eventName },
});
