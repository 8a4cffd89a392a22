import { setImmediate as immediate } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { createRandom } from '../../../sandbox/core/random.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { failureFrom } from '../../../shared/aws/error-kinds.ts';
import { journalTable } from '../../../shared/aws/journal-table.ts';
import type { Intent, Journal, Taking } from '../../../shared/engine/journal.ts';
import { HOME, withTable } from './fixture.ts';

const FROM = new Date('2026-11-02T08:00:00Z');
const UNTIL = new Date('2026-11-02T09:00:00Z');
const TABLE = { name: 'journal', keepDays: 400 };

let world: Awaited<ReturnType<typeof withTable>>;
let journal: Journal;
beforeEach(async () => {
  world = await withTable();
  journal = journalTable(world.aws, TABLE, world.time);
});

const taking = (most: number, ...changes: string[]): Taking => ({
  policy: 'revoke-open-ssh',
  from: FROM,
  until: UNTIL,
  most,
  changes,
});

const intent = (id: string): Intent => ({
  ...HOME,
  id,
  run: 'run-1',
  policy: 'revoke-open-ssh',
  resource: { type: 'AWS::EC2::SecurityGroup', id, arn: `arn:sg/${id}`, name: undefined },
  fingerprint: 'sgr-1',
  action: 'revoke-ingress',
  summary: 'Revoke',
  parameters: {},
  before: {},
  undo: 'Authorize it again',
  reasonCode: 'ssh-open-to-world',
  reason: 'Open',
  signalId: 'event-1',
  cause: { kind: 'api-call', name: 'AuthorizeSecurityGroupIngress' },
  actor: undefined,
  at: FROM,
  leaseUntil: UNTIL,
});

const cancelled = (Code: string) =>
  failureFrom(
    new TransactionCanceledException({
      message: 'Transaction cancelled',
      $metadata: {},
      CancellationReasons: [{ Code: 'None' }, { Code }],
    }),
    { action: 'TransactWriteItems', home: true },
  );

/** One of several writers whose transactions get into each other's way, as DynamoDB's do; time passes by turns. */
function crowded(): Journal {
  const one: Aws = {
    place: HOME,
    async send(client, command) {
      const writes = !(command instanceof GetItemCommand);
      if (writes && writing) throw cancelled('TransactionConflict');
      writing ||= writes;
      await turns(5);
      try {
        return await world.aws.send(client, command);
      } finally {
        if (writes) writing = false;
      }
    },
  };
  return journalTable(one, TABLE, { sleep: (ms) => turns(ms / 5), random: () => int(1000) / 1000 });
}

let writing = false;
const { int } = createRandom(7);

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await immediate();
}

it('B6.5 of many that take at once exactly as many are granted as the window has', async () => {
  const runs = Array.from({ length: 7 }, (_, n) =>
    journal.reserve(taking(10, `a${n}`, `b${n}`, `c${n}`), false),
  );
  const granted = await Promise.all(runs);
  expect(granted.reduce((sum, { size }) => sum + size, 0)).toBe(10);
});

it('B6.5 all or none, where a plan is a whole', async () => {
  expect(await journal.reserve(taking(4, 'a', 'b', 'c'), true)).toEqual(new Set(['a', 'b', 'c']));
  expect(await journal.reserve(taking(4, 'd', 'e'), true)).toEqual(new Set());
  expect(await journal.reserve(taking(4, 'd'), true)).toEqual(new Set(['d']));
  expect(await journal.reserve(taking(4, 'a', 'b', 'c', 'd'), true)).toHaveProperty('size', 4);
  expect(await journal.reserve(taking(2, 'x', 'y', 'z'), true)).toEqual(new Set());
});

it('B6.5 what was taken before in the same window is granted again, and not counted', async () => {
  await journal.reserve(taking(3, 'a', 'b'), false);
  expect(await journal.reserve(taking(3, 'a', 'b', 'c', 'd'), false)).toEqual(new Set(['a', 'b', 'c']));
  const next = { ...taking(3, 'a', 'b', 'd'), from: UNTIL };
  expect(await journal.reserve(next, false)).toEqual(new Set(['a', 'b', 'd']));
  expect(await journal.reserve({ ...taking(3, 'x'), policy: 'other' }, false)).toEqual(new Set(['x']));
});

it('B6.5 an answer that was lost is not counted twice', async () => {
  world.world.faults.add({ operation: 'UpdateItem', kind: 'timeout-after', times: 1 });
  expect(await journal.reserve(taking(2, 'a', 'b'), true)).toEqual(new Set(['a', 'b']));
});

it('B6.5 what cannot be counted is refused', async () => {
  world.world.faults.add({ operation: 'UpdateItem', kind: 'denied' });
  await expect(journal.reserve(taking(2, 'a'), true)).rejects.toMatchObject({ kind: 'denied' });
});

it('B6.5 B6.16 a single intent is written only where the window has room, in the same write', async () => {
  const begun = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((id) => journal.begin(intent(id), taking(3, `key-${id}`))),
  );
  expect(begun.filter((each) => each === 'begun')).toHaveLength(3);
  expect(begun.filter((each) => each === 'over-cap')).toHaveLength(2);
  for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries())
    expect(await journal.recent(`arn:sg/${id}`, new Date(0))).toHaveLength(begun[index] === 'begun' ? 1 : 0);

  // Whoever holds or did it already says so, whatever the window has.
  const [first] = begun[0] === 'begun' ? ['a'] : ['b'];
  expect(await journal.begin({ ...intent(first ?? ''), id: 'x' }, taking(3, 'key-x'))).toBe('in-progress');
});

it('B6.5 a change that is taken over is counted once in its window, and anew in the next', async () => {
  await journal.begin(intent('a'), taking(1, 'key-a'));
  const outcome = { code: 'Denied', reason: '', after: null, requestId: undefined, at: FROM };
  await journal.finish(intent('a'), { result: 'failed', ...outcome });
  const again = { ...intent('a'), id: 'again' };
  expect(await journal.begin(again, taking(1, 'key-a'))).toBe('begun');
  await journal.finish(again, { result: 'failed', ...outcome });
  const full = { ...taking(1, 'key-a'), from: UNTIL };
  await journal.reserve({ ...full, changes: ['other'] }, true);
  expect(await journal.begin({ ...intent('a'), id: 'third' }, full)).toBe('over-cap');
});

it('B5.16 B6.5 what another write has in hand just then is tried again', async () => {
  const busy = { operation: 'UpdateItem', kind: 'error', code: 'TransactionConflictException' } as const;
  world.world.faults.add({ ...busy, status: 400, times: 3 });
  expect(await journal.reserve(taking(2, 'a', 'b'), true)).toEqual(new Set(['a', 'b']));
});

it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
  'B5.16 B6.5 a transaction that was cancelled by %s is tried again, and given up after three seconds',
  async (code) => {
    let tries = 0;
    const contended: Aws = {
      place: HOME,
      send: (client, command) =>
        tries++ < 9 ? Promise.reject(cancelled(code)) : world.aws.send(client, command),
    };
    world.slept.length = 0;
    const other = journalTable(contended, TABLE, world.time);
    expect(await other.begin(intent('a'), taking(3, 'key-a'))).toBe('begun');
    expect(world.slept).toEqual([50, 100, 200, 400, 800, 1000, 1000, 1000, 1000]);
    tries = -1;
    await expect(other.begin(intent('b'), taking(4, 'key-b'))).rejects.toMatchObject({
      cause: { name: 'TransactionCanceledException' },
    });
  },
);

it('B5.16 B6.5 ten that begin at once all get an answer, and never more than the window has', async () => {
  const begun = await Promise.all(
    Array.from({ length: 10 }, (_, n) => crowded().begin(intent(`sg-${n}`), taking(7, `key-${n}`))),
  );
  expect(begun.toSorted()).toEqual([...Array(7).fill('begun'), ...Array(3).fill('over-cap')]);
});

it('B6.5 ten that take at once all get an answer, however often others come in between', async () => {
  const granted = await Promise.all(
    Array.from({ length: 10 }, (_, n) => crowded().reserve(taking(19, `a${n}`, `b${n}`), true)),
  );
  expect(granted.map(({ size }) => size).toSorted()).toEqual([0, ...Array(9).fill(2)]);
});

it('B6.5 a count that changed since it was read is no hindrance while there is room', async () => {
  const others = journalTable(world.aws, TABLE, world.time);
  const wanted = Array.from({ length: 15 }, (_, n) => `mine-${n}`);
  await others.reserve(taking(20, ...wanted.slice(0, 10)), false);
  let read = 0;
  const raced: Aws = {
    place: HOME,
    async send(client, command) {
      const answer = await world.aws.send(client, command);
      if (command instanceof GetItemCommand) await others.reserve(taking(20, `other-${read++}`), false);
      return answer;
    },
  };
  const granted = await journalTable(raced, TABLE, world.time).reserve(taking(20, ...wanted), false);
  expect([granted.size, read]).toEqual([15, 1]);
});

it('B5.16 B6.5 one that is held or done is said to be so, even where the window is full', async () => {
  await journal.begin(intent('a'), taking(1, 'key-a'));
  expect(await journal.begin({ ...intent('a'), id: 'x' }, taking(1, 'key-x'))).toBe('in-progress');
  const outcome = { code: 'remedied', reason: '', after: null, requestId: undefined, at: FROM };
  await journal.finish(intent('a'), { result: 'done', ...outcome });
  expect(await journal.begin({ ...intent('a'), id: 'x' }, taking(1, 'key-x'))).toBe('already-done');
});

it('the count is forgotten a day after its window', async () => {
  await journal.reserve(taking(3, 'a'), false);
  const Key = { pk: { S: 'window#revoke-open-ssh' }, sk: { S: FROM.toISOString() } };
  const { Item } = await world.aws.send(DynamoDBClient, new GetItemCommand({ TableName: 'journal', Key }));
  expect(Item?.expires?.N).toBe(String(UNTIL.getTime() / 1000 + 86_400));
});
