import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Aws, verb } from './access.ts';
import { chunks } from './batch.ts';
import { pages } from './pages.ts';

/** A deployed function of Reeve's. */
export interface DeployedFunction {
  readonly name: string;
  readonly workQueueUrl: string;
  /** ARN of the stack that it belongs to. */
  readonly stackId: string;
}

/** The functions of the region that are Reeve's: their environment says so. */
export const deployedFunctions = verb(
  ['lambda:ListFunctions'],
  (aws: Aws): AsyncIterable<readonly DeployedFunction[]> =>
    pages(async (token) => {
      const command = new ListFunctionsCommand({
        MaxItems: 50,
        ...(token !== undefined && { Marker: token }),
      });
      const { Functions: functions = [], NextMarker: next } = await aws.send(LambdaClient, command);
      const items = functions.flatMap(({ FunctionName: name, Environment }) => {
        const { REEVE_WORK_QUEUE_URL: workQueueUrl, REEVE_STACK_ID: stackId = '' } =
          Environment?.Variables ?? {};
        return name && workQueueUrl ? [{ name, workQueueUrl, stackId }] : [];
      });
      return { items, next };
    }),
);

/** The URL of the queue that takes what the work queue gives up, or undefined where there is none. */
export const deadLetterQueueOf = verb(
  ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
  async (aws: Aws, workQueueUrl: string): Promise<string | undefined> => {
    const ask = new GetQueueAttributesCommand({ QueueUrl: workQueueUrl, AttributeNames: ['RedrivePolicy'] });
    const { Attributes: attributes } = await aws.send(SQSClient, ask);
    const target = /"deadLetterTargetArn":\s*"([^"]+)"/.exec(attributes?.RedrivePolicy ?? '')?.[1];
    const [, , , , account, name] = target?.split(':') ?? [];
    if (account === undefined || name === undefined) return undefined;
    const find = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account });
    return (await aws.send(SQSClient, find)).QueueUrl;
  },
);

/** Up to ten messages, hidden from other readers for so long; an empty list says that none is left to be had. */
export const receiveLetters = verb(
  ['sqs:ReceiveMessage'],
  async (aws: Aws, queueUrl: string, hiddenSeconds: number): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: hiddenSeconds,
      // Without waiting only some of SQS's servers are asked, and the answer may be empty though there are messages.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (await aws.send(SQSClient, command)).Messages ?? [];
  },
);

/** Shows messages to other readers again, at once. One that was deleted meanwhile is no matter. */
export const releaseLetters = verb(
  ['sqs:ChangeMessageVisibility'],
  async (aws: Aws, queueUrl: string, receipts: readonly string[]): Promise<void> => {
    for (const part of chunks(receipts, 10)) {
      const Entries = part.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await aws.send(SQSClient, new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  },
);

export const deleteLetter = verb(
  ['sqs:DeleteMessage'],
  async (aws: Aws, queueUrl: string, receipt: string): Promise<void> => {
    await aws.send(SQSClient, new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
  },
);

/** Puts a message back into a work queue, with how often that was done; once this returns, SQS holds it. */
export const sendAgain = verb(
  ['sqs:SendMessage'],
  async (aws: Aws, queueUrl: string, body: string, times: number): Promise<void> => {
    const MessageAttributes = { redriven: { DataType: 'Number', StringValue: String(times) } };
    await aws.send(
      SQSClient,
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes }),
    );
  },
);

/** Gives an event to a function as its sender did; once this returns, Lambda's own queue holds it. */
export const invokeAgain = verb(
  ['lambda:InvokeFunction'],
  async (aws: Aws, functionName: string, payload: string): Promise<void> => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: Buffer.from(payload),
    });
    const { StatusCode: status } = await aws.send(LambdaClient, command);
    if (status !== 202) throw new Error(`Lambda answered ${status} instead of 202`);
  },
);
