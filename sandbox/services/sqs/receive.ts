import type * as sqs from '@aws-sdk/client-sqs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { redriveOf } from './attributes.ts';
import { md5, md5OfAttributes } from './digest.ts';
import { onQueue, queueAt } from './queue-url.ts';
import { forgetExpired, numberOf, type Queue, type QueuedMessage, queueByArn } from './state.ts';

/** Answers at once, also when the queue is empty: waiting for messages would need real time. */
export const receiveMessage = operation<sqs.ReceiveMessageRequest, sqs.ReceiveMessageResult>({
  dataPlane: true,
  authorize: onQueue,
  run(input, call) {
    const queue = queueAt(call, input.QueueUrl);
    const most = input.MaxNumberOfMessages ?? 1;
    if (most < 1 || most > 10) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    }
    const now = call.now.getTime();
    forgetExpired(queue, now);
    moveDead(call, queue, now);
    const hiddenMs = (input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000;
    const received = queue.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    for (const message of received) {
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + hiddenMs;
      message.receiptHandle = `AQEB${call.world.random.hex(60)}`;
    }
    return received.length === 0 ? {} : { Messages: received.map((message) => shown(message, input)) };
  },
});

/** Messages that were received often enough go to the dead-letter queue when they would be received once more. */
function moveDead(call: Call, queue: Queue, now: number): void {
  const policy = queue.attributes.get('RedrivePolicy');
  if (policy === undefined) return;
  const { target, maxReceiveCount } = redriveOf(policy);
  const deadLetters = queueByArn(call.world, target);
  if (!deadLetters) return;
  const isDead = ({ visibleAt, receiveCount }: QueuedMessage) =>
    visibleAt <= now && receiveCount >= maxReceiveCount;
  const dead = queue.messages.filter(isDead);
  queue.messages = queue.messages.filter((message) => !isDead(message));
  for (const message of dead) {
    const { receiptHandle: _, ...kept } = message;
    deadLetters.messages.push({ ...kept, visibleAt: now, deadLetterSource: queue.arn });
  }
}

function shown(message: QueuedMessage, input: sqs.ReceiveMessageRequest): sqs.Message {
  const attributes = pick(message.attributes, input.MessageAttributeNames ?? []);
  const system = pick(systemAttributes(message), [
    ...(input.AttributeNames ?? []),
    ...(input.MessageSystemAttributeNames ?? []),
  ]);
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(digest && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
  };
}

function systemAttributes(message: QueuedMessage): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.deadLetterSource && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

/** Names are `All`, `.*`, `prefix.*` or whole. */
function pick<T>(from: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const wanted = (key: string) =>
    names.some(
      (name) => name === 'All' || name === key || (name.endsWith('.*') && key.startsWith(name.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(from).filter(([key]) => wanted(key)));
}
