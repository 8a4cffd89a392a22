import * as sns from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { inboxOf } from '../../sandbox/services/sns/state.ts';
import { messagesIn } from '../../sandbox/services/sqs/state.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:alerts';

let sandbox: Sandbox;
let client: sns.SNSClient;
let TopicArn: string;
beforeEach(async () => {
  sandbox = createSandbox();
  client = new sns.SNSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  TopicArn = (await client.send(new sns.CreateTopicCommand({ Name: 'findings' }))).TopicArn ?? '';
});

const publish = (Message: string, more: Partial<sns.PublishCommandInput> = {}) =>
  client.send(new sns.PublishCommand({ TopicArn, Message, ...more }));
const subscribe = (Protocol: string, Endpoint: string, Attributes?: Record<string, string>) =>
  client.send(new sns.SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));

async function queueFor(sourceArn: string): Promise<void> {
  const sqs = new SQSClient(sandbox.clientConfig());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
    },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}
const bodies = () => messagesIn(sandbox.world, QUEUE).map(({ body }) => body);

describe('topics', () => {
  it('a topic is made once, read back, tagged and deleted', async () => {
    expect(TopicArn).toBe('arn:aws:sns:eu-west-1:111122223333:findings');
    await client.send(new sns.CreateTopicCommand({ Name: 'findings' }));
    expect((await client.send(new sns.ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    const set = { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Reeve' };
    await client.send(new sns.SetTopicAttributesCommand(set));
    const { Attributes } = await client.send(new sns.GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, Owner: '111122223333', DisplayName: 'Reeve' });
    await client.send(
      new sns.TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    const { Tags } = await client.send(new sns.ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    await client.send(new sns.DeleteTopicCommand({ TopicArn }));
    await expect(publish('x')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
  });

  it.each([
    ['a FIFO topic', () => client.send(new sns.CreateTopicCommand({ Name: 'a.fifo' })), /FIFO topics/],
    ['a name with a blank', () => client.send(new sns.CreateTopicCommand({ Name: 'a b' })), /Topic Name/],
    [
      'a policy that is none',
      () =>
        client.send(
          new sns.SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: '{}' }),
        ),
      /Policy Error/,
    ],
    ['a filter policy', () => subscribe('email', 'a@example.com', { FilterPolicy: '{}' }), /filter policies/],
    ['an unknown protocol', () => subscribe('pigeon', 'roof'), /protocol string: pigeon/],
  ])('%s is refused by name', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });
});

describe('what Publish accepts', () => {
  it.each<[string, Partial<sns.PublishCommandInput>, boolean]>([
    ['B5.36 a subject of 99 characters', { Subject: 'x'.repeat(99) }, true],
    ['B5.36 a subject of 100 characters', { Subject: 'x'.repeat(100) }, false],
    ['B5.36 an empty subject', { Subject: '' }, false],
    ['B5.36 a subject of two lines', { Subject: 'a\nb' }, false],
    ['B5.36 a subject with a control character', { Subject: 'a\u0007' }, false],
    ['B5.36 a subject that is not ASCII', { Subject: 'Grüße' }, false],
    ['B5.36 a subject that begins with a blank', { Subject: ' x' }, false],
    ['B5.35 262,144 bytes', { Message: 'x'.repeat(262_144) }, true],
    ['B5.35 one byte more', { Message: 'x'.repeat(262_145) }, false],
    ['B5.35 bytes, not characters', { Message: 'ö'.repeat(131_073) }, false],
    [
      'B5.35 attributes that make it too long',
      {
        Message: 'x'.repeat(262_130),
        MessageAttributes: { policy: { DataType: 'String', StringValue: 'abc' } },
      },
      false,
    ],
    [
      'B5.35 attributes that just fit',
      {
        Message: 'x'.repeat(262_129),
        MessageAttributes: { policy: { DataType: 'String', StringValue: 'abc' } },
      },
      true,
    ],
    ['an empty message', { Message: '' }, false],
    ['an empty attribute', { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }, false],
    ['an attribute of no type', { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } }, false],
    ['a JSON structure without default', { MessageStructure: 'json', Message: '{"sqs":"a"}' }, false],
    ['a JSON structure that is none', { MessageStructure: 'json', Message: 'plain' }, false],
    ['a topic of another region', { TopicArn: 'arn:aws:sns:us-east-1:111122223333:findings' }, false],
  ])('%s', async (_, input, accepted) => {
    const sent = publish('x', input);
    if (accepted) expect((await sent).MessageId).toMatch(/^[0-9a-f-]{36}$/);
    else
      await expect(sent).rejects.toMatchObject({
        name: expect.stringMatching(/^InvalidParameter(Value)?Exception$/),
      });
  });

  it('a batch answers for each entry', async () => {
    const PublishBatchRequestEntries = [
      { Id: 'good', Message: 'a' },
      { Id: 'bad', Message: 'b', Subject: 'x\n' },
    ];
    const answer = await client.send(new sns.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    expect(answer.Successful).toMatchObject([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }]);
  });
});

describe('deliveries', () => {
  it('people read the plain text and the subject', async () => {
    const { SubscriptionArn } = await subscribe('email', 'ops@example.com');
    expect(SubscriptionArn).toBe('pending confirmation');
    await publish('{"default":"short","email":"long","sqs":"machine"}', {
      MessageStructure: 'json',
      Subject: 'Hi',
    });
    expect(inboxOf(sandbox.world, TopicArn)).toMatchObject([
      { protocol: 'email', endpoint: 'ops@example.com', subject: 'Hi', message: 'long' },
    ]);
    const { Subscriptions } = await client.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }));
    const arn = Subscriptions?.[0]?.SubscriptionArn;
    await client.send(new sns.UnsubscribeCommand({ SubscriptionArn: arn }));
    await publish('again');
    expect(inboxOf(sandbox.world, TopicArn)).toHaveLength(1);
  });

  it('a queue gets the documented envelope', async () => {
    await queueFor(TopicArn);
    await subscribe('sqs', QUEUE);
    const MessageAttributes = { policy: { DataType: 'String', StringValue: 'revoke-open-ssh' } };
    const { MessageId } = await publish('text', { Subject: 'Hi', MessageAttributes });
    expect(JSON.parse(bodies()[0] ?? '')).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'Hi',
      Message: 'text',
      Timestamp: '2026-11-02T08:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//),
      UnsubscribeURL: expect.stringMatching(/Action=Unsubscribe/),
      MessageAttributes: { policy: { Type: 'String', Value: 'revoke-open-ssh' } },
    });
  });

  it('B5.6 raw delivery brings the bare text and the attributes of the queue', async () => {
    await queueFor(TopicArn);
    await subscribe('sqs', QUEUE, { RawMessageDelivery: 'true' });
    await publish('text', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
    expect(messagesIn(sandbox.world, QUEUE)).toMatchObject([
      { body: 'text', attributes: { a: { DataType: 'String', StringValue: 'b' } } },
    ]);
  });

  it("B6.13 a queue whose policy names another topic gets nothing, and the publisher isn't told", async () => {
    await queueFor('arn:aws:sns:eu-west-1:111122223333:another');
    await subscribe('sqs', QUEUE);
    await publish('text');
    expect(bodies()).toEqual([]);
    expect(inboxOf(sandbox.world, TopicArn)).toMatchObject([{ protocol: 'sqs', error: 'AccessDenied' }]);
  });

  it('B5.5 a function is invoked with the documented event', async () => {
    const payloads: unknown[] = [];
    const isInvoke = (input: unknown) => {
      const { Payload } = input as { Payload: Uint8Array };
      return payloads.push(JSON.parse(Buffer.from(Payload).toString())) > 0;
    };
    sandbox.world.faults.add({
      service: 'lambda',
      operation: 'Invoke',
      when: isInvoke,
      kind: 'error',
      status: 403,
    });
    await subscribe('lambda', 'arn:aws:lambda:eu-west-1:111122223333:function:sweep');
    const { MessageId } = await publish('text');
    expect(payloads).toEqual([
      {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: expect.stringMatching(`^${TopicArn}:`),
            Sns: expect.objectContaining({
              Type: 'Notification',
              MessageId,
              TopicArn,
              Subject: null,
              Message: 'text',
              MessageAttributes: {},
              SigningCertUrl: expect.any(String),
              UnsubscribeUrl: expect.any(String),
            }),
          },
        ],
      },
    ]);
    expect(inboxOf(sandbox.world, TopicArn)).toMatchObject([{ protocol: 'lambda', error: 'InternalError' }]);
  });

  it('a message that is given up goes to the dead-letter queue of the subscription', async () => {
    await queueFor(TopicArn);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QUEUE });
    await subscribe('sqs', `${QUEUE}-gone`, { RedrivePolicy });
    await publish('text');
    expect(bodies().map((body) => JSON.parse(body).Message)).toEqual(['text']);
  });

  it('a queue that fails for a while gets the message later', async () => {
    await queueFor(TopicArn);
    await subscribe('sqs', QUEUE);
    const fault = {
      service: 'sqs',
      operation: 'SendMessage',
      kind: 'error',
      status: 503,
      code: 'ServiceUnavailable',
    } as const;
    sandbox.world.faults.add({ ...fault, times: 4 });
    await publish('text');
    await sandbox.world.clock.settle();
    expect(bodies()).toEqual([]);
    await sandbox.world.clock.advance(1000);
    expect(bodies()).toHaveLength(1);
  });
});

it('a user without the permission is told in words of SNS', async () => {
  const scp = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'sns:Publish', Resource: '*' } };
  sandbox.world.accounts.get('111122223333')?.scps.push(JSON.stringify(scp));
  await expect(publish('x')).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(
      `is not authorized to perform: SNS:Publish on resource: ${TopicArn} with an explicit`,
    ),
    $metadata: { httpStatusCode: 403 },
  });
});
