import { AwsError } from '../../core/errors.ts';
import type { World } from '../../core/world.ts';
import { servicePrincipal } from '../../iam/service-principal.ts';
import { envelope, lambdaEvent, type Notification, textFor } from './notification.ts';
import type { Subscription } from './state.ts';

/** Hands the message to one subscriber. What fails is tried again later or given up; the publisher never hears of it. */
export async function deliver(
  world: World,
  notification: Notification,
  subscription: Subscription,
  retries = 0,
): Promise<void> {
  try {
    await hand(world, notification, subscription);
    note(world, notification, subscription);
  } catch (error) {
    const delay = retryDelay(retries);
    if (isRefusal(error) || delay === undefined) await giveUp(world, notification, subscription, error);
    else
      world.clock.at(world.clock.now() + delay, () =>
        deliver(world, notification, subscription, retries + 1),
      );
  }
}

async function hand(world: World, notification: Notification, subscription: Subscription): Promise<void> {
  const { protocol, endpoint } = subscription;
  if (protocol === 'sqs') {
    await sendToQueue(world, notification, endpoint, queueMessage(notification, subscription));
  }
  if (protocol === 'lambda') {
    const Payload = Buffer.from(JSON.stringify(lambdaEvent(notification, subscription)));
    const input = { FunctionName: endpoint, InvocationType: 'Event', Payload };
    await world.invoke(sns(notification), placeOf(endpoint), 'lambda', 'Invoke', input);
  }
}

function queueMessage(notification: Notification, subscription: Subscription): object {
  if (subscription.attributes.get('RawMessageDelivery')?.toLowerCase() !== 'true') {
    return { MessageBody: JSON.stringify(envelope(notification, subscription)) };
  }
  return { MessageBody: textFor(notification, 'sqs'), MessageAttributes: notification.message.attributes };
}

async function sendToQueue(
  world: World,
  notification: Notification,
  arn: string,
  message: object,
): Promise<void> {
  const { account, region } = placeOf(arn);
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${arn.split(':')[5]}`;
  await world.invoke(sns(notification), placeOf(arn), 'sqs', 'SendMessage', { QueueUrl, ...message });
}

/** SNS retries only what is the endpoint's fault; a missing permission or endpoint ends the delivery at once. */
const isRefusal = (error: unknown) =>
  error instanceof AwsError && error.status < 500 && !/Throttl|TooMany/.test(error.code);

/** Queues and functions: 3 times at once, 2 after 1 s, 10 from 1 to 20 s, then every 20 s, 23 days in all. */
function retryDelay(retries: number): number | undefined {
  if (retries < 3) return 0;
  if (retries < 5) return 1000;
  if (retries < 15) return Math.min(20_000, 1000 * 2 ** (retries - 5));
  return retries < 100_015 ? 20_000 : undefined;
}

async function giveUp(
  world: World,
  notification: Notification,
  subscription: Subscription,
  error: unknown,
): Promise<void> {
  note(world, notification, subscription, error instanceof AwsError ? error.code : String(error));
  const target = deadLetterTarget(subscription);
  if (target === undefined) return;
  const message = queueMessage(notification, subscription);
  await sendToQueue(world, notification, target, message).catch(() => undefined);
}

function deadLetterTarget({ attributes }: Subscription): string | undefined {
  const policy: unknown = JSON.parse(attributes.get('RedrivePolicy') ?? '{}');
  if (typeof policy !== 'object' || policy === null || !('deadLetterTargetArn' in policy)) return undefined;
  return String(policy.deadLetterTargetArn);
}

function note(world: World, notification: Notification, subscription: Subscription, error?: string): void {
  const { topic, message, messageId } = notification;
  const { protocol, endpoint } = subscription;
  topic.inbox.push({
    at: new Date(world.clock.now()),
    protocol,
    endpoint,
    messageId,
    ...(message.subject !== undefined && { subject: message.subject }),
    message: textFor(notification, protocol),
    ...(error !== undefined && { error }),
  });
}

const sns = ({ topic }: Notification) => servicePrincipal('sns', topic.owner, topic.arn);

function placeOf(arn: string) {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}
