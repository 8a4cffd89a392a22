import { CreateTableCommand, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../shared/aws/journal-record.ts';
import { journalTable } from '../../../shared/aws/journal-table.ts';
import { type Intent, type Journal, type JournalOutcome, TakenOver } from '../../../shared/engine/journal.ts';
import { simulated } from './fixture.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1';
const AT = new Date('2026-11-02T08:00:00Z');
const later = (minutes: number): Date => new Date(AT.getTime() + minutes * 60_000);

const intent: Intent = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  id: 'intent-1',
  run: 'run-1',
  policy: 'revoke-open-ssh',
  resource: { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', arn: ARN, name: undefined },
  fingerprint: 'sgr-1,sgr-2',
  action: 'revoke-ingress',
  summary: 'Revoke tcp 22 from 0.0.0.0/0 (sgr-1)',
  parameters: { ruleIds: ['sgr-1', 'sgr-2'] },
  before: { rules: [{ id: 'sgr-1', description: 'quoted "text" and ünicode' }], __proto__: null },
  undo: 'Authorize it again',
  reasonCode: 'ssh-open-to-world',
  reason: 'SSH is open to the world',
  signalId: 'event-1',
  cause: { kind: 'api-call', name: 'AuthorizeSecurityGroupIngress' },
  actor: undefined,
  at: AT,
  leaseUntil: later(10),
};
const outcome: JournalOutcome = {
  result: 'done',
  code: 'done',
  reason: 'Revoked',
  after: { revoked: ['sgr-1'] },
  requestId: 'request-1',
  at: later(1),
};

let world: ReturnType<typeof simulated>;
let journal: Journal;
let now: Date;
beforeEach(async () => {
  world = simulated();
  now = AT;
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  const index = (IndexName: string, hash: string, range = 'at') => ({
    IndexName,
    KeySchema: [key(hash, 'HASH'), key(range, 'RANGE')],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  await world.aws.send(
    DynamoDBClient,
    new CreateTableCommand({
      TableName: 'journal',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'run', 'day', 'at', 'open', 'lease'].map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === 'lease' ? 'N' : 'S',
      })),
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      GlobalSecondaryIndexes: [
        index('by-run', 'run'),
        index('by-day', 'day'),
        index('by-open', 'open', 'lease'),
      ],
    }),
  );
  journal = journalTable(world.aws, { name: 'journal', keepDays: 400 }, world.time);
});

const since = new Date(0);

it('B6.16 keeps everything about a change from the intent on, and its outcome after', async () => {
  expect(await journal.begin(intent)).toBe('begun');
  expect(await journal.recent(ARN, since)).toEqual([{ ...intent, outcome: undefined }]);

  await journal.finish(intent, outcome);

  expect(await journal.recent(ARN, since)).toEqual([{ ...intent, outcome }]);
});

describe('B5.15 B5.16 B6.17 the same change', () => {
  const again: Intent = { ...intent, id: 'intent-2', run: 'run-2', at: later(5), leaseUntil: later(15) };

  it('is not begun twice while its lease holds', async () => {
    await journal.begin(intent);

    expect(await journal.begin(again)).toBe('in-progress');
    expect(await journal.recent(ARN, since)).toEqual([{ ...intent, outcome: undefined }]);
  });

  it('is not begun again once it is done', async () => {
    await journal.begin(intent);
    await journal.finish(intent, outcome);

    expect(await journal.begin({ ...again, at: later(60 * 24) })).toBe('already-done');
  });

  it('is begun again when nothing was done the first time, because nothing was left to do', async () => {
    await journal.begin(intent);
    await journal.finish(intent, { ...outcome, result: 'gone' });

    expect(await journal.begin(again)).toBe('begun');
  });

  it('is taken over once the lease has ended, and not a moment before', async () => {
    await journal.begin(intent);

    expect(await journal.begin({ ...again, at: new Date(later(10).getTime() - 1) })).toBe('in-progress');
    expect(await journal.begin({ ...again, at: later(10), leaseUntil: later(20) })).toBe('begun');
    await expect(journal.finish(intent, outcome)).rejects.toThrow(TakenOver);
  });

  it('is taken over when it had failed, and the failed attempt is remembered', async () => {
    await journal.begin(intent);
    await journal.finish(intent, { ...outcome, result: 'failed', code: 'RequestLimitExceeded' });

    expect(await journal.begin(again)).toBe('begun');

    const [entry] = await journal.recent(ARN, since);
    expect(entry).toMatchObject({ id: 'intent-2', outcome: undefined });
    const command = new GetItemCommand({ TableName: 'journal', Key: { ...keyOf(intent) } });
    const { Item } = await world.aws.send(DynamoDBClient, command);
    expect(JSON.parse(Item?.earlier?.L?.[0]?.S ?? '')).toMatchObject({
      id: 'intent-1',
      result: 'failed',
      code: 'RequestLimitExceeded',
    });
  });

  it('is begun by exactly one of many that come at once', async () => {
    const rivals = Array.from({ length: 8 }, (_, n) => journal.begin({ ...intent, id: `rival-${n}` }));

    const answers = await Promise.all(rivals);

    expect(answers.filter((answer) => answer === 'begun')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'in-progress')).toHaveLength(7);
  });

  it('is another change for another policy, resource or fingerprint', async () => {
    await journal.begin(intent);
    const others: readonly Partial<Intent>[] = [
      { policy: 'other' },
      { fingerprint: 'sgr-3' },
      { resource: { ...intent.resource, arn: `${ARN}0` } },
    ];
    for (const [n, other] of others.entries()) {
      expect(await journal.begin({ ...intent, id: `other-${n}`, ...other })).toBe('begun');
    }
  });
});

it('B6.17 an outcome is written once: the same again is fine, another is refused', async () => {
  await journal.begin(intent);
  await journal.finish(intent, outcome);
  await journal.finish(intent, outcome);

  await expect(journal.finish(intent, { ...outcome, result: 'failed' })).rejects.toThrow(TakenOver);
  expect(await journal.recent(ARN, since)).toMatchObject([{ outcome: { result: 'done' } }]);
});

it('knows its own intent when the answer to the write was lost', async () => {
  world.world.faults.add({ operation: 'PutItem', kind: 'timeout-after', times: 1 });

  expect(await journal.begin(intent)).toBe('begun');
});

it('B6.16 throws when the intent cannot be written, so that nothing is done', async () => {
  world.world.faults.add({ service: 'dynamodb', operation: 'PutItem', kind: 'denied' });

  await expect(journal.begin(intent)).rejects.toMatchObject({ kind: 'denied' });
});

it('B6.16 throws before acting when the before-state is too large to keep, and keeps what is just small enough', async () => {
  const filled = (bytes: number): Intent => ({
    ...intent,
    id: `id-${bytes}`,
    fingerprint: `${bytes}`,
    before: 'x'.repeat(bytes),
  });

  await expect(journal.begin(filled(360_000))).rejects.toThrow('too large to journal');
  expect(await journal.begin(filled(345_000))).toBe('begun');
  await journal.finish(filled(345_000), outcome);
});

it('tells what was done to a resource since a time, newest first, over all pages', async () => {
  for (const n of [1, 2, 3, 4, 5]) {
    const big = { ...intent, id: `id-${n}`, fingerprint: `${n}`, at: later(n), before: 'x'.repeat(340_000) };
    await journal.begin(big);
  }

  const entries = await journal.recent(ARN, later(2));

  expect(entries.map(({ id }) => id)).toEqual(['id-5', 'id-4', 'id-3', 'id-2']);
  expect(await journal.recent(`${ARN}0`, since)).toEqual([]);
});

it('forgets after the days it was told, and finds changes by run and by day', async () => {
  await journal.begin(intent);
  const find = (IndexName: string, attribute: string, value: string) =>
    world.aws.send(
      DynamoDBClient,
      new QueryCommand({
        TableName: 'journal',
        IndexName,
        KeyConditionExpression: '#a = :v',
        ExpressionAttributeNames: { '#a': attribute },
        ExpressionAttributeValues: { ':v': { S: value } },
      }),
    );

  expect((await find('by-run', 'run', 'run-1')).Items).toMatchObject([{ pk: { S: ARN } }]);
  expect((await find('by-day', 'day', '2026-11-02')).Items).toMatchObject([{ pk: { S: ARN } }]);
  const command = new GetItemCommand({ TableName: 'journal', Key: { ...keyOf(intent) } });
  const { Item } = await world.aws.send(DynamoDBClient, command);
  expect(Item?.expires?.N).toBe(String(AT.getTime() / 1000 + 400 * 86_400));
});

describe('B5.17 what nobody knows the end of', () => {
  const other: Intent = { ...intent, id: 'intent-2', fingerprint: 'sgr-3', leaseUntil: later(5) };
  const ids = async (most = 100) => (await journal.open('revoke-open-ssh', now, most)).map(({ id }) => id);

  it('is found once its lease is over, the oldest first, until people were told', async () => {
    await journal.begin(intent);
    await journal.begin(other);
    await journal.begin({ ...intent, id: 'intent-3', policy: 'enforce-tags' });
    await journal.finish(other, outcome);
    now = new Date(later(5).getTime() - 1);
    expect(await ids()).toEqual([]);
    now = later(10);
    expect(await journal.open('revoke-open-ssh', now, 100)).toEqual([
      { ...other, outcome },
      { ...intent, outcome: undefined },
    ]);
    expect(await ids(1)).toEqual(['intent-2']);

    await journal.told([intent, other]);
    expect(await ids()).toEqual([]);
    expect(await journal.recent(ARN, since)).toHaveLength(3);
  });

  it('B6.19 is left alone while it is an undo that exempts, and open no more once its person heard the end', async () => {
    const undo: Intent = { ...intent, undoes: 'intent-0', exemptUntil: later(60) };
    await journal.begin(undo);
    await journal.begin({ ...other, undoes: 'intent-0', exemptUntil: later(60) });
    now = new Date(later(60).getTime() - 1);
    expect(await ids()).toEqual([]);
    await journal.finish(undo, outcome, 'told');
    now = later(60);
    expect(await ids()).toEqual(['intent-2']);
  });

  it('B5.17 is not hidden behind undos that wait for their person, however many broke off', async () => {
    for (const n of [1, 2, 3, 4])
      await journal.begin({
        ...other,
        id: `undo-${n}`,
        fingerprint: `undo ${n}`,
        undoes: `${n}`,
        leaseUntil: later(n),
        exemptUntil: later(60 + n),
      });
    await journal.begin(intent);
    now = later(10);
    expect(await ids(3)).toEqual(['intent-1']);
    now = later(62);
    expect(await ids()).toEqual(['intent-1', 'undo-1', 'undo-2']);
    expect(await ids(2)).toEqual(['intent-1', 'undo-1']);
  });

  it('is taken in hand by one of many, for a while', async () => {
    await journal.begin(intent);
    now = later(11);
    const [entry] = await journal.open('revoke-open-ssh', now, 100);
    if (entry === undefined) throw new Error('nothing is open');
    const claims = await Promise.all([1, 2, 3, 4].map((n) => journal.claim(entry, later(20 + n))));
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    expect(await ids()).toEqual([]);
    // Nor may anybody act on it meanwhile.
    expect(await journal.begin({ ...intent, id: 'rival', at: later(12) })).toBe('in-progress');
    now = later(25);
    expect(await ids()).toEqual(['intent-1']);
  });

  it('is taken in hand also where the answer to that was lost, and then by nobody else', async () => {
    await journal.begin(intent);
    now = later(11);
    const [entry] = await journal.open('revoke-open-ssh', now, 100);
    if (entry === undefined) throw new Error('nothing is open');
    world.world.faults.add({ operation: 'UpdateItem', kind: 'timeout-after', times: 1 });

    expect(await journal.claim(entry, later(20))).toBe(true);
    expect(await journal.claim(entry, later(20))).toBe(false);
  });

  it('is left to the run that has taken it over since', async () => {
    await journal.begin(intent);
    await journal.begin(other);
    now = later(11);
    const [, entry] = await journal.open('revoke-open-ssh', now, 100);
    if (entry === undefined) throw new Error('nothing is open');
    await journal.begin({ ...intent, id: 'taker', at: now, leaseUntil: later(12) });

    expect(await journal.claim(entry, later(20))).toBe(false);
    await journal.told([intent, other]);
    now = later(30);
    expect(await ids()).toEqual(['taker']);
    await journal.told([intent]);
    expect(await ids()).toEqual(['taker']);
  });

  it('B5.16 is not taken over by a run that read it before it was taken in hand', async () => {
    await journal.begin(intent);
    now = later(11);
    const [entry] = await journal.open('revoke-open-ssh', now, 100);
    if (entry === undefined) throw new Error('nothing is open');
    // Between the rival's reading and its writing.
    world.world.faults.add({
      operation: 'PutItem',
      kind: 'run',
      times: 1,
      when: (input) => JSON.stringify(input).includes(':lease'),
      effect: async () => {
        expect(await journal.claim(entry, later(20))).toBe(true);
      },
    });
    expect(await journal.begin({ ...intent, id: 'rival', at: now, leaseUntil: later(15) })).toBe(
      'in-progress',
    );
    await journal.finish(entry, outcome);
  });
});
