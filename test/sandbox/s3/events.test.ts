import * as s3 from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { failDeletes } from '../../../sandbox/services/s3/seed.ts';
import { messagesIn } from '../../../sandbox/services/sqs/state.ts';
import { fill, openS3 } from './client.ts';

const Bucket = 'stale-logs';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:removed';
let sandbox: Sandbox;
let client: s3.S3Client;
let events: BusEvent[];
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
  events = [];
  sandbox.world.onEvent((event) => void events.push(event));
});

const configure = (NotificationConfiguration: s3.NotificationConfiguration) =>
  client.send(new s3.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));

describe('notifications', () => {
  const open = async (policy = true) => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: QUEUE,
          Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${Bucket}` } },
        },
      ],
    });
    const sqs = new SQSClient(sandbox.clientConfig());
    await sqs.send(
      new CreateQueueCommand({ QueueName: 'removed', ...(policy && { Attributes: { Policy } }) }),
    );
  };
  const bodies = () => messagesIn(sandbox.world, QUEUE).map(({ body }) => JSON.parse(body));

  it('B4.20 emptying a bucket tells the queue about every key that its filter lets through', async () => {
    await open();
    await fill(client, Bucket, ['a b/ü', 'c']);
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'a' }] } };
    await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'], Filter }] });
    const Objects = [{ Key: 'a b/ü' }, { Key: 'c' }];
    await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    await sandbox.world.clock.settle();

    const [test, ...records] = bodies();
    expect(test).toMatchObject({ Event: 's3:TestEvent', Bucket });
    expect(records).toMatchObject([
      {
        Records: [
          {
            eventVersion: '2.1',
            eventName: 'ObjectRemoved:Delete',
            s3: { bucket: { name: Bucket }, object: { key: 'a+b%2F%C3%BC' } },
          },
        ],
      },
    ]);
    const got = await client.send(new s3.GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(got.QueueConfigurations).toMatchObject([{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] }]);
  });

  it('B4.19 a configuration whose queue does not let S3 in is refused', async () => {
    await open(false);
    const call = configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] }] });
    await expect(call).rejects.toThrow('Unable to validate the following destination configurations');
  });

  it('topics are told as well, and a marker is an event of its own', async () => {
    const sns = new SNSClient(sandbox.clientConfig());
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'made' }));
    const refused = configure({ TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*'] }] });
    await expect(refused).rejects.toMatchObject({ name: 'InvalidArgument' });
    await configure({ EventBridgeConfiguration: {} });
    await client.send(
      new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await fill(client, Bucket, ['a']);
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'a' }));

    expect(
      events.filter(({ source, detail }) => source === 'aws.s3' && 'bucket' in Object(detail)),
    ).toMatchObject([
      {
        'detail-type': 'Object Created',
        detail: { bucket: { name: Bucket }, object: { key: 'a', size: 1 } },
      },
      { 'detail-type': 'Object Deleted', detail: { 'deletion-type': 'Delete Marker Created' } },
    ]);
  });
});

describe('CloudTrail', () => {
  const details = () => events.map(({ detail }) => detail);

  it('records changes of buckets with their own names and shapes, and no data events', async () => {
    await client.send(new s3.CreateBucketCommand({ Bucket: 'new-logs' }));
    await client.send(
      new s3.PutPublicAccessBlockCommand({
        Bucket: 'new-logs',
        PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      }),
    );
    await fill(client, Bucket, ['a']);
    await client.send(new s3.GetBucketVersioningCommand({ Bucket }));
    await client.send(new s3.DeleteBucketCommand({ Bucket: 'new-logs' }));
    await expect(client.send(new s3.DeleteBucketCommand({ Bucket }))).rejects.toBeDefined();

    const common = { eventSource: 's3.amazonaws.com', responseElements: null };
    expect(details()).toMatchObject([
      {
        ...common,
        eventName: 'CreateBucket',
        requestParameters: {
          bucketName: 'new-logs',
          Host: 's3.eu-west-1.amazonaws.com',
          CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
        },
      },
      {
        ...common,
        eventName: 'PutBucketPublicAccessBlock',
        requestParameters: {
          bucketName: 'new-logs',
          publicAccessBlock: '',
          PublicAccessBlockConfiguration: { BlockPublicAcls: true },
        },
      },
      { ...common, eventName: 'DeleteBucket', requestParameters: { bucketName: 'new-logs' } },
      { ...common, eventName: 'DeleteBucket', errorCode: 'BucketNotEmpty' },
    ]);
    expect(events[0]).toMatchObject({ source: 'aws.s3', 'detail-type': 'AWS API Call via CloudTrail' });
  });
});

it('B4.34 keys can be made to fail within a batch, a number of times', async () => {
  await fill(client, Bucket, ['a', 'b']);
  failDeletes(sandbox.world, Bucket, { fails: (key) => key === 'a', code: 'InternalError', times: 1 });
  const remove = () =>
    client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } }));

  expect(await remove()).toMatchObject({
    Deleted: [{ Key: 'b' }],
    Errors: [{ Key: 'a', Code: 'InternalError' }],
  });
  expect((await remove()).Errors).toBeUndefined();
});
