import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import type { Aws } from '../../../shared/aws/access.ts';
import { historyRights, journalHistory } from '../../../shared/aws/journal-history.ts';
import { journalTable } from '../../../shared/aws/journal-table.ts';
import { collect } from '../../../shared/aws/pages.ts';
import type { History } from '../../../shared/engine/history.ts';
import type { Journal } from '../../../shared/engine/journal.ts';
import { simulated } from './fixture.ts';
import { AT, createJournal, intentFor, minutesAfter, undoOf } from './journal-fixture.ts';

const TABLE = { name: 'journal', keepDays: 400 };

let aws: Aws;
let journal: Journal;
let history: History;
beforeEach(async () => {
  const world = simulated();
  ({ aws } = world);
  await createJournal(aws);
  journal = journalTable(aws, TABLE, world.time);
  history = journalHistory(aws, TABLE);
});

const idsOf = async (listing: ReturnType<History['ofRun']>) => (await collect(listing)).map(({ id }) => id);

it('gives a run back newest first, and nothing of another', async () => {
  for (const minute of [2, 0, 1])
    await journal.begin(intentFor(`at-${minute}`, { at: minutesAfter(minute) }));
  await journal.begin(intentFor('other', { run: 'run-2' }));

  expect(await idsOf(history.ofRun('run-1'))).toEqual(['at-2', 'at-1', 'at-0']);
  expect(await idsOf(history.ofRun('run-3'))).toEqual([]);
});

it('gives what began at one moment back by resource, then by id, whatever order it was written in', async () => {
  const entries = [
    ['b', 'z'],
    ['a', 'y'],
    ['a', 'x'],
  ] as const;
  for (const [name, id] of entries) {
    const resource = { ...intentFor(id).resource, arn: `${intentFor(id).resource.arn}-${name}` };
    await journal.begin(intentFor(id, { resource, fingerprint: id }));
  }

  expect(await idsOf(history.ofRun('run-1'))).toEqual(['x', 'y', 'z']);
});

it('gives a time back across days, both its ends included', async () => {
  for (const minute of [-1441, -1440, -720, 0, 1]) {
    await journal.begin(intentFor(`at${minute}`, { at: minutesAfter(minute) }));
  }

  expect(await idsOf(history.between(minutesAfter(-1440), AT))).toEqual(['at0', 'at-720', 'at-1440']);
});

it('B6.33 reads page by page, and no further than it is asked', async () => {
  const asked: number[] = [];
  const counting: Aws = {
    place: aws.place,
    send: (client, command) => {
      if (command instanceof BatchGetItemCommand)
        asked.push(command.input.RequestItems?.journal?.Keys?.length ?? 0);
      return aws.send(client, command);
    },
  };
  await Promise.all(
    Array.from({ length: 130 }, (_, n) => journal.begin(intentFor(`n${n}`, { at: minutesAfter(n / 60) }))),
  );
  const read = journalHistory(counting, TABLE).ofRun('run-1')[Symbol.asyncIterator]();
  const first = await read.next();

  expect(first.value?.map(({ id }: { id: string }) => id).slice(0, 2)).toEqual(['n129', 'n128']);
  expect(asked).toEqual([100]);
  expect((await idsOf(history.ofRun('run-1'))).length).toBe(130);
});

it('finds one entry by its id, as it is now', async () => {
  const intent = intentFor('one', { exemptUntil: minutesAfter(60) });
  await journal.begin(intent);
  const outcome = { result: 'done', code: 'remedied', reason: 'Done.', after: null } as const;
  await journal.finish(intent, { ...outcome, requestId: undefined, at: minutesAfter(1) });

  expect(await history.entry('one')).toMatchObject({
    id: 'one',
    exemptUntil: minutesAfter(60),
    outcome: { result: 'done' },
  });
  expect(await history.entry('two')).toBeUndefined();
});

it('tells which entries were taken back, by which undo', async () => {
  const [one, two] = [intentFor('one'), intentFor('two')];
  for (const intent of [one, two, undoOf(one)]) await journal.begin(intent);
  const entries = await collect(history.ofRun('run-1'));
  const undone = await history.undoneBy(entries);

  expect([...undone].map(([id, undo]) => [id, undo.id])).toEqual([['one', 'undo-of-one']]);
});

it('B6.11 says beside the verbs what a role needs', () => {
  expect(historyRights).toEqual(['dynamodb:Query', 'dynamodb:BatchGetItem']);
});
