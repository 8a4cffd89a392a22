import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { World } from '../../core/world.ts';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly owner: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Map<string, string>;
}

/** One message at one subscription: what a mailbox, a queue or a function got, or why it did not. */
export interface Delivery {
  readonly at: Date;
  readonly protocol: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
  /** The error code of a delivery that was given up. */
  readonly error?: string;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly owner: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  readonly inbox: Delivery[];
}

export const topics = drawer<Map<string, Topic>>(() => new Map());

/** Everything that the topic's subscribers got so far, oldest first. */
export function inboxOf(world: World, topicArn: string): readonly Delivery[] {
  return findTopic(world, topicArn)?.inbox ?? [];
}

export function findTopic(world: World, topicArn: string): Topic | undefined {
  const [, partition = '', , region = '', account = ''] = topicArn.split(':');
  return topics.of({ world, partition, region, account }).get(topicArn);
}

/** The topic that a call names; topics of other accounts can be named, those of other regions cannot. */
export function topicAt(call: Call, topicArn: string | undefined): Topic {
  const arn = checkedArn(call, topicArn);
  const topic = findTopic(call.world, arn);
  if (topic) return topic;
  throw new AwsError('NotFoundException', 'Topic does not exist', 404);
}

export function checkedArn(call: Call, topicArn: string | undefined): string {
  if (
    topicArn &&
    /^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/.test(topicArn) &&
    topicArn.split(':')[3] === call.region
  ) {
    return topicArn;
  }
  throw invalidParameter('TopicArn');
}

export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}

/** What the sandbox leaves out is refused by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The sandbox does not implement ${what}.`, 501);
}

/** The demand of an operation on one topic. */
export const onTopic = ({ TopicArn = '' }: { readonly TopicArn?: string | undefined }, call: Call) => [
  { action: `sns:${call.operation}`, resources: [TopicArn] },
];
