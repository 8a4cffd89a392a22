import type * as sqs from '@aws-sdk/client-sqs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { attempts, checkBatch } from './batch.ts';
import { onQueue, queueAt } from './queue-url.ts';
import type { Queue } from './state.ts';

interface Receipt {
  readonly ReceiptHandle?: string | undefined;
  readonly VisibilityTimeout?: number | undefined;
}

export const deleteMessage = operation<sqs.DeleteMessageRequest, object>({
  dataPlane: true,
  authorize: onQueue,
  run: (input, call) => remove(queueAt(call, input.QueueUrl), input),
});

export const deleteMessageBatch = operation<sqs.DeleteMessageBatchRequest, object>({
  dataPlane: true,
  authorize: onQueue,
  run({ QueueUrl, Entries = [] }, call) {
    const queue = queueAt(call, QueueUrl);
    checkBatch(Entries);
    return attempts(Entries, (entry) => remove(queue, entry));
  },
});

export const changeMessageVisibility = operation<sqs.ChangeMessageVisibilityRequest, object>({
  dataPlane: true,
  authorize: onQueue,
  run: (input, call) => hide(call, queueAt(call, input.QueueUrl), input),
});

export const changeMessageVisibilityBatch = operation<sqs.ChangeMessageVisibilityBatchRequest, object>({
  dataPlane: true,
  authorize: onQueue,
  run({ QueueUrl, Entries = [] }, call) {
    const queue = queueAt(call, QueueUrl);
    checkBatch(Entries);
    return attempts(Entries, (entry) => hide(call, queue, entry));
  },
});

/** A message that is gone already, or was received again since, is no error. */
function remove(queue: Queue, receipt: Receipt): object {
  const handle = checkedHandle(receipt);
  queue.messages = queue.messages.filter(({ receiptHandle }) => receiptHandle !== handle);
  return {};
}

function hide(call: Call, queue: Queue, receipt: Receipt): object {
  const handle = checkedHandle(receipt);
  const seconds = receipt.VisibilityTimeout ?? -1;
  if (seconds < 0 || seconds > 43_200) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
    );
  }
  const now = call.now.getTime();
  const message = queue.messages.find(
    ({ receiptHandle, visibleAt }) => receiptHandle === handle && visibleAt > now,
  );
  if (!message) {
    throw new AwsError(
      'MessageNotInflight',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  message.visibleAt = now + seconds * 1000;
  return {};
}

function checkedHandle({ ReceiptHandle = '' }: Receipt): string {
  if (/^AQEB[0-9a-f]{60}$/.test(ReceiptHandle)) return ReceiptHandle;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
    404,
  );
}
