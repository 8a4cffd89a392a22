import type * as sqs from '@aws-sdk/client-sqs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { messageArrived } from '../../events/arrivals.ts';
import { attempts, checkBatch } from './batch.ts';
import { md5, md5OfAttributes, sizeOfAttributes } from './digest.ts';
import { onQueue, queueAt } from './queue-url.ts';
import { numberOf, type Queue } from './state.ts';

type Entry = Pick<
  sqs.SendMessageRequest,
  | 'MessageBody'
  | 'MessageAttributes'
  | 'DelaySeconds'
  | 'MessageGroupId'
  | 'MessageDeduplicationId'
  | 'MessageSystemAttributes'
>;

export const sendMessage = operation<sqs.SendMessageRequest, sqs.SendMessageResult>({
  dataPlane: true,
  authorize: onQueue,
  run: (input, call) => enqueue(call, queueAt(call, input.QueueUrl), input),
});

export const sendMessageBatch = operation<sqs.SendMessageBatchRequest, sqs.SendMessageBatchResult>({
  dataPlane: true,
  authorize: onQueue,
  run({ QueueUrl, Entries = [] }, call) {
    const queue = queueAt(call, QueueUrl);
    checkBatch(Entries);
    const bytes = Entries.map(
      ({ MessageBody = '', MessageAttributes = {} }) =>
        Buffer.byteLength(MessageBody) + sizeOfAttributes(MessageAttributes),
    );
    const most = 1_048_576;
    if (bytes.reduce((sum, size) => sum + size, 0) > most) {
      throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${most} bytes.`);
    }
    // The two shapes hold the same members; in an answered entry all three digests and ids are there.
    return attempts(Entries, (entry) => enqueue(call, queue, entry)) as sqs.SendMessageBatchResult;
  },
});

function enqueue(call: Call, queue: Queue, entry: Entry): sqs.SendMessageResult {
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds } = entry;
  if (entry.MessageSystemAttributes && Object.keys(entry.MessageSystemAttributes).length > 0) {
    throw new AwsError(
      'NotImplemented',
      'The sandbox does not implement MessageSystemAttributes of sqs.',
      501,
    );
  }
  if (entry.MessageDeduplicationId !== undefined) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${entry.MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    );
  }
  checkMessage(queue, body, attributes);
  const now = call.now.getTime();
  const id = call.world.random.uuid();
  queue.messages.push({
    id,
    body,
    attributes,
    senderId: call.principal.principalId,
    sentAt: now,
    visibleAt: now + (DelaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000,
    receiveCount: 0,
  });
  messageArrived(call.world, queue.arn);
  const digest = md5OfAttributes(attributes);
  return { MessageId: id, MD5OfMessageBody: md5(body), ...(digest && { MD5OfMessageAttributes: digest }) };
}

function checkMessage(
  queue: Queue,
  body: string | undefined,
  attributes: Record<string, sqs.MessageAttributeValue>,
): asserts body is string {
  if (!body) throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  const most = numberOf(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(body) + sizeOfAttributes(attributes) > most) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  }
  if (!/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  if (Object.keys(attributes).length > 10) {
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [10].`,
    );
  }
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    const filled = DataType.startsWith('Binary') ? BinaryValue?.length : StringValue;
    if (/^(String|Number|Binary)(\..+)?$/.test(DataType) && filled) continue;
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' must contain a non-empty message attribute value of type 'String', 'Number' or 'Binary'.`,
    );
  }
}
