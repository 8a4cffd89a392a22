import { createHash, randomUUID } from 'node:crypto';
import { type AttributeValue, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from './access.ts';
import { parseArn } from './arn.ts';
import { chunks } from './batch.ts';
import { AwsFailure } from './errors.ts';
import { together } from './together.ts';

const DAY_MS = 86_400_000;

/** A roll is forgotten when nothing was written on it for so long. */
const KEPT_MS = 30 * DAY_MS;

/** Tellings of one entry: with a day's worth of them an item stays below DynamoDB's 400 KB. */
const MOST = 10_000;

/** An expression has at most 4 KB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_NAMES = 250;

/** Bytes of a hash: ten thousand tellings with the same one are as likely as a meteorite. */
const HASH_BYTES = 10;

/** Claims and notes of tellings, as many in a write as there are at a time: a sweep tells of hundreds. */
export function toldTable(aws: Aws, table: string, now: () => Date) {
  return {
    claim: together(MOST, (told: readonly Told[]) => claimTellings(aws, table, told, now())),
    note: together(MOST, async (told: readonly Told[]) => {
      await noteTold(aws, table, told, now());
      return told;
    }),
  };
}

/**
 * Claims to tell something about resources; false for what was told before, or is being told, and whose time has not
 * passed. A claim is an entry on the roll, and the answer to its writing is what was there before: of two runs at once
 * only one tells (B5.38), and each takes one write.
 */
export const claimTellings = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, told: readonly Told[], now: Date): Promise<readonly boolean[]> => {
    const first = new Set<Told>();
    await Promise.all(
      entriesOf(told).map(async (each) => {
        const { entry, before } = await enter(aws, table, each, now);
        // The same entry is there already when an answer was lost and the SDK asked again.
        const others = before.filter(({ name }) => name !== entry);
        const known = new Set(others.filter(({ until }) => until > now).flatMap(({ hashes }) => hashes));
        const news = each.told.filter((one) => !known.has(hashOf(one)));
        for (const one of news) first.add(one);
        const over = others.filter(({ until }) => until <= now).map(({ name }) => name);
        await strike(aws, table, each.roll, news.length === 0 ? [...over, entry] : over);
      }),
    );
    return told.map((one) => first.has(one));
  },
);

/** Notes in the journal's table that something about resources has been told. */
export const noteTold = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, told: readonly Told[], now: Date): Promise<void> => {
    await Promise.all(entriesOf(told).map((each) => enter(aws, table, each, now)));
  },
);

/** What was told about a resource, and until when it is not told again. */
export interface Told {
  readonly resourceArn: string;
  /** Begins with who tells it: `stop-idle-instances/…`. */
  readonly key: string;
  readonly until: Date;
}

/** Tellings that hold until the same time, as an attribute of their roll. */
interface Entry {
  readonly name: string;
  readonly until: Date;
  readonly hashes: readonly string[];
}

interface NewEntry {
  readonly roll: string;
  readonly until: Date;
  readonly told: readonly Told[];
}

/** An entry for each roll and time. Of the same telling twice, one is the first. */
function entriesOf(told: readonly Told[]): readonly NewEntry[] {
  const distinct = new Map(told.toReversed().map((one) => [`${one.key} ${one.resourceArn}`, one]));
  const entries = Map.groupBy(distinct.values(), (one) => `${rollOf(one)} ${one.until.getTime()}`);
  return [...entries.values()].flatMap((each) => {
    const [one] = each;
    return one === undefined ? [] : [{ roll: rollOf(one), until: one.until, told: each }];
  });
}

/** A roll for each teller, account and region. */
function rollOf({ resourceArn, key }: Told): string {
  const { account = '', region = '' } = parseArn(resourceArn) ?? {};
  return ['told', key.split('/', 1)[0], account, region].join('#');
}

/** Adds an entry to a roll; tells what was on it before. Where there is no room, what is over makes some. */
async function enter(aws: Aws, table: string, entry: NewEntry, now: Date) {
  try {
    return await add(aws, table, entry, now);
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.code !== 'ValidationException') throw error;
    await clear(aws, table, entry.roll, now);
    return add(aws, table, entry, now);
  }
}

async function add(aws: Aws, table: string, { roll, until, told }: NewEntry, now: Date) {
  const entry = `e${randomUUID()}`;
  const expires = Math.max(until.getTime() + DAY_MS, now.getTime() + KEPT_MS);
  const command = new UpdateItemCommand({
    TableName: table,
    Key: keyOf(roll),
    UpdateExpression: 'SET #entry = :entry, #expires = :expires',
    ExpressionAttributeNames: { '#entry': entry, '#expires': 'expires' },
    ExpressionAttributeValues: {
      ':entry': {
        M: {
          until: { N: String(until.getTime()) },
          hashes: { B: Buffer.concat(told.map((one) => Buffer.from(hashOf(one), 'hex'))) },
        },
      },
      // DynamoDB removes what has expired.
      ':expires': { N: String(Math.ceil(expires / 1000)) },
    },
    ReturnValues: 'ALL_OLD',
  });
  const { Attributes = {} } = await aws.send(DynamoDBClient, command);
  return { entry, before: Object.entries(Attributes).flatMap(entryFrom) };
}

/** Takes entries off a roll that say nothing any more. */
async function strike(aws: Aws, table: string, roll: string, names: readonly string[]): Promise<void> {
  for (const some of chunks(names, MOST_NAMES)) {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(roll),
      UpdateExpression: `REMOVE ${some.map((_, index) => `#n${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(some.map((name, index) => [`#n${index}`, name])),
    });
    await aws.send(DynamoDBClient, command);
  }
}

/** Takes off all that is over. Reads by a write that changes nothing: whoever may claim has no right to read. */
async function clear(aws: Aws, table: string, roll: string, now: Date): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: table,
    Key: keyOf(roll),
    UpdateExpression: 'REMOVE #none',
    ExpressionAttributeNames: { '#none': 'none' },
    ReturnValues: 'ALL_OLD',
  });
  const { Attributes = {} } = await aws.send(DynamoDBClient, command);
  const over = Object.entries(Attributes)
    .flatMap(entryFrom)
    .filter(({ until }) => until <= now);
  await strike(
    aws,
    table,
    roll,
    over.map(({ name }) => name),
  );
}

function keyOf(roll: string) {
  return { pk: { S: roll }, sk: { S: 'roll' } };
}

function entryFrom([name, { M: entry }]: [string, AttributeValue]): readonly Entry[] {
  const bytes = Buffer.from(entry?.hashes?.B ?? []);
  if (entry === undefined) return [];
  const hashes = Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.toString('hex', index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
  return [{ name, until: new Date(Number(entry.until?.N)), hashes }];
}

function hashOf({ resourceArn, key }: Told): string {
  return createHash('sha256')
    .update(`${key} ${resourceArn}`)
    .digest('hex')
    .slice(0, 2 * HASH_BYTES);
}
