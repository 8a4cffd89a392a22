import { AwsError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { World } from '../core/world.ts';
import { queueUrl, whereOf } from './arn.ts';
import { unsupported } from './unsupported.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue: string;
}

/** Services whose resources can be targets. */
export const TARGET_SERVICES: readonly string[] = ['lambda', 'sqs', 'sns'];

/** Hands a payload to a function (asynchronously), a queue or a topic, as `principal`, under that resource's policy. */
export async function sendTo(
  world: World,
  principal: Principal,
  arn: string,
  payload: string,
): Promise<void> {
  const where = whereOf(arn);
  const service = arn.split(':')[2] ?? '';
  if (service === 'lambda') {
    const input = { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(payload) };
    await world.invoke(principal, where, 'lambda', 'Invoke', input);
  } else if (service === 'sqs') {
    await sendMessage(world, principal, arn, payload);
  } else if (service === 'sns') {
    await world.invoke(principal, where, 'sns', 'Publish', { TopicArn: arn, Message: payload });
  } else throw unsupported(`${service} as a target`);
}

/** Puts a message into the queue of this ARN. */
export async function sendMessage(
  world: World,
  principal: Principal,
  queueArn: string,
  body: string,
  attributes?: Readonly<Record<string, MessageAttribute>>,
): Promise<void> {
  const input = {
    QueueUrl: queueUrl(queueArn),
    MessageBody: body,
    ...(attributes && { MessageAttributes: attributes }),
  };
  await world.invoke(principal, whereOf(queueArn), 'sqs', 'SendMessage', input);
}

/** Would trying again help? Not when a permission or the target itself is missing. */
export function isRetriable(error: unknown): boolean {
  return !(error instanceof AwsError) || errorCode(error) === 'THROTTLING' || error.status >= 500;
}

/** EventBridge's word for what went wrong, as dead-lettered messages carry it. */
export function errorCode(error: unknown): string {
  if (!(error instanceof AwsError)) return 'INTERNAL_ERROR';
  if (/Throttl|TooManyRequests|LimitExceeded/.test(error.code)) return 'THROTTLING';
  if (/AccessDenied|AuthorizationError|Unauthorized/.test(error.code)) return 'NO_PERMISSIONS';
  if (/NotFound|NonExistent|NoSuch/.test(error.code)) return 'NO_RESOURCE';
  return error.status >= 500 ? 'ERROR_FROM_TARGET' : 'INVALID_PARAMETER';
}
