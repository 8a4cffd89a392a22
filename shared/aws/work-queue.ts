import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Aws, verb } from './access.ts';

/** SQS holds a message back for a quarter of an hour at most. */
const LONGEST_DELAY_SECONDS = 900;

/** Hands work to a later invocation: a message to our own queue, readable after the delay. */
export const postponeWork = verb(
  ['sqs:SendMessage'],
  async (aws: Aws, queueUrl: string, body: string, delaySeconds: number): Promise<void> => {
    const delay = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)));
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delay });
    await aws.send(SQSClient, command);
  },
);
