import type * as sns from '@aws-sdk/client-sns';
import type { Message } from './message.ts';
import type { Subscription, Topic } from './state.ts';

/** A published message on its way to one subscriber after the other. */
export interface Notification {
  readonly topic: Topic;
  readonly message: Message;
  readonly messageId: string;
  readonly publishedAt: Date;
}

/** The text that this protocol gets. */
export function textFor({ message }: Notification, protocol: string): string {
  return message.texts.get(protocol) ?? message.texts.get('default') ?? '';
}

/** The JSON document around a message in queues and web hooks (SNS Developer Guide, "Parsing message formats"). */
export function envelope(notification: Notification, subscription: Subscription): Record<string, unknown> {
  const { topic, message, messageId, publishedAt } = notification;
  const attributes = described(message.attributes);
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic.arn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: textFor(notification, subscription.protocol),
    Timestamp: publishedAt.toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `${endpointOf(topic)}/SimpleNotificationService-0000000000000000000000.pem`,
    UnsubscribeURL: `${endpointOf(topic)}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  };
}

/** The event of a Lambda function that is subscribed: other letters in two names, and every member always there. */
export function lambdaEvent(notification: Notification, subscription: Subscription): object {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(notification, subscription);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Subject: null,
          MessageAttributes: {},
          ...rest,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: UnsubscribeURL,
        },
      },
    ],
  };
}

function described(attributes: Readonly<Record<string, sns.MessageAttributeValue>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
      const value = BinaryValue ? Buffer.from(BinaryValue).toString('base64') : StringValue;
      return [name, { Type: DataType, Value: value }];
    }),
  );
}

function endpointOf({ arn }: Topic): string {
  const [, partition, , region] = arn.split(':');
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}
