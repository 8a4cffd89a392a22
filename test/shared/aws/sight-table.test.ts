import { beforeEach, expect, it } from 'vitest';
import { sightTable } from '../../../shared/aws/sight-table.ts';
import { withTable } from './fixture.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 2, 8, minute));
const queue = (number: number, minute = 0, policy = 'enforce-tags') => ({
  resourceArn: `arn:aws:sqs:eu-west-1:111122223333:queue-${number}`,
  policy,
  at: at(minute),
});

let world: Awaited<ReturnType<typeof withTable>>;
let table: ReturnType<typeof sightTable>;
beforeEach(async () => {
  world = await withTable();
  table = sightTable(world.aws, 'journal');
});

it('B2.12 the first sight stays, for each policy its own', async () => {
  expect(await table.first(queue(1, 0))).toEqual(at(0));
  expect(await table.first(queue(1, 30))).toEqual(at(0));
  expect(await table.first(queue(1, 30, 'other'))).toEqual(at(30));
});

it('B2.12 what is new counts from then, whatever was seen before', async () => {
  await table.first(queue(1, 0));
  await table.anew(queue(1, 20));

  expect(await table.first(queue(1, 30))).toEqual(at(20));
});

it('asks and notes a hundred in a call, of the same resource once', async () => {
  const all = Array.from({ length: 150 }, (_, index) => queue(index % 120));
  world.world.forgetCalls();

  expect(await Promise.all(all.map(table.first))).toEqual(all.map(() => at(0)));
  expect(world.world.calls.map(({ operation }) => operation)).toEqual([
    ...['TransactGetItems', 'TransactGetItems', 'TransactWriteItems', 'TransactWriteItems'].toSorted(),
  ]);
});

it('a table that is not there is an error, not a first sight', async () => {
  await expect(sightTable(world.aws, 'none').first(queue(1))).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});
