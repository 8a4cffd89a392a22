import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { announce } from '../../../shared/aws/announce.ts';
import { readKillSwitch } from '../../../shared/aws/kill-switch.ts';
import { postponeWork } from '../../../shared/aws/work-queue.ts';
import { simulated } from './fixture.ts';

const NAME = '/reeve/kill-switch';

it.each([
  ['off', 'off'],
  [' off\n', 'off'],
  ['on', 'on'],
  ['OFF', 'on'],
  ['false', 'on'],
  ['anything', 'on'],
] as const)('B6.2 the kill switch at %j is %s', async (value, expected) => {
  const { aws } = simulated();
  await aws.send(SSMClient, new PutParameterCommand({ Name: NAME, Value: value, Type: 'String' }));

  expect(await readKillSwitch(aws, NAME)).toBe(expected);
});

it('B6.2 a kill switch that does not exist is missing, one that cannot be read throws', async () => {
  const { aws, world } = simulated();

  expect(await readKillSwitch(aws, NAME)).toBe('missing');
  world.faults.add({ service: 'ssm', kind: 'denied' });
  await expect(readKillSwitch(aws, NAME)).rejects.toMatchObject({ kind: 'denied' });
});

const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
});

async function queueIn({ aws }: ReturnType<typeof simulated>, name: string) {
  const { QueueUrl = '' } = await aws.send(
    SQSClient,
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: OPEN } }),
  );
  const receive = async () => {
    const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] });
    return (await aws.send(SQSClient, command)).Messages ?? [];
  };
  return { url: QueueUrl, receive };
}

it('B5.19 postponed work comes back after its delay, at most a quarter of an hour later', async () => {
  const base = simulated();
  const queue = await queueIn(base, 'work');
  await postponeWork(base.aws, queue.url, 'later', 10_000);
  await postponeWork(base.aws, queue.url, 'now', -5);

  expect((await queue.receive()).map(({ Body }) => Body)).toEqual(['now']);
  await base.world.clock.advance(901_000);
  expect((await queue.receive()).map(({ Body }) => Body)).toContain('later');
});

it('B5.36 a digest reaches subscribers with its subject, text, attributes and findings', async () => {
  const base = simulated();
  const queue = await queueIn(base, 'inbox');
  const { TopicArn = '' } = await base.aws.send(SNSClient, new CreateTopicCommand({ Name: 'topic' }));
  const Endpoint = 'arn:aws:sqs:eu-west-1:111122223333:inbox';
  await base.aws.send(SNSClient, new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  const digest = { subject: 'Closed', text: 'ünïcode\ntext', json: '[{"verdict":"violation"}]' };

  const id = await announce(base.aws, TopicArn, { ...digest, attributes: { policy: 'revoke-open-ssh' } });

  await base.world.clock.settle();
  const [message] = await queue.receive();
  expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
    MessageId: id,
    Subject: 'Closed',
    Message: 'ünïcode\ntext',
    MessageAttributes: { policy: { Value: 'revoke-open-ssh' }, findings: { Value: digest.json } },
  });
});

it('B5.37 a topic that is gone is an error of its own kind', async () => {
  const { aws } = simulated();
  const topic = 'arn:aws:sns:eu-west-1:111122223333:gone';

  await expect(
    announce(aws, topic, { subject: 's', text: 't', json: '[]', attributes: {} }),
  ).rejects.toMatchObject({ kind: 'gone', action: 'Publish' });
});
