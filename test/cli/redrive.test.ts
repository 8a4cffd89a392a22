import { globSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLetter, textToSend } from '../../cli/redrive/letter.ts';
import { cellsIn } from '../../cli/render/wrap.ts';
import { logsOf } from '../../sandbox/lambda/logs.ts';
import { messagesIn } from '../../sandbox/services/sqs/state.ts';
import { readEvent } from '../../shared/events/read.ts';
import { readUndoInput } from '../../shared/events/undo-input.ts';
import { bundle, type Workshop, workshop } from '../sandbox/lambda/fixture.ts';
import { pointAt, reeve } from './run.ts';

const NAME = 'reeve-main-revoke-open-ssh';
const MINUTE = 60_000;
const arnOf = (queue: string) => `arn:aws:sqs:eu-west-1:111122223333:${queue}`;

/** Fails by a bug that can be mended, and for ever on poison. */
const SOURCE = `
export const handler = async (event) => {
  const text = JSON.stringify(event);
  if (text.includes('poison')) throw new Error('this is \\u001b[31mpoison');
  if (text.includes('bug')) throw new Error('it is broken');
  console.log('GOT ' + text);
};`;

let shop: Workshop;
let leave: () => void;

beforeEach(async () => {
  shop = workshop();
  leave = await pointAt(shop.sandbox);
  await shop.call('sqs', 'CreateQueue', { QueueName: 'dead' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 2 });
  const { QueueUrl } = await shop.call('sqs', 'CreateQueue', {
    QueueName: 'work',
    Attributes: { RedrivePolicy },
  });
  const Variables = {
    REEVE_WORK_QUEUE_URL: String(QueueUrl),
    REEVE_STACK_ID: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/reeve-main/1',
  };
  await shop.make(NAME, SOURCE, { Environment: { Variables } });
  await shop.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: NAME,
    DestinationConfig: { OnFailure: { Destination: arnOf('dead') } },
  });
});
afterEach(async () => {
  leave();
  await shop.sandbox.close();
});

const dead = () => messagesIn(shop.sandbox.world, arnOf('dead')).map(({ body }) => body);
const got = () => logsOf(shop.sandbox.world, NAME).flatMap(({ text }) => /GOT (.*)/.exec(text)?.[1] ?? []);
const turn = (minutes: number) => shop.sandbox.world.clock.advance(minutes * MINUTE);
const redriveAt = (columns: number, ...more: string[]) =>
  reeve(['redrive', 'revoke-open-ssh', ...more], columns);
const redrive = (...more: string[]) => redriveAt(160, ...more);

async function send(event: object): Promise<void> {
  const Payload = Buffer.from(JSON.stringify(event));
  await shop.call('lambda', 'Invoke', { FunctionName: NAME, InvocationType: 'Event', Payload });
  await turn(4);
}

/** A letter as Lambda leaves it, without the failures before. */
async function lay(name: string): Promise<void> {
  const requestPayload = { 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.ec2', name };
  const requestContext = { condition: 'RetriesExhausted', approximateInvokeCount: 3 };
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead';
  const MessageBody = JSON.stringify({ requestContext, requestPayload });
  await shop.call('sqs', 'SendMessage', { QueueUrl, MessageBody });
}

it('B5.17 what a function could not handle is shown, given back, handled, and gone', async () => {
  await send({
    source: 'aws.ec2',
    'detail-type': 'x',
    detail: { eventName: 'AuthorizeSecurityGroupIngress' },
    a: 'bug',
  });
  const ZipFile = bundle({ 'index.mjs': SOURCE.replace("'bug'", "'no more bug'") });
  await shop.call('lambda', 'UpdateFunctionCode', { FunctionName: NAME, ZipFile });
  const looked = await redrive('--dry-run');

  expect(looked.code).toBe(1);
  expect(looked.out).toMatch(/revoke-open-ssh +20\d\d-\d\d-\d\d \d\d:\d\d +AuthorizeSecurityGroupIngress/);
  expect(looked.out).toContain('The function failed 3 times: it is broken');
  expect(looked.err).toContain('1 dead letter found.');
  for (const columns of [40, 80]) {
    const { out } = await redriveAt(columns, '--dry-run');
    expect(out.split('\n').filter((line) => cellsIn(line) > columns)).toEqual([]);
    expect(out.replace(/\s+/g, '')).toContain('AuthorizeSecurityGroupIngress');
  }
  expect(dead()).toHaveLength(1);

  const given = await redrive();
  expect([given.code, dead()]).toEqual([0, []]);
  expect(given.out).toContain(`${NAME} has it again.`);
  await turn(0);
  expect(got().map((text) => JSON.parse(text) as object)).toMatchObject([{ a: 'bug', 'reeve-redriven': 1 }]);
  expect((await redrive('--dry-run')).code).toBe(0);
});

it('what dies again is seen as such, each time once more, and never loops within one run', async () => {
  await send({ reeve: 'sweep', time: '2026-11-02T08:00:00Z', name: 'poison' });
  expect((await redrive()).code).toBe(0);
  await turn(4);

  const again = await redrive();
  expect(again.out).toContain('Died again: given back 1 time before.');
  expect(again.err).toContain('1 of them was given back before and died again');
  await turn(4);
  expect((await redrive('--dry-run')).out).toContain('given back 2 times');
  expect(JSON.parse(dead()[0] ?? '')).toMatchObject({
    requestPayload: { name: 'poison', 'reeve-redriven': 2 },
  });
});

it('a message of the work queue goes back into it as it was', async () => {
  const body = JSON.stringify({ reeve: 'continuation', version: 1, name: 'poison' });
  await shop.call('lambda', 'CreateEventSourceMapping', {
    EventSourceArn: arnOf('work'),
    FunctionName: NAME,
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/work';
  await shop.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body });
  await turn(3);
  expect(dead()).toEqual([body]);

  expect((await redrive()).code).toBe(0);
  expect(messagesIn(shop.sandbox.world, arnOf('work')).map((message) => message.body)).toEqual([body]);
  await turn(3);
  expect(dead()).toEqual([body]);
  expect((await redrive('--dry-run')).out).toContain('Died again: given back 1 time before.');
});

it('B5.17 an undo that a person asked for and the undo function could not handle is given back by its name', async () => {
  const asked = { undo: 'entry-1', by: 'ana, bug' };
  const { QueueUrl } = await shop.call('sqs', 'GetQueueUrl', { QueueName: 'work' });
  const Variables = {
    REEVE_WORK_QUEUE_URL: String(QueueUrl),
    REEVE_STACK_ID: 'arn:aws:cloudformation:x:1:stack/reeve-main/1',
  };
  await shop.make('reeve-main-undo', SOURCE.replace("'bug'", "'no more bug'"), {
    Environment: { Variables },
  });
  const requestContext = { condition: 'RetriesExhausted', approximateInvokeCount: 3 };
  await shop.call('sqs', 'SendMessage', {
    QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
    MessageBody: JSON.stringify({ requestContext, requestPayload: asked }),
  });
  const looked = await reeve(['redrive', 'undo', '--dry-run'], 160);
  expect(looked.out).toMatch(/^undo .*undo of entry-1, asked by ana/m);

  expect((await reeve(['redrive', 'undo'])).code).toBe(0);
  await turn(0);
  const [given = ''] = logsOf(shop.sandbox.world, 'reeve-main-undo').flatMap(
    ({ text }) => /GOT (.*)/.exec(text)?.[1] ?? [],
  );
  expect([readUndoInput(JSON.parse(given)), dead()]).toEqual([readUndoInput(asked), []]);
  expect(given).toContain('"reeve-redriven":1');
});

describe('nothing is lost', () => {
  beforeEach(async () => {
    for (const name of ['A', 'B', 'C']) await lay(name);
  });

  it('when Lambda takes none of it', async () => {
    shop.sandbox.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'denied' });
    const { code, out } = await redrive();
    expect([code, dead().length]).toEqual([3, 3]);
    expect(out).toContain('It stays where it is');
    shop.sandbox.world.faults.clear();
    expect((await redrive('--dry-run')).err).toContain('3 dead letters found');
  });

  it('when it cannot be taken out of the queue: it is given back once more the next time', async () => {
    shop.sandbox.world.faults.add({ service: 'sqs', operation: 'DeleteMessage', kind: 'denied' });
    const { code, err } = await redrive();
    expect([code, dead().length]).toEqual([3, 3]);
    expect(err).toContain('0 dead letters given back, 3 failed');
  });

  it('when the connection breaks after the first: the others show again once nobody holds them', async () => {
    shop.sandbox.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'denied', after: 1 });
    expect((await redrive()).code).toBe(3);
    expect(dead()).toHaveLength(2);
    shop.sandbox.world.faults.clear();
    expect((await redrive()).code).toBe(0);
    await turn(0);
    expect(got()).toHaveLength(3);
  });

  it('when only so many are asked for', async () => {
    const { code, err } = await redrive('--max', '2');
    expect([code, dead().length]).toEqual([1, 1]);
    expect(err).toContain('Ended after 2');
    expect((await redrive()).err).toContain('1 dead letter given back');
  });
});

it.each([
  { words: ['redrive'], line: /redrive takes policies, undo, or --all/ },
  { words: ['redrive', 'enforce-tags'], line: /enforce-tags is not deployed in 111122223333, eu-west-1/ },
  { words: ['redrive', 'revoke-open-ssh', '--stack', 'reeve-dev'], line: /is not deployed/ },
  { words: ['redrive', 'revoke-open-ssh', '--max', '0'], line: /expected a whole number from 1/ },
])('a mistake is one line and exit code 2: $words', async ({ words, line }) => {
  const { code, err } = await reeve(words);
  expect(code).toBe(2);
  expect(err.split('\n').at(-1)).toMatch(line);
});

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

it.each([
  {
    what: 'an event that a rule gave up',
    message: {
      Body: '{"detail-type":"Tag Change on Resource","source":"aws.tag","resources":["arn:a"]}',
      MessageAttributes: {
        ERROR_CODE: text('NO_PERMISSIONS'),
        ERROR_MESSAGE: text('not allowed'),
        RETRY_ATTEMPTS: text('0'),
      },
    },
    about: 'Tag Change on Resource on arn:a',
    why: 'It could not be delivered in 1 try: NO_PERMISSIONS, not allowed',
  },
  {
    what: 'an alarm by SNS',
    message: {
      Body: JSON.stringify({
        requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
        requestPayload: {
          Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"AlarmName":"reeve-idle"}' } }],
        },
      }),
    },
    about: 'reeve-idle, by a notification',
    why: 'It waited too long (0 tries).',
  },
  {
    what: 'no JSON',
    message: { Body: 'hello' },
    about: 'something that is no event',
    why: 'Nobody says why it is here.',
  },
  {
    what: 'a trap',
    message: { Body: '{"__proto__":{"reeve":"sweep"}}' },
    about: 'something that is no event',
    why: 'Nobody says why it is here.',
  },
  {
    what: 'a number',
    message: { Body: '7' },
    about: 'something that is no event',
    why: 'Nobody says why it is here.',
  },
])('reads $what', ({ message, about, why }) => {
  expect(readLetter(message)).toMatchObject({ about, why, times: 0 });
});

it('B6.22 what strangers wrote in a letter acts on no terminal', async () => {
  await send({ 'detail-type': 'poison \u001b]0;owned\u0007\u202e', source: 'aws.ec2', detail: {} });
  const { out } = await redrive('--dry-run');
  expect(out).toContain('this is poison');
  expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
});

it('an event means the same with the mark of having been given back', () => {
  const own = {
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    requestId: 'r',
    now: new Date(0),
  };
  for (const file of globSync('events/*.json')) {
    const event = JSON.parse(readFileSync(file, 'utf8')) as object;
    const marked: unknown = JSON.parse(textToSend(readLetter({ Body: JSON.stringify(event) })));
    expect(marked).toMatchObject({ 'reeve-redriven': 1 });
    expect(readEvent(marked, own, {})).toEqual(readEvent(event, own, {}));
  }
});

it('what is no object is given back unmarked', () => {
  const letter = readLetter({ Body: '[1]' });
  expect(textToSend(letter)).toBe('[1]');
});
