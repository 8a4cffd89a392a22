import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Aws, verb } from './access.ts';

/** One message of a run. Sizes and characters are already within what SNS takes (shared/notify). */
export interface Digest {
  readonly subject: string;
  /** For people. */
  readonly text: string;
  /** For machines: what SQS, Lambda and HTTPS subscribers get instead of the text. Undefined: the text as well. */
  readonly json: string | undefined;
  /** Subscriptions filter by these, e.g. `{ policy: 'revoke-open-ssh', severity: 'critical' }`. */
  readonly attributes: { readonly [name: string]: string };
}

/** Publishes a digest to a topic and gives the message's id. */
export const announce = verb(
  ['sns:Publish'],
  async (aws: Aws, topicArn: string, digest: Digest): Promise<string | undefined> => {
    const { subject, text, json, attributes } = digest;
    const byProtocol =
      json === undefined
        ? { Message: text }
        : {
            Message: JSON.stringify({ default: text, sqs: json, lambda: json, https: json }),
            MessageStructure: 'json',
          };
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      ...byProtocol,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    });
    return (await aws.send(SNSClient, command)).MessageId;
  },
);
