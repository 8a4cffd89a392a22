import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { claimTellings, noteTold, toldTable } from '../../../shared/aws/told-table.ts';
import { withTable } from './fixture.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1';
const told = (key: string, hour: number) => ({ resourceArn: ARN, key, until: at(hour) });
const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 2, hour));

let world: Awaited<ReturnType<typeof withTable>>;
const claim = async (one: ReturnType<typeof told>, now: Date, table = 'journal') =>
  (await claimTellings(world.aws, table, [one], now))[0];
const note = (one: ReturnType<typeof told>) => noteTold(world.aws, 'journal', [one], at(8));
beforeEach(async () => {
  world = await withTable();
});

it('B5.38 of two runs at once only one tells', async () => {
  const both = [1, 2].map(() => claim(told('policy/a', 32), at(8)));

  expect((await Promise.all(both)).sort()).toEqual([false, true]);
});

it.each([
  { when: 'before the time is over', key: 'policy/a', now: at(31), first: false },
  { when: 'when the time is over', key: 'policy/a', now: at(32), first: true },
  { when: 'about something else', key: 'policy/b', now: at(9), first: true },
])('B5.38 $when it is told again: $first', async ({ key, now, first }) => {
  await note(told('policy/a', 32));

  expect(await claim(told(key, 56), now)).toBe(first);
});

it('a table that is not there is an error, not silence', async () => {
  await expect(claim(told('policy/a', 32), at(8), 'none')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

it('B5.37 a claim that came to nothing ends, and is confirmed by what was told', async () => {
  await claim(told('policy/a', 9), at(8));

  expect(await claim(told('policy/a', 10), at(9))).toBe(true);
  await note(told('policy/a', 32));
  expect(await claim(told('policy/a', 33), at(31))).toBe(false);
});

describe('many at once', () => {
  const about = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...told('policy/a', 32), resourceArn: `${ARN}${index}` }));
  const writes = () => world.sandbox.world.calls.filter(({ operation }) => operation === 'UpdateItem').length;

  it('B5.38 take one write, and only what was told before is not told', async () => {
    const all = about(250);
    await noteTold(
      world.aws,
      'journal',
      [3, 140].flatMap((index) => all[index] ?? []),
      at(8),
    );
    world.sandbox.world.forgetCalls();

    const { claim: claimed } = toldTable(world.aws, 'journal', () => at(9));
    const first = await Promise.all(all.map((one) => claimed(one)));

    expect(all.flatMap((_, index) => (first[index] ? [] : [index]))).toEqual([3, 140]);
    expect(writes()).toBe(1);
  });

  it('B5.38 take a write for each account, region and teller', async () => {
    const { claim: claimed } = toldTable(world.aws, 'journal', () => at(9));
    const all = [
      told('policy/a', 32),
      { ...told('policy/a', 32), resourceArn: ARN.replace('eu-west-1', 'us-east-1') },
      { ...told('policy/a', 32), resourceArn: ARN.replace('111122223333', '444455556666') },
      { ...told('policy/a', 32), resourceArn: 'arn:aws:s3:::logs' },
      told('other/a', 32),
      told('policy/b', 32),
    ];
    expect(await Promise.all(all.map((one) => claimed(one)))).not.toContain(false);
    expect(writes()).toBe(5);
    expect(await Promise.all(all.map((one) => claimed(one)))).not.toContain(true);
  });

  it('B5.37 are noted by one write', async () => {
    const all = about(250);
    const { claim: claimed, note: noted } = toldTable(world.aws, 'journal', () => at(9));
    world.sandbox.world.forgetCalls();
    await Promise.all(all.map((one) => noted(one)));
    expect(writes()).toBe(1);
    expect(await Promise.all(all.map((one) => claimed(one)))).not.toContain(true);
  });

  it('B5.38 a write that was sent again because its answer was lost is no other run', async () => {
    world.world.faults.add({ operation: 'UpdateItem', kind: 'timeout-after', times: 1 });
    const { claim: claimed } = toldTable(world.aws, 'journal', () => at(9));
    expect(await Promise.all(about(3).map((one) => claimed(one)))).toEqual([true, true, true]);
  });

  it('B6.33 the roll holds ten thousand, and what is over is taken off it', async () => {
    const all = about(10_000);
    const hourly = [9, 10, 11, 12, 33].map(async (hour, index) => [hour, index] as const);
    for await (const [hour, index] of hourly) {
      const { claim: claimed, note: noted } = toldTable(world.aws, 'journal', () => at(hour));
      const until = at(hour + 1);
      const first = await Promise.all(all.map((one) => claimed({ ...one, until })));
      const isNews = index === 0 || index === 4;
      expect(new Set(first)).toEqual(new Set([isNews]));
      if (isNews) await Promise.all(all.map((one) => noted({ ...one, until: at(hour + 23) })));
    }
    const roll = await new DynamoDBClient(world.sandbox.clientConfig()).send(
      new GetItemCommand({
        TableName: 'journal',
        Key: { pk: { S: 'told#policy#111122223333#eu-west-1' }, sk: { S: 'roll' } },
      }),
    );
    const entries = Object.keys(roll.Item ?? {}).filter((name) => name.startsWith('e') && name !== 'expires');
    // The latest claim and note.
    expect(entries).toHaveLength(2);
  });

  it('B5.38 of the same telling twice one is the first', async () => {
    const [one] = about(1);
    if (one === undefined) throw new Error('nothing to tell');
    const { claim: claimed } = toldTable(world.aws, 'journal', () => at(9));
    expect(await Promise.all([claimed(one), claimed({ ...one })])).toEqual([true, false]);
  });

  it('a failed write fails all that went along', async () => {
    const { claim: claimed } = toldTable(world.aws, 'none', () => at(9));
    const ends = await Promise.allSettled(about(3).map((one) => claimed(one)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('B6.33 a roll of many entries that are over', () => {
  const roll = async (entries: number, bytes: number): Promise<void> => {
    const entry = { M: { until: { N: String(at(8).getTime()) }, hashes: { B: Buffer.alloc(bytes) } } };
    const Item: Record<string, AttributeValue> = {
      pk: { S: 'told#policy#111122223333#eu-west-1' },
      sk: { S: 'roll' },
    };
    for (let index = 0; index < entries; index++) Item[`e${index}`] = entry;
    await new DynamoDBClient(world.sandbox.clientConfig()).send(
      new PutItemCommand({ TableName: 'journal', Item }),
    );
  };
  const isLong = (input: unknown): boolean =>
    typeof input === 'object' &&
    input !== null &&
    'UpdateExpression' in input &&
    String(input.UpdateExpression).length > 4096;

  it.each([
    { what: 'a thousand, of which no expression could name all', entries: 1000, bytes: 10 },
    { what: 'that leave no room', entries: 8, bytes: 51_165 },
  ])('is cleared: $what', async ({ entries, bytes }) => {
    await roll(entries, bytes);
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    world.world.faults.add({
      operation: 'UpdateItem',
      kind: 'error',
      code: 'ValidationException',
      status: 400,
      when: isLong,
    });

    expect(await claim(told('policy/a', 32), at(9))).toBe(true);
    expect(await claim(told('policy/a', 32), at(10))).toBe(false);
  });
});
