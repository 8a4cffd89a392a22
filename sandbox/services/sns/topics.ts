import type * as sns from '@aws-sdk/client-sns';
import { type Call, operation } from '../../core/service.ts';
import { resourcePolicyOf, setResourcePolicy } from '../../iam/resource-policies.ts';
import { invalidParameter, notImplemented, onTopic, type Topic, topicAt, topics } from './state.ts';

const SETTABLE = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
]);

const arnOf = ({ partition, region, account }: Call, name = '') =>
  `arn:${partition}:sns:${region}:${account}:${name}`;

export const createTopic = operation<sns.CreateTopicInput, sns.CreateTopicResponse>({
  authorize: ({ Name }, call) => [{ action: 'sns:CreateTopic', resources: [arnOf(call, Name)] }],
  run({ Name, Attributes = {}, Tags = [] }, call) {
    if (Name?.endsWith('.fifo') || Attributes.FifoTopic === 'true')
      throw notImplemented('FIFO topics of sns');
    if (!Name || !/^[\w-]{1,256}$/.test(Name)) throw invalidParameter('Topic Name');
    const { FifoTopic: _, ...attributes } = Attributes;
    const arn = arnOf(call, Name);
    const known = topics.of(call).get(arn);
    if (known) return { TopicArn: sameAs(known, attributes, Tags) };
    const topic: Topic = {
      arn,
      name: Name,
      owner: call.account,
      attributes: new Map(),
      tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      subscriptions: new Map(),
      inbox: [],
    };
    setAttribute(call, topic, 'Policy', defaultPolicy(topic));
    for (const [name, value] of Object.entries(attributes)) setAttribute(call, topic, name, value);
    topics.of(call).set(arn, topic);
    return { TopicArn: arn };
  },
});

export const deleteTopic = operation<sns.DeleteTopicInput, object>({
  authorize: onTopic,
  run({ TopicArn = '' }, call) {
    topics.of(call).delete(TopicArn);
    setResourcePolicy(call.world, TopicArn, undefined);
    return {};
  },
});

export const listTopics = operation<sns.ListTopicsInput, sns.ListTopicsResponse>({
  run({ NextToken }, call) {
    const from = Number(NextToken ?? 0);
    const all = [...topics.of(call).keys()];
    const more = from + 100 < all.length;
    const page = all.slice(from, from + 100).map((TopicArn) => ({ TopicArn }));
    return { Topics: page, ...(more && { NextToken: String(from + 100) }) };
  },
});

export const getTopicAttributes = operation<sns.GetTopicAttributesInput, sns.GetTopicAttributesResponse>({
  authorize: onTopic,
  run({ TopicArn }, call) {
    const topic = topicAt(call, TopicArn);
    return {
      Attributes: {
        TopicArn: topic.arn,
        Owner: topic.owner,
        DisplayName: '',
        SubscriptionsConfirmed: String(topic.subscriptions.size),
        SubscriptionsPending: '0',
        SubscriptionsDeleted: '0',
        ...Object.fromEntries(topic.attributes),
        Policy: resourcePolicyOf(call.world, topic.arn)?.text ?? '',
      },
    };
  },
});

export const setTopicAttributes = operation<sns.SetTopicAttributesInput, object>({
  authorize: onTopic,
  run({ TopicArn, AttributeName = '', AttributeValue = '' }, call) {
    setAttribute(call, topicAt(call, TopicArn), AttributeName, AttributeValue);
    return {};
  },
});

function setAttribute(call: Call, topic: Topic, name: string, value: string): void {
  if (!SETTABLE.has(name)) throw invalidParameter('AttributeName');
  if (name === 'DisplayName' && value.length > 100) throw invalidParameter('DisplayName');
  if (name !== 'Policy') topic.attributes.set(name, value);
  else {
    try {
      setResourcePolicy(call.world, topic.arn, value);
    } catch (error) {
      throw invalidParameter(`Policy Error: ${error instanceof Error ? error.message : ''}`);
    }
  }
}

/** CreateTopic is idempotent, unless the topic that exists has other attributes or tags. */
function sameAs(topic: Topic, attributes: Record<string, string>, tags: readonly sns.Tag[]): string {
  const differs = Object.entries(attributes).some(
    ([key, value]) => key !== 'Policy' && topic.attributes.get(key) !== value,
  );
  if (differs) throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  if (tags.some(({ Key = '', Value }) => topic.tags.get(Key) !== Value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
  return topic.arn;
}

/** The policy that SNS hangs on a new topic: its owner's account may use it. */
export function defaultPolicy({ arn, owner }: Pick<Topic, 'arn' | 'owner'>): string {
  const verbs = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...verbs, 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'].map((verb) => `SNS:${verb}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
      },
    ],
  });
}
