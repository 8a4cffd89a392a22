import type { InvocationResult } from './run.ts';

/** A message as ReceiveMessage gives it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, Attribute>>;
}

interface Attribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** The `Records` of an event from a queue. */
export function recordsOf(
  messages: readonly ReceivedMessage[],
  queueArn: string,
  region: string,
): readonly object[] {
  return messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
        name,
        attributeOf(attribute),
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  }));
}

function attributeOf({ DataType, StringValue, BinaryValue }: Attribute): object {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/**
 * The messages that are done: all or none, or, where the function reports failures, those that it did not name. A
 * report that names an unknown message, or none, means that nothing is done.
 */
export function succeeded(
  messages: readonly ReceivedMessage[],
  { payload, functionError }: InvocationResult,
  reportsFailures: boolean,
): readonly ReceivedMessage[] {
  if (functionError) return [];
  if (!reportsFailures) return messages;
  const failed = failuresIn(JSON.parse(payload));
  if (!failed || failed.some((id) => !messages.some(({ MessageId }) => MessageId === id))) return [];
  return messages.filter(({ MessageId }) => !failed.includes(MessageId));
}

function failuresIn(answer: unknown): readonly unknown[] | undefined {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return [];
  const { batchItemFailures } = answer;
  if (batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return undefined;
  return batchItemFailures.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'itemIdentifier' in each ? each.itemIdentifier : undefined,
  );
}
