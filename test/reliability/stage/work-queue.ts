import type { Account } from './account.ts';
import type { FunctionName } from './functions.ts';

/** One message of a function's work queue, as the event source mapping hands it over. */
export interface Received {
  readonly id: string;
  readonly event: { readonly Records: readonly object[] };
  /** It is dealt with: it does not come again. */
  remove(): Promise<void>;
}

/** The next message of a function's work queue, if one is visible; it is hidden from others for the queue's time-out. */
export async function receive(account: Account, fn: FunctionName): Promise<Received | undefined> {
  const QueueUrl = account.environment(fn).workQueueUrl;
  const received = await account.as('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
  const [message] = messagesOf(received);
  if (message === undefined) return undefined;
  const { MessageId, ReceiptHandle, Body } = message;
  const record = {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    eventSource: 'aws:sqs',
    eventSourceARN: account.queueArn(`${fn}-work`),
    awsRegion: account.place.region,
  };
  return {
    id: MessageId,
    event: { Records: [record] },
    remove: async () => void (await account.as('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle })),
  };
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** The typed boundary to the sandbox's answer, which is ReceiveMessage's own. */
function messagesOf(answer: unknown): readonly Message[] {
  return (answer as { readonly Messages?: readonly Message[] }).Messages ?? [];
}
