import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  type SchedulerClientConfig,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliveriesOf } from '../../../sandbox/events/delivery.ts';
import { seedRole } from '../../../sandbox/services/iam/store.ts';
import { deadLetters, FUNCTION, makeWitness, seen } from '../eventbridge/fixture.ts';
import { ROLE, type Workshop, workshop } from '../lambda/fixture.ts';

const HOUR = 3_600_000;
const ARN = 'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/sweep';
let shop: Workshop;
let client: SchedulerClient;
beforeEach(async () => {
  shop = workshop();
  // Boundary: the sandbox's handler is typed without the SDK's own request and response classes.
  client = new SchedulerClient({ ...shop.sandbox.clientConfig(), maxAttempts: 1 } as SchedulerClientConfig);
  await makeWitness(shop, false);
});
afterEach(() => shop.sandbox.close());

const settings = (ScheduleExpression: string, target: object = {}, more: object = {}) => ({
  Name: 'sweep',
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: { Arn: FUNCTION, RoleArn: ROLE, ...target },
  ...more,
});
const create = (...args: Parameters<typeof settings>) =>
  client.send(new CreateScheduleCommand(settings(...args)));
const advance = (ms: number) => shop.sandbox.world.clock.advance(ms);
const times = () => seen(shop).map((event) => (event as { time: string }).time);

describe('a schedule', () => {
  it('B5.9 sends an event from aws.scheduler whose detail is text', async () => {
    await create('cron(0 9 * * ? *)');
    await advance(HOUR);
    expect(seen(shop)).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        account: '111122223333',
        time: '2026-11-02T09:00:00Z',
        region: 'eu-west-1',
        resources: [ARN],
        detail: '{}',
      },
    ]);
  });

  it('B5.9 sends its own input without any envelope, with what it knows filled in', async () => {
    const Input =
      '{"s":"<aws.scheduler.schedule-arn>","t":"<aws.scheduler.scheduled-time>","n":"<aws.scheduler.attempt-number>","id":"<aws.scheduler.execution-id>"}';
    await create('at(2026-11-02T08:30:00)', { Input });
    await advance(HOUR);
    expect(seen(shop)).toEqual([
      { s: ARN, t: '2026-11-02T08:30:00Z', n: '1', id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });

  it.each<[string, Parameters<typeof settings>, string[]]>([
    ['a rate begins at once', ['rate(1 hour)'], ['08:00', '09:00', '10:00', '11:00']],
    [
      'a rate begins at its start',
      ['rate(1 hour)', {}, { StartDate: new Date('2026-11-02T09:30:00Z') }],
      ['09:30', '10:30'],
    ],
    [
      'a rate ends at its end',
      ['rate(1 hour)', {}, { EndDate: new Date('2026-11-02T09:30:00Z') }],
      ['08:00', '09:00'],
    ],
    [
      'a cron keeps to its time zone',
      ['cron(0 11 * * ? *)', {}, { ScheduleExpressionTimezone: 'Europe/Berlin' }],
      ['10:00'],
    ],
    ['once is once', ['at(2026-11-02T09:15:00)'], ['09:15']],
    [
      'once is in its time zone',
      ['at(2026-11-02T10:15:00)', {}, { ScheduleExpressionTimezone: 'Europe/Berlin' }],
      ['09:15'],
    ],
    ['the past is over', ['at(2026-11-02T07:00:00)'], []],
    [
      'a window begins with the schedule',
      ['cron(0 9 * * ? *)', {}, { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 } }],
      ['09:00'],
    ],
    ['what is disabled rests', ['rate(1 hour)', {}, { State: 'DISABLED' }], []],
  ])('%s', async (_title, args, expected) => {
    await create(...args);
    await advance(3 * HOUR);
    expect(times()).toEqual(expected.map((time) => `2026-11-02T${time}:00Z`));
  });

  it('goes by its newest settings, and stops when it is deleted', async () => {
    await create('cron(0 9 * * ? *)');
    await client.send(new UpdateScheduleCommand(settings('cron(30 9 * * ? *)')));
    expect(await client.send(new GetScheduleCommand({ Name: 'sweep' }))).toMatchObject({
      ScheduleExpression: 'cron(30 9 * * ? *)',
      State: 'ENABLED',
      Arn: ARN,
    });
    await advance(2 * HOUR);
    expect(times()).toEqual(['2026-11-02T09:30:00Z']);
    await client.send(new DeleteScheduleCommand({ Name: 'sweep' }));
    await advance(48 * HOUR);
    expect(times()).toHaveLength(1);
  });

  it('goes away after its only run when it was told to', async () => {
    await create('at(2026-11-02T08:30:00)', {}, { ActionAfterCompletion: 'DELETE' });
    await advance(HOUR);
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
  });

  it('B6.11 acts with the rights of its role and no others, and what fails becomes a dead letter', async () => {
    await shop.call('sqs', 'CreateQueue', { QueueName: 'dead' });
    const dead = 'arn:aws:sqs:eu-west-1:111122223333:dead';
    seedRole(shop.sandbox.world, '111122223333', {
      name: 'narrow',
      trust: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'scheduler.amazonaws.com' } },
        ],
      },
      policies: {
        dead: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: dead }],
        },
      },
    });
    await create('at(2026-11-02T08:30:00)', {
      RoleArn: ROLE.replace('worker', 'narrow'),
      DeadLetterConfig: { Arn: dead },
      Input: '{"a":1}',
    });
    await advance(HOUR);

    expect(seen(shop)).toEqual([]);
    expect(await deadLetters(shop)).toEqual([
      expect.objectContaining({
        Body: '{"a":1}',
        MessageAttributes: expect.objectContaining({
          ERROR_CODE: expect.objectContaining({ StringValue: 'NO_PERMISSIONS' }),
          TARGET_ARN: expect.objectContaining({ StringValue: FUNCTION }),
        }),
      }),
    ]);
  });

  it('B5.18 gives up within its retry policy', async () => {
    shop.sandbox.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'throttle' });
    await create('at(2026-11-02T08:30:00)', {
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
    });
    await advance(HOUR);
    expect(deliveriesOf(shop.sandbox.world)).toEqual([
      expect.objectContaining({ status: 'failed', attempts: 3 }),
    ]);
  });

  it.each<[string, Parameters<typeof settings>, string]>([
    ['an expression that is none', ['every day'], 'ValidationException'],
    [
      'a time zone that is none',
      ['rate(1 hour)', {}, { ScheduleExpressionTimezone: 'Mars/Olympus' }],
      'ValidationException',
    ],
    [
      'a window without its length',
      ['rate(1 hour)', {}, { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
      'ValidationException',
    ],
    [
      'a role that does not trust it',
      ['rate(1 hour)', { RoleArn: ROLE.replace('worker', 'nobody') }],
      'ValidationException',
    ],
    ['a group that is not there', ['rate(1 hour)', {}, { GroupName: 'none' }], 'ResourceNotFoundException'],
    [
      'a target that the sandbox cannot serve',
      ['rate(1 hour)', { Arn: 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances' }],
      'NotImplemented',
    ],
  ])('is refused with %s', async (_title, args, name) => {
    await expect(create(...args)).rejects.toMatchObject({ name });
  });
});
