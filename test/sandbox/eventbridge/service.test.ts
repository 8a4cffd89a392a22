import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  type EventBridgeClientConfig,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';

let sandbox: Sandbox;
let client: EventBridgeClient;
beforeEach(() => {
  sandbox = createSandbox();
  // Boundary: the sandbox's handler is typed without the SDK's own request and response classes.
  // The SDK takes LimitExceededException for throttling: without retries the test waits for nothing.
  const config = { ...sandbox.clientConfig(), maxAttempts: 1 } as EventBridgeClientConfig;
  client = new EventBridgeClient(config);
});
afterEach(() => sandbox.close());

describe('EventBridge, asked by its SDK client', () => {
  it('keeps rules, and tells them', async () => {
    const EventPattern = '{"source":["aws.ec2"]}';
    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: 'r', EventPattern, Description: 'watch' }),
    );
    expect(RuleArn).toBe('arn:aws:events:eu-west-1:111122223333:rule/r');
    expect(await client.send(new DescribeRuleCommand({ Name: 'r' }))).toMatchObject({
      Name: 'r',
      EventPattern,
      State: 'ENABLED',
      Description: 'watch',
    });
  });

  it('keeps buses of its own, with rules of their own', async () => {
    await client.send(new CreateEventBusCommand({ Name: 'orders' }));
    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: 'r', EventBusName: 'orders', EventPattern: '{"source":["x"]}' }),
    );
    expect(RuleArn).toBe('arn:aws:events:eu-west-1:111122223333:rule/orders/r');
    expect((await client.send(new ListRulesCommand({}))).Rules).toEqual([]);
  });

  it.each([
    ['a pattern that is none', { EventPattern: '{"source":"x"}' }, 'InvalidEventPatternException'],
    ['neither pattern nor schedule', {}, 'ValidationException'],
    ['a schedule that is none', { ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException'],
  ])('refuses %s', async (_title, rule, name) => {
    await expect(client.send(new PutRuleCommand({ Name: 'r', ...rule }))).rejects.toMatchObject({ name });
  });

  it('takes 300 rules on a bus and not one more', async () => {
    const rule = (n: number) =>
      client.send(new PutRuleCommand({ Name: `r${n}`, EventPattern: '{"source":["x"]}' }));
    for (let n = 0; n < 300; n++) await rule(n);
    await expect(rule(300)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await rule(299);
    const first = await client.send(new ListRulesCommand({}));
    expect(first.Rules).toHaveLength(100);
    const second = await client.send(new ListRulesCommand({ NextToken: first.NextToken }));
    expect(second.Rules?.[0]?.Name).not.toBe(first.Rules?.[99]?.Name);
  });

  it('B6.14 takes no events that pretend to come from AWS, and tells each entry by itself', async () => {
    const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{}' };
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [
          entry,
          { ...entry, Source: 'aws.ec2' },
          { ...entry, Detail: '[]' },
          { ...entry, Detail: '{' },
          { Source: 'shop', Detail: '{}' },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
    ]);
  });

  it('B5.39 takes 256 KB of entries and not a byte more', async () => {
    const entry = (size: number) => ({
      Source: 's',
      DetailType: 't',
      Detail: JSON.stringify('x'.repeat(size)).replace(/^"|"$/g, ''),
    });
    const filled = (bytes: number) => ({ ...entry(0), Detail: `{"x":"${'x'.repeat(bytes - 8 - 2)}"}` });
    expect((await client.send(new PutEventsCommand({ Entries: [filled(262_144)] }))).FailedEntryCount).toBe(
      0,
    );
    await expect(client.send(new PutEventsCommand({ Entries: [filled(262_145)] }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('tests patterns', async () => {
    const Event = JSON.stringify({
      id: '1',
      account: '1',
      source: 'x',
      time: 't',
      region: 'r',
      resources: [],
      'detail-type': 'y',
      detail: {},
    });
    const test = (EventPattern: string) => client.send(new TestEventPatternCommand({ EventPattern, Event }));
    expect((await test('{"source":["x"]}')).Result).toBe(true);
    expect((await test('{"source":["y"]}')).Result).toBe(false);
    await expect(
      client.send(new TestEventPatternCommand({ EventPattern: '{"source":["x"]}', Event: '{}' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('names the targets that the sandbox cannot serve', async () => {
    await client.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["x"]}' }));
    const Targets = [{ Id: 'a', Arn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m' }];
    await expect(client.send(new PutTargetsCommand({ Rule: 'r', Targets }))).rejects.toThrow(
      /states as a target/,
    );
  });
});
