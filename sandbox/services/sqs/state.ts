import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { drawer } from '../../core/drawer.ts';
import type { World } from '../../core/world.ts';

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly senderId: string;
  /** Epoch ms; the time in a dead-letter queue counts from the first sending, as in SQS. */
  readonly sentAt: number;
  /** Hidden until this moment: delayed, or received and not yet deleted. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Of the last time it was received. */
  receiptHandle?: string;
  deadLetterSource?: string;
}

export interface Queue {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  readonly createdAt: number;
  modifiedAt: number;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  messages: QueuedMessage[];
  purgedAt?: number;
}

/** Queues by name, and when others were deleted: their names rest for 60 seconds. */
export const queues = drawer<{ readonly live: Map<string, Queue>; readonly deleted: Map<string, number> }>(
  () => ({
    live: new Map(),
    deleted: new Map(),
  }),
);

export function queueByArn(world: World, arn: string): Queue | undefined {
  const [, partition = '', , region = '', account = '', name = ''] = arn.split(':');
  return queues.of({ world, partition, region, account }).live.get(name);
}

/** Everything in the queue now, hidden or not: for tests and the demo, which want no receive counts. */
export function messagesIn(world: World, queueArn: string): readonly QueuedMessage[] {
  const queue = queueByArn(world, queueArn);
  if (!queue) return [];
  forgetExpired(queue, world.clock.now());
  return queue.messages;
}

export function numberOf(queue: Queue, attribute: string): number {
  return Number(queue.attributes.get(attribute) ?? 0);
}

/** Drops what is older than the retention period. */
export function forgetExpired(queue: Queue, now: number): void {
  const oldest = now - numberOf(queue, 'MessageRetentionPeriod') * 1000;
  queue.messages = queue.messages.filter(({ sentAt }) => sentAt > oldest);
}

/** How many messages a reader could have now; undefined when there is no such queue. */
export function numberWaiting(place: Parameters<typeof queues.of>[0], name: string): number | undefined {
  const queue = queues.of(place).live.get(name);
  if (!queue) return undefined;
  const now = place.world.clock.now();
  forgetExpired(queue, now);
  return queue.messages.filter(({ visibleAt }) => visibleAt <= now).length;
}
