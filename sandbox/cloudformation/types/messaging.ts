import { json, pick, type ResourceType, records, text, texts } from '../resource-type.ts';
import type { Fields } from '../template.ts';

/** Attributes of topics, queues and subscriptions are texts; structures become JSON. */
function attributes(p: Fields, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pick(p, ...names)).map(([name, value]) => [
      name,
      typeof value === 'object' ? json(value) : String(value),
    ]),
  );
}

const TOPIC = [
  'DisplayName',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'FifoTopic',
  'ContentBasedDeduplication',
];

const topic: ResourceType = {
  properties: [...TOPIC, 'TopicName', 'Subscription', 'Tags'],
  async create(p, making) {
    const Name = typeof p.TopicName === 'string' ? p.TopicName : making.uniqueName(256);
    const made = await making.invoke('sns', 'CreateTopic', {
      Name,
      Attributes: attributes(p, TOPIC),
      Tags: making.tags,
    });
    const TopicArn = String(made.TopicArn);
    for (const subscription of records(p, 'Subscription')) {
      await making.invoke('sns', 'Subscribe', { TopicArn, ...subscription });
    }
    return {
      ref: TopicArn,
      attributes: { TopicArn, TopicName: Name },
      remove: () => making.invoke('sns', 'DeleteTopic', { TopicArn }),
    };
  },
};

const SUBSCRIPTION = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

const subscription: ResourceType = {
  properties: [...SUBSCRIPTION, 'TopicArn', 'Protocol', 'Endpoint'],
  async create(p, making) {
    const made = await making.invoke('sns', 'Subscribe', {
      ...pick(p, 'TopicArn', 'Protocol', 'Endpoint'),
      Attributes: attributes(p, SUBSCRIPTION),
      ReturnSubscriptionArn: true,
    });
    const SubscriptionArn = String(made.SubscriptionArn);
    return { ref: SubscriptionArn, remove: () => making.invoke('sns', 'Unsubscribe', { SubscriptionArn }) };
  },
};

const topicPolicy: ResourceType = {
  properties: ['Topics', 'PolicyDocument'],
  async create(p, making) {
    const AttributeValue = json(p.PolicyDocument);
    for (const TopicArn of texts(p, 'Topics')) {
      await making.invoke('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
    }
    return { ref: making.uniqueName(64) };
  },
};

const QUEUE = [
  'ContentBasedDeduplication',
  'DelaySeconds',
  'FifoQueue',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

const queue: ResourceType = {
  properties: [...QUEUE, 'QueueName', 'Tags'],
  async create(p, making) {
    const QueueName = typeof p.QueueName === 'string' ? p.QueueName : making.uniqueName(80);
    const tags = Object.fromEntries(making.tags.map(({ Key, Value }) => [Key, Value]));
    const made = await making.invoke('sqs', 'CreateQueue', {
      QueueName,
      Attributes: attributes(p, QUEUE),
      tags,
    });
    const QueueUrl = String(made.QueueUrl);
    const Arn = `arn:${making.partition}:sqs:${making.region}:${making.account}:${QueueName}`;
    return {
      ref: QueueUrl,
      attributes: { Arn, QueueName, QueueUrl },
      remove: () => making.invoke('sqs', 'DeleteQueue', { QueueUrl }),
    };
  },
};

const queuePolicy: ResourceType = {
  properties: ['Queues', 'PolicyDocument'],
  async create(p, making) {
    for (const QueueUrl of texts(p, 'Queues')) {
      await making.invoke('sqs', 'SetQueueAttributes', {
        QueueUrl,
        Attributes: { Policy: json(p.PolicyDocument) },
      });
    }
    return { ref: making.uniqueName(64) };
  },
};

const parameter: ResourceType = {
  properties: ['Name', 'Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType', 'Tags'],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    await making.invoke('ssm', 'PutParameter', {
      ...pick(p, 'Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType'),
      Name,
    });
    return {
      ref: Name,
      attributes: { Type: text(p, 'Type'), Value: String(p.Value) },
      remove: () => making.invoke('ssm', 'DeleteParameter', { Name }),
    };
  },
};

/** Topics, queues and parameters. */
export const messagingTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SSM::Parameter': parameter,
};
