import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** A finding as Reeve's messages carry it for machines (docs/command-line.md). */
export type Told = z.infer<typeof finding>;

const finding = z.object({
  policy: z.string(),
  resource: z.string(),
  resourceName: z.string().nullable(),
  reasonCode: z.string(),
  reason: z.string(),
  remedy: z.object({ action: z.string(), summary: z.string() }).nullable(),
  monthlySaving: z.union([z.number(), z.literal('unknown')]).nullable(),
  outcome: z.object({ outcome: z.string(), code: z.string(), reason: z.string() }),
});

const envelope = z.object({ MessageAttributes: z.object({ findings: z.object({ Value: z.string() }) }) });

/** Subscribes a queue to Reeve's topic, as a company's own tooling would; each call answers what came since the last. */
export async function findingsQueue(
  sandbox: Sandbox,
  topicArn: string,
): Promise<() => Promise<readonly Told[]>> {
  const { endpoint } = await sandbox.listen();
  const config = { region: sandbox.region, endpoint, credentials: sandbox.credentials({ user: 'ops' }) };
  const [sqs, sns] = [new SQSClient(config), new SNSClient(config)];
  const arn = `arn:aws:sqs:${sandbox.region}:${sandbox.account}:reeve-findings`;
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
    Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'reeve-findings', Attributes: { Policy } }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arn }));

  return async () => {
    const told: Told[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return told;
      for (const { Body = '' } of Messages) {
        const { MessageAttributes: attributes } = envelope.parse(JSON.parse(Body));
        told.push(...z.array(finding).parse(JSON.parse(attributes.findings.Value)));
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
}
