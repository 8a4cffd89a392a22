import * as sqs from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { messagesIn } from '../../sandbox/services/sqs/state.ts';

const ARN = 'arn:aws:sqs:eu-west-1:111122223333';
const MINUTE = 60_000;

let sandbox: Sandbox;
let client: sqs.SQSClient;
let QueueUrl: string;
beforeEach(async () => {
  sandbox = createSandbox();
  client = new sqs.SQSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  QueueUrl = await create('jobs');
});

const create = async (QueueName: string, Attributes?: Record<string, string>) =>
  (await client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
const send = (MessageBody: string, more: Partial<sqs.SendMessageCommandInput> = {}) =>
  client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (more: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
  (await client.send(new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more })))
    .Messages ?? [];
const attributes = async (url = QueueUrl) =>
  (await client.send(new sqs.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })))
    .Attributes;
const turn = (ms: number) => sandbox.world.clock.advance(ms);

describe('queues', () => {
  it('a queue has the URL, the ARN and the defaults of AWS', async () => {
    expect(QueueUrl).toBe('https://sqs.eu-west-1.amazonaws.com/111122223333/jobs');
    expect(await attributes()).toMatchObject({
      QueueArn: `${ARN}:jobs`,
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '345600',
      ApproximateNumberOfMessages: '0',
    });
    expect((await client.send(new sqs.GetQueueUrlCommand({ QueueName: 'jobs' }))).QueueUrl).toBe(QueueUrl);
    expect((await client.send(new sqs.ListQueuesCommand({ QueueNamePrefix: 'jo' }))).QueueUrls).toEqual([
      QueueUrl,
    ]);
  });

  it('over HTTP its URL leads back to the sandbox, and either form names the queue', async () => {
    const { endpoint } = await sandbox.listen();
    try {
      const served = new sqs.SQSClient({ ...sandbox.clientConfig(), endpoint, maxAttempts: 1 });
      const answer = await served.send(new sqs.GetQueueUrlCommand({ QueueName: 'jobs' }));
      expect(answer.QueueUrl).toBe(`${endpoint}/111122223333/jobs`);
      await send('x', { QueueUrl: answer.QueueUrl });
      expect(await receive()).toHaveLength(1);
    } finally {
      await sandbox.close();
    }
  });

  it('making it again answers the same queue, unless an attribute differs', async () => {
    expect(await create('jobs', { VisibilityTimeout: '30' })).toBe(QueueUrl);
    await expect(create('jobs', { VisibilityTimeout: '31' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
  });

  it.each([
    ['an attribute out of range', 'VisibilityTimeout', '43201', 'InvalidAttributeValue'],
    ['an attribute that does not exist', 'Colour', 'blue', 'InvalidAttributeName'],
    ['a policy that is none', 'Policy', '{}', 'InvalidAttributeValue'],
    ['a redrive policy that is none', 'RedrivePolicy', '{"maxReceiveCount":0}', 'InvalidParameterValue'],
    ['FIFO', 'FifoQueue', 'true', 'NotImplemented'],
  ])('%s is refused', async (_, attribute, value, name) => {
    await expect(create('other', { [attribute]: value })).rejects.toMatchObject({ name });
  });

  it('the name of a deleted queue rests for 60 seconds', async () => {
    await client.send(new sqs.DeleteQueueCommand({ QueueUrl }));
    await expect(send('x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(create('jobs')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
    await turn(MINUTE);
    expect(await create('jobs')).toBe(QueueUrl);
  });
});

describe('messages', () => {
  it('a message comes back with its attributes, and the client agrees with the digests', async () => {
    const MessageAttributes = {
      policy: { DataType: 'String', StringValue: 'revoke-open-ssh' },
      size: { DataType: 'Number', StringValue: '3' },
      raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
    };
    await send('hello ö', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message?.Body).toBe('hello ö');
    expect(message?.MessageAttributes?.policy?.StringValue).toBe('revoke-open-ssh');
    expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(['policy', 'raw', 'size']);
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(sandbox.world.clock.now()),
    });
  });

  it('a received message hides until its time is over or it is deleted', async () => {
    await send('x');
    const [first] = await receive();
    expect(await receive()).toEqual([]);
    expect(await attributes()).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await turn(30_000);
    const [second] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    const ReceiptHandle = first?.ReceiptHandle;
    await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(messagesIn(sandbox.world, `${ARN}:jobs`)).toHaveLength(1);
    await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(messagesIn(sandbox.world, `${ARN}:jobs`)).toEqual([]);
  });

  it('its time can be shortened and lengthened while it is in flight', async () => {
    await send('x');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      client.send(
        new sqs.ChangeMessageVisibilityCommand({
          QueueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(120);
    await turn(119_000);
    expect(await receive()).toEqual([]);
    await change(0);
    await expect(change(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await receive()).toHaveLength(1);
  });

  it('a delayed message comes later, an old one never', async () => {
    await send('later', { DelaySeconds: 10 });
    expect(await receive()).toEqual([]);
    await turn(10_000);
    expect(await receive()).toHaveLength(1);
    await turn(345_600_000);
    expect(await receive()).toEqual([]);
  });

  it('what was received too often goes to the dead-letter queue', async () => {
    const dead = await create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 2 });
    await client.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
    const { MessageId } = await send('poison');
    for (const _ of [1, 2]) {
      expect(await receive()).toHaveLength(1);
      await turn(30_000);
    }
    expect(await receive()).toEqual([]);
    const [message] = await receive({ QueueUrl: dead, MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId,
      Body: 'poison',
      Attributes: { DeadLetterQueueSourceArn: `${ARN}:jobs` },
    });
  });

  it('a batch answers for each entry', async () => {
    const Entries = [
      { Id: 'good', MessageBody: 'a' },
      { Id: 'bad', MessageBody: '\u0000' },
    ];
    const answer = await client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toMatchObject([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
    const received = await receive();
    const handles = received.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new sqs.DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    expect(messagesIn(sandbox.world, `${ARN}:jobs`)).toEqual([]);
    const twice = [...Entries, { Id: 'good', MessageBody: 'b' }];
    await expect(
      client.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries: twice })),
    ).rejects.toMatchObject({
      name: 'BatchEntryIdsNotDistinct',
    });
  });

  it.each([
    ['an empty message', () => send(''), 'MissingParameter'],
    ['one byte too many', () => send('x'.repeat(1_048_577)), 'InvalidParameterValue'],
    ['eleven at once', () => receive({ MaxNumberOfMessages: 11 }), 'InvalidParameterValue'],
    ['a queue that is not there', () => receive({ QueueUrl: `${QueueUrl}-gone` }), 'QueueDoesNotExist'],
  ])('%s is refused', async (_, act, name) => {
    await expect(act()).rejects.toMatchObject({ name });
  });

  it('the largest message passes', async () => {
    await send('x'.repeat(1_048_576));
    expect(await receive()).toHaveLength(1);
  });

  it('a purge empties the queue, once a minute', async () => {
    await send('x');
    await client.send(new sqs.PurgeQueueCommand({ QueueUrl }));
    expect(await receive()).toEqual([]);
    await expect(client.send(new sqs.PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
    });
  });
});
