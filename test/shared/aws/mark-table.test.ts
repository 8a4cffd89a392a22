import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { markTable } from '../../../shared/aws/mark-table.ts';
import type { Mark, Marks } from '../../../shared/engine/mark.ts';
import { HOME, withTable } from './fixture.ts';

const AT = new Date('2026-11-20T12:00:00Z');
const arnOf = (number: number) => `arn:aws:ec2:eu-west-1:111122223333:instance/i-${number}`;
const markOf = (number: number, own: Partial<Mark> = {}): Mark => ({
  ...HOME,
  ...{ id: `mark-${number}`, policy: 'stop-idle-instances', finding: 'f', reasonCode: 'idle' },
  resource: { type: 'AWS::EC2::Instance', id: `i-${number}`, arn: arnOf(number) },
  ...{ fingerprint: `i-${number}`, summary: `Stop i-${number}` },
  ...{ since: AT, due: new Date('2026-11-22T12:10:00Z'), told: false },
  ...own,
});

let world: Awaited<ReturnType<typeof withTable>>;
let marks: Marks;
beforeEach(async () => {
  world = await withTable();
  marks = markTable(world.aws, 'journal');
});

const open = () => marks.open('stop-idle-instances');

it('B6.17 a mark is read back as it was written, for its policy, told or not, in pages', async () => {
  const padding = 'x'.repeat(300_000);
  const all = [1, 2, 3, 4].map((number) => markOf(number, { summary: padding }));
  for (const mark of all) expect(await marks.put(mark, undefined)).toBe(true);
  await marks.told(markOf(2));

  expect(await open()).toEqual(all.map((mark) => ({ ...mark, told: mark.id === 'mark-2' })));
  expect(await marks.open('enforce-tags')).toEqual([]);
});

it('B5.16 of two runs at once one marks; the same write twice is one', async () => {
  expect(await marks.put(markOf(1), undefined)).toBe(true);
  expect(await marks.put(markOf(1, { id: 'other' }), undefined)).toBe(false);
  expect(await marks.put(markOf(1), undefined)).toBe(true);
  expect(await open()).toEqual([markOf(1)]);
});

it('a mark takes the place of the one that was read, and of one that is closed', async () => {
  await marks.put(markOf(1), undefined);
  expect(await marks.put(markOf(1, { id: 'second' }), markOf(1))).toBe(true);
  expect(await marks.put(markOf(1, { id: 'third' }), markOf(1))).toBe(false);
  await marks.close(markOf(1, { id: 'second' }), 'compliant', AT);
  expect(await open()).toEqual([]);
  expect(await marks.put(markOf(1, { id: 'fourth' }), undefined)).toBe(true);
  expect(await open()).toEqual([markOf(1, { id: 'fourth' })]);
});

it('what another run has put in its place is neither told nor closed', async () => {
  await marks.put(markOf(1, { id: 'second' }), undefined);
  await marks.told(markOf(1));
  await marks.close(markOf(1), 'compliant', AT);

  expect(await open()).toEqual([markOf(1, { id: 'second' })]);
});

it('a closed mark says why and when, and is forgotten in time', async () => {
  await marks.put(markOf(1), undefined);
  await marks.close(markOf(1), 'exempt', AT);

  const Key = { pk: { S: 'marks#stop-idle-instances' }, sk: { S: arnOf(1) } };
  const { Item } = await world.aws.send(DynamoDBClient, new GetItemCommand({ TableName: 'journal', Key }));
  expect(Item?.closed).toEqual({ S: `{"why":"exempt","at":"${AT.toISOString()}"}` });
  expect(Item?.expires).toEqual({ N: String(Date.UTC(2027, 1, 20, 12, 10) / 1000) });
});

it('a table that is not there is an error, not an account without marks', async () => {
  await expect(markTable(world.aws, 'none').open('stop-idle-instances')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});
