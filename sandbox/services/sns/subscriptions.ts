import type * as sns from '@aws-sdk/client-sns';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import {
  findTopic,
  invalidParameter,
  notImplemented,
  onTopic,
  type Subscription,
  topicAt,
  topics,
} from './state.ts';

/** Subscriptions are granted by their topic. */
const onItsTopic = (
  { SubscriptionArn = '' }: { readonly SubscriptionArn?: string | undefined },
  call: Call,
) => [
  {
    action: `sns:${call.operation}`,
    resources: [SubscriptionArn.slice(0, SubscriptionArn.lastIndexOf(':'))],
  },
];

/** Endpoints by protocol; those of people and web servers are confirmed at once by the simulated reader. */
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  sqs: /^arn:[^:]+:sqs:[^:]+:\d{12}:.+$/,
  lambda: /^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+$/,
  email: /^[^@\s]+@[^@\s]+$/,
  'email-json': /^[^@\s]+@[^@\s]+$/,
  http: /^http:\/\/.+/,
  https: /^https:\/\/.+/,
};
const ATTRIBUTES = new Set(['RawMessageDelivery', 'RedrivePolicy']);

export const subscribe = operation<sns.SubscribeInput, sns.SubscribeResponse>({
  authorize: ({ TopicArn = '', Protocol = '', Endpoint = '' }) => [
    {
      action: 'sns:Subscribe',
      resources: [TopicArn],
      context: { 'sns:Protocol': [Protocol], 'sns:Endpoint': [Endpoint] },
    },
  ],
  run({ TopicArn, Protocol = '', Endpoint = '', Attributes = {}, ReturnSubscriptionArn }, call) {
    const topic = topicAt(call, TopicArn);
    const known = [...topic.subscriptions.values()].find(
      ({ protocol, endpoint }) => protocol === Protocol && endpoint === Endpoint,
    );
    const subscription = known ?? newSubscription(call, topic.arn, Protocol, Endpoint);
    for (const [name, value] of Object.entries(Attributes)) setAttribute(subscription, name, value);
    topic.subscriptions.set(subscription.arn, subscription);
    const byPeople = !ReturnSubscriptionArn && Protocol !== 'sqs' && Protocol !== 'lambda';
    return { SubscriptionArn: byPeople ? 'pending confirmation' : subscription.arn };
  },
});

export const unsubscribe = operation<sns.UnsubscribeInput, object>({
  authorize: onItsTopic,
  run({ SubscriptionArn }, call) {
    const { topicArn, arn } = subscriptionAt(call, SubscriptionArn);
    findTopic(call.world, topicArn)?.subscriptions.delete(arn);
    return {};
  },
});

export const listSubscriptionsByTopic = operation<
  sns.ListSubscriptionsByTopicInput,
  sns.ListSubscriptionsByTopicResponse
>({
  authorize: onTopic,
  run: ({ TopicArn, NextToken }, call) =>
    paged([...topicAt(call, TopicArn).subscriptions.values()], NextToken),
});

export const listSubscriptions = operation<sns.ListSubscriptionsInput, sns.ListSubscriptionsResponse>({
  run: ({ NextToken }, call) =>
    paged(
      [...topics.of(call).values()].flatMap(({ subscriptions }) => [...subscriptions.values()]),
      NextToken,
    ),
});

export const getSubscriptionAttributes = operation<
  sns.GetSubscriptionAttributesInput,
  sns.GetSubscriptionAttributesResponse
>({
  authorize: onItsTopic,
  run({ SubscriptionArn }, call) {
    const { arn, topicArn, owner, protocol, endpoint, attributes } = subscriptionAt(call, SubscriptionArn);
    return {
      Attributes: {
        ...{ SubscriptionArn: arn, TopicArn: topicArn, Owner: owner, Protocol: protocol, Endpoint: endpoint },
        ...{ PendingConfirmation: 'false', RawMessageDelivery: 'false' },
        ...Object.fromEntries(attributes),
      },
    };
  },
});

export const setSubscriptionAttributes = operation<sns.SetSubscriptionAttributesInput, object>({
  authorize: onItsTopic,
  run({ SubscriptionArn, AttributeName = '', AttributeValue = '' }, call) {
    setAttribute(subscriptionAt(call, SubscriptionArn), AttributeName, AttributeValue);
    return {};
  },
});

function newSubscription(call: Call, topicArn: string, protocol: string, endpoint: string): Subscription {
  const form = ENDPOINTS[protocol];
  if (!form) {
    if (['sms', 'application', 'firehose'].includes(protocol))
      throw notImplemented(`${protocol} subscriptions of sns`);
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`);
  }
  if (!form.test(endpoint)) throw invalidParameter(`${protocol === 'sqs' ? 'SQS endpoint ARN' : 'Endpoint'}`);
  const arn = `${topicArn}:${call.world.random.uuid()}`;
  return { arn, topicArn, owner: call.account, protocol, endpoint, attributes: new Map() };
}

function setAttribute(subscription: Subscription, name: string, value: string): void {
  if (name.startsWith('FilterPolicy')) throw notImplemented('filter policies of sns subscriptions');
  if (!ATTRIBUTES.has(name)) throw invalidParameter('AttributeName');
  if (name === 'RawMessageDelivery') {
    if (!/^(true|false)$/i.test(value))
      throw invalidParameter(`Attributes Reason: RawMessageDelivery: Invalid value [${value}].`);
    if (subscription.protocol !== 'sqs' && !subscription.protocol.startsWith('http')) {
      throw invalidParameter('Attributes Reason: Delivery protocol does not support raw message delivery.');
    }
  }
  subscription.attributes.set(name, value);
}

function subscriptionAt(call: Call, arn = ''): Subscription {
  const topic = findTopic(call.world, arn.slice(0, arn.lastIndexOf(':')));
  const subscription = topic?.subscriptions.get(arn);
  if (subscription) return subscription;
  throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
}

function paged(all: readonly Subscription[], token: string | undefined) {
  const from = Number(token ?? 0);
  const page = all.slice(from, from + 100).map(({ arn, owner, protocol, endpoint, topicArn }) => ({
    ...{ SubscriptionArn: arn, Owner: owner, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn },
  }));
  return { Subscriptions: page, ...(from + 100 < all.length && { NextToken: String(from + 100) }) };
}
