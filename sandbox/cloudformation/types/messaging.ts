import { defaultPolicy } from '../../services/sns/topics.ts';
import {
  json,
  type Making,
  pick,
  type ResourceType,
  records,
  refuseDropped,
  text,
  texts,
} from '../resource-type.ts';
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

const TOPIC = ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'];
const FIFO = ['FifoTopic', 'ContentBasedDeduplication'];

const topic: ResourceType = {
  properties: [...TOPIC, ...FIFO, 'TopicName', 'Subscription', 'Tags'],
  replacedBy: ['FifoTopic', 'TopicName'],
  updates: TOPIC,
  async create(p, making) {
    const Name = typeof p.TopicName === 'string' ? p.TopicName : making.uniqueName(256);
    const created = await making.invoke('sns', 'CreateTopic', {
      Name,
      Attributes: attributes(p, [...TOPIC, ...FIFO]),
      Tags: making.tags,
    });
    const TopicArn = String(created.TopicArn);
    const made = { ref: TopicArn, attributes: { TopicArn, TopicName: Name } };
    making.begun(made);
    for (const subscription of records(p, 'Subscription')) {
      await making.invoke('sns', 'Subscribe', { TopicArn, ...subscription });
    }
    return made;
  },
  async update(p, making, { ref: TopicArn, properties, attributes: known = {} }) {
    refuseDropped(p, properties, TOPIC);
    for (const [AttributeName, AttributeValue] of Object.entries(attributes(p, TOPIC))) {
      await making.invoke('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    return { ref: TopicArn, attributes: known };
  },
  remove: ({ ref: TopicArn }, making) => making.invoke('sns', 'DeleteTopic', { TopicArn }),
};

const SUBSCRIPTION = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

const subscription: ResourceType = {
  properties: [...SUBSCRIPTION, 'TopicArn', 'Protocol', 'Endpoint'],
  replacedBy: ['TopicArn', 'Protocol', 'Endpoint'],
  async create(p, making) {
    const made = await making.invoke('sns', 'Subscribe', {
      ...pick(p, 'TopicArn', 'Protocol', 'Endpoint'),
      Attributes: attributes(p, SUBSCRIPTION),
      ReturnSubscriptionArn: true,
    });
    return { ref: String(made.SubscriptionArn) };
  },
  remove: ({ ref: SubscriptionArn }, making) => making.invoke('sns', 'Unsubscribe', { SubscriptionArn }),
};

const topicPolicy: ResourceType = {
  properties: ['Topics', 'PolicyDocument'],
  replacedBy: [],
  updates: ['PolicyDocument'],
  async create(p, making) {
    await putTopicPolicy(p, making, () => json(p.PolicyDocument));
    return { ref: making.uniqueName(64) };
  },
  async update(p, making, { ref }) {
    await putTopicPolicy(p, making, () => json(p.PolicyDocument));
    return { ref };
  },
  remove: ({ properties }, making) =>
    putTopicPolicy(properties, making, (arn) => defaultPolicy({ arn, owner: making.account })),
};

async function putTopicPolicy(p: Fields, making: Making, policy: (arn: string) => string): Promise<void> {
  for (const TopicArn of texts(p, 'Topics')) {
    const setting = { AttributeName: 'Policy', AttributeValue: policy(TopicArn) };
    await making.invoke('sns', 'SetTopicAttributes', { TopicArn, ...setting });
  }
}

const QUEUE = [
  'DelaySeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];
const FIFO_QUEUE = ['FifoQueue', 'ContentBasedDeduplication'];

const queue: ResourceType = {
  properties: [...QUEUE, ...FIFO_QUEUE, 'QueueName', 'Tags'],
  replacedBy: ['FifoQueue', 'QueueName'],
  updates: QUEUE,
  async create(p, making) {
    const QueueName = typeof p.QueueName === 'string' ? p.QueueName : making.uniqueName(80);
    const tags = Object.fromEntries(making.tags.map(({ Key, Value }) => [Key, Value]));
    const made = await making.invoke('sqs', 'CreateQueue', {
      QueueName,
      Attributes: attributes(p, [...QUEUE, ...FIFO_QUEUE]),
      tags,
    });
    const QueueUrl = String(made.QueueUrl);
    const Arn = `arn:${making.partition}:sqs:${making.region}:${making.account}:${QueueName}`;
    return { ref: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
  },
  async update(p, making, { ref: QueueUrl, properties, attributes: known = {} }) {
    refuseDropped(p, properties, QUEUE);
    await making.invoke('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: attributes(p, QUEUE) });
    return { ref: QueueUrl, attributes: known };
  },
  remove: ({ ref: QueueUrl }, making) => making.invoke('sqs', 'DeleteQueue', { QueueUrl }),
};

const queuePolicy: ResourceType = {
  properties: ['Queues', 'PolicyDocument'],
  replacedBy: [],
  updates: ['PolicyDocument'],
  async create(p, making) {
    await putQueuePolicy(p, making, json(p.PolicyDocument));
    return { ref: making.uniqueName(64) };
  },
  async update(p, making, { ref }) {
    await putQueuePolicy(p, making, json(p.PolicyDocument));
    return { ref };
  },
  remove: ({ properties }, making) => putQueuePolicy(properties, making, ''),
};

async function putQueuePolicy(p: Fields, making: Making, Policy: string): Promise<void> {
  for (const QueueUrl of texts(p, 'Queues')) {
    await making.invoke('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
  }
}

const PARAMETER = ['Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType'];

const parameter: ResourceType = {
  properties: [...PARAMETER, 'Name', 'Tags'],
  replacedBy: ['Name'],
  updates: ['Value', 'Description', 'AllowedPattern'],
  async create(p, making) {
    const Name = typeof p.Name === 'string' ? p.Name : making.uniqueName(64);
    await making.invoke('ssm', 'PutParameter', { ...pick(p, ...PARAMETER), Name });
    return { ref: Name, attributes: { Type: text(p, 'Type'), Value: String(p.Value) } };
  },
  async update(p, making, { ref: Name, properties }) {
    refuseDropped(p, properties, ['Description']);
    await making.invoke('ssm', 'PutParameter', { ...pick(p, ...PARAMETER), Name, Overwrite: true });
    return { ref: Name, attributes: { Type: text(p, 'Type'), Value: String(p.Value) } };
  },
  remove: ({ ref: Name }, making) => making.invoke('ssm', 'DeleteParameter', { Name }),
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
