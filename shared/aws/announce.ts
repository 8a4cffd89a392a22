import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Aws, verb } from './access.ts';

/** One message of a run. Sizes and characters are already within what SNS takes (shared/notify). */
export interface Announcement {
  readonly subject: string;
  /** The body, for people. */
  readonly text: string;
  /** For machines: arrives as the message attribute `findings`, which e-mail leaves out. */
  readonly json: string;
  /** Subscriptions filter by these, e.g. `{ policy: 'revoke-open-ssh', state: 'partial' }`. */
  readonly attributes: { readonly [name: string]: string };
}

/** Publishes a digest to a topic and gives the message's id. */
export const announce = verb(
  ['sns:Publish'],
  async (aws: Aws, topicArn: string, announcement: Announcement): Promise<string | undefined> => {
    const { subject, text, json, attributes } = announcement;
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: text,
      MessageAttributes: Object.fromEntries(
        Object.entries({ ...attributes, findings: json }).map(([name, value]) => [
          name,
          { DataType: 'String', StringValue: value },
        ]),
      ),
    });
    return (await aws.send(SNSClient, command)).MessageId;
  },
);
