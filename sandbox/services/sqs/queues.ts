import type * as sqs from '@aws-sdk/client-sqs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import { addTags, type TagRefusals } from '../tag-rules.ts';
import { defaultAttributes, setQueueAttribute } from './attributes.ts';
import { onQueue, queueArn, queueAt, queueUrl } from './queue-url.ts';
import { forgetExpired, type Queue, queues } from './state.ts';

const MINUTE = 60_000;

const byName = ({ QueueName = '' }: { readonly QueueName?: string | undefined }, call: Call) => [
  { action: `sqs:${call.operation}`, resources: [queueArn(call, call.account, QueueName)] },
];

export const createQueue = operation<sqs.CreateQueueRequest, sqs.CreateQueueResult>({
  authorize: byName,
  run({ QueueName: name = '', Attributes = {}, tags = {} }, call) {
    if (name.endsWith('.fifo'))
      throw new AwsError('NotImplemented', 'The sandbox does not implement FIFO queues of sqs.', 501);
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    const { live, deleted } = queues.of(call);
    const url = queueUrl(call, call.account, name);
    const known = live.get(name);
    if (known) return { QueueUrl: sameAs(known, Attributes, url) };
    const now = call.now.getTime();
    if (now - (deleted.get(name) ?? Number.NEGATIVE_INFINITY) < MINUTE) {
      throw new AwsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    }
    const queue: Queue = {
      arn: queueArn(call, call.account, name),
      account: call.account,
      name,
      createdAt: now,
      modifiedAt: now,
      attributes: defaultAttributes(),
      tags: new Map(Object.entries(tags)),
      messages: [],
    };
    for (const [key, value] of Object.entries(Attributes)) setQueueAttribute(call, queue, key, value);
    live.set(name, queue);
    return { QueueUrl: url };
  },
});

export const deleteQueue = operation<sqs.DeleteQueueRequest, object>({
  authorize: onQueue,
  run({ QueueUrl }, call) {
    const { account, name, arn } = queueAt(call, QueueUrl);
    const { live, deleted } = queues.of({ ...call, account });
    live.delete(name);
    deleted.set(name, call.now.getTime());
    setResourcePolicy(call.world, arn, undefined);
    return {};
  },
});

export const getQueueUrl = operation<sqs.GetQueueUrlRequest, sqs.GetQueueUrlResult>({
  authorize: ({ QueueName = '', QueueOwnerAWSAccountId = undefined }, call) => [
    {
      action: 'sqs:GetQueueUrl',
      resources: [queueArn(call, QueueOwnerAWSAccountId ?? call.account, QueueName)],
    },
  ],
  run({ QueueName = '', QueueOwnerAWSAccountId: account }, call) {
    const url = queueUrl(call, account ?? call.account, QueueName);
    queueAt(call, url);
    return { QueueUrl: url };
  },
});

export const listQueues = operation<sqs.ListQueuesRequest, sqs.ListQueuesResult>({
  run({ QueueNamePrefix = '', MaxResults = 1000, NextToken }, call) {
    const from = Number(NextToken ?? 0);
    const names = [...queues.of(call).live.keys()].filter((name) => name.startsWith(QueueNamePrefix));
    const page = names.slice(from, from + MaxResults);
    const more = from + page.length < names.length;
    return {
      QueueUrls: page.map((name) => queueUrl(call, call.account, name)),
      ...(more && { NextToken: String(from + page.length) }),
    };
  },
});

export const getQueueAttributes = operation<sqs.GetQueueAttributesRequest, sqs.GetQueueAttributesResult>({
  authorize: onQueue,
  run({ QueueUrl, AttributeNames = [] }, call) {
    const queue = queueAt(call, QueueUrl);
    const all = described(queue, call.now.getTime());
    const wanted = new Set<string>(AttributeNames);
    if (wanted.has('All')) return { Attributes: all };
    return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name))) };
  },
});

export const setQueueAttributes = operation<sqs.SetQueueAttributesRequest, object>({
  authorize: onQueue,
  run({ QueueUrl, Attributes = {} }, call) {
    const queue = queueAt(call, QueueUrl);
    for (const [name, value] of Object.entries(Attributes)) setQueueAttribute(call, queue, name, value);
    queue.modifiedAt = call.now.getTime();
    return {};
  },
});

export const purgeQueue = operation<sqs.PurgeQueueRequest, object>({
  authorize: onQueue,
  run({ QueueUrl }, call) {
    const queue = queueAt(call, QueueUrl);
    const now = call.now.getTime();
    if (now - (queue.purgedAt ?? Number.NEGATIVE_INFINITY) < MINUTE) {
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        403,
      );
    }
    queue.purgedAt = now;
    queue.messages = [];
    return {};
  },
});

const REFUSALS: TagRefusals = {
  reserved: (key) => new AwsError('InvalidParameterValue', `The tag key ${key} is reserved.`),
  tooMany: () => new AwsError('InvalidParameterValue', 'Too many tags added for queue.'),
};

export const tagQueue = operation<sqs.TagQueueRequest, object>({
  authorize: onQueue,
  run({ QueueUrl, Tags = {} }, call) {
    const { tags } = queueAt(call, QueueUrl);
    addTags(tags, Object.entries(Tags), REFUSALS);
    return {};
  },
});

export const untagQueue = operation<sqs.UntagQueueRequest, object>({
  authorize: onQueue,
  run({ QueueUrl, TagKeys = [] }, call) {
    const { tags } = queueAt(call, QueueUrl);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listQueueTags = operation<sqs.ListQueueTagsRequest, sqs.ListQueueTagsResult>({
  authorize: onQueue,
  run: ({ QueueUrl }, call) => ({ Tags: Object.fromEntries(queueAt(call, QueueUrl).tags) }),
});

function sameAs(queue: Queue, attributes: Record<string, string>, url: string): string {
  const other = Object.entries(attributes).find(([key, value]) => queue.attributes.get(key) !== value);
  if (!other) return url;
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other[0]}`,
  );
}

function described(queue: Queue, now: number): Record<string, string> {
  forgetExpired(queue, now);
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  return {
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(queue.messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  };
}
