import type * as sns from '@aws-sdk/client-sns';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { deliver } from './deliver.ts';
import { checkedMessage, type Message, MOST_BYTES } from './message.ts';
import { notImplemented, type Topic, topicAt } from './state.ts';

export const publish = operation<sns.PublishInput, sns.PublishResponse>({
  dataPlane: true,
  authorize: ({ TopicArn, TargetArn, PhoneNumber }) => [
    { action: 'sns:Publish', resources: [TopicArn ?? TargetArn ?? (PhoneNumber ? '*' : '')] },
  ],
  async run(input, call) {
    if (input.PhoneNumber !== undefined) throw notImplemented('text messages of sns:Publish');
    const topic = topicAt(call, input.TopicArn ?? input.TargetArn);
    return { MessageId: await send(call, topic, checkedMessage(input)) };
  },
});

export const publishBatch = operation<sns.PublishBatchInput, sns.PublishBatchResponse>({
  dataPlane: true,
  authorize: ({ TopicArn = '' }) => [{ action: 'sns:Publish', resources: [TopicArn] }],
  async run({ TopicArn, PublishBatchRequestEntries: entries = [] }, call) {
    const topic = topicAt(call, TopicArn);
    checkBatch(entries);
    const Successful: sns.PublishBatchResultEntry[] = [];
    const Failed: sns.BatchResultErrorEntry[] = [];
    const checked = entries.map((entry) => [entry.Id, attempt(() => checkedMessage(entry))] as const);
    const bytes = checked.map(([, message]) => (message instanceof AwsError ? 0 : message.bytes));
    if (bytes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) {
      throw new AwsError(
        'BatchRequestTooLongException',
        'The length of all the messages put together is more than the limit.',
      );
    }
    for (const [Id, message] of checked) {
      if (message instanceof AwsError) {
        Failed.push({
          Id,
          Code: message.code.replace(/Exception$/, ''),
          Message: message.message,
          SenderFault: true,
        });
      } else {
        Successful.push({ Id, MessageId: await send(call, topic, message) });
      }
    }
    return { Successful, Failed };
  },
});

async function send(call: Call, topic: Topic, message: Message): Promise<string> {
  const messageId = call.world.random.uuid();
  const notification = { topic, message, messageId, publishedAt: call.now };
  for (const subscription of topic.subscriptions.values())
    await deliver(call.world, notification, subscription);
  return messageId;
}

function attempt(check: () => Message): Message | AwsError {
  try {
    return check();
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) return error;
    throw error;
  }
}

function checkBatch(entries: readonly sns.PublishBatchRequestEntry[]): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequestException', 'The batch request does not contain any entries.');
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  const wrong = entries.find(({ Id = '' }) => !/^[\w-]{1,80}$/.test(Id));
  if (wrong) {
    throw new AwsError(
      'InvalidBatchEntryIdException',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  }
}
