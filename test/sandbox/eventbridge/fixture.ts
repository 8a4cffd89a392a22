import { logsOf } from '../../../sandbox/lambda/logs.ts';
import type { Workshop } from '../lambda/fixture.ts';

export const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:seen';
export const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/watch';
export const DEAD = 'arn:aws:sqs:eu-west-1:111122223333:dead';

/** A function that logs the events that it gets, and fails on those that say so. */
export async function makeWitness({ make, call }: Workshop, permit = true): Promise<void> {
  await make(
    'seen',
    `export const handler = async (event) => {
      process.stdout.write('SEEN ' + JSON.stringify(event) + '\\n');
      if (event.detail?.fail) throw new Error('asked to fail');
    };`,
  );
  if (!permit) return;
  await call('lambda', 'AddPermission', {
    FunctionName: 'seen',
    StatementId: 'watch',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: RULE,
  });
}

/** What the witness got, oldest first. */
export function seen({ sandbox }: Workshop): unknown[] {
  return logsOf(sandbox.world, 'seen')
    .filter(({ text }) => text.startsWith('SEEN '))
    .map(({ text }): unknown => JSON.parse(text.slice(5)));
}

/** The rule `watch` on a pattern or schedule, with the witness as its target. */
export async function watch({ call }: Workshop, rule: object, target: object = {}): Promise<void> {
  await call('eventbridge', 'PutRule', { Name: 'watch', ...rule });
  await call('eventbridge', 'PutTargets', {
    Rule: 'watch',
    Targets: [{ Id: 'one', Arn: FUNCTION, ...target }],
  });
}

/** A queue for dead letters that EventBridge may write to. */
export async function makeDeadLetterQueue({ call }: Workshop): Promise<void> {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: DEAD,
        Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
      },
    ],
  };
  await call('sqs', 'CreateQueue', { QueueName: 'dead', Attributes: { Policy: JSON.stringify(policy) } });
}

export interface DeadLetter {
  readonly Body: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
}

/** The messages in the dead-letter queue. */
export async function deadLetters({ call }: Workshop): Promise<readonly DeadLetter[]> {
  const output = await call('sqs', 'ReceiveMessage', {
    QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  // Boundary: ReceiveMessage's own output.
  return (output.Messages ?? []) as readonly DeadLetter[];
}
