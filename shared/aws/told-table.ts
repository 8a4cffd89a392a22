import {
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';
import { together } from './together.ts';

const DAY_MS = 86_400_000;

/** Most items of one TransactWriteItems. */
const MOST = 100;

/** Claims and notes of tellings, as many in a write as there are at a time: a sweep tells of hundreds. */
export function toldTable(aws: Aws, table: string, now: () => Date) {
  return {
    claim: together(MOST, (told: readonly Told[]) => claimTellings(aws, table, told, now())),
    note: together(MOST, async (told: readonly Told[]) => {
      await noteTold(aws, table, told);
      return told;
    }),
  };
}

/**
 * Claims to tell something about resources; false for what was told before, or is being told, and
 * whose time has not passed. Conditional writes, so of two runs at once only one tells (B5.38).
 */
export const claimTellings = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, told: readonly Told[], now: Date): Promise<readonly boolean[]> => {
    const open = new Set(distinct(told));
    const condition = {
      ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': { N: String(now.getTime()) } },
    };
    // One that was told undoes the whole write: it is left out, and the rest is written again.
    while (open.size > 0) {
      const asked = [...open];
      const refused = await write(aws, table, asked, condition);
      if (refused.length === 0) break;
      for (const index of refused) {
        const one = asked[index];
        if (one !== undefined) open.delete(one);
      }
    }
    return told.map((one) => open.has(one));
  },
);

/** Notes in the journal's table that something about resources has been told. */
export const noteTold = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, told: readonly Told[]): Promise<void> => {
    const each = distinct(told);
    const refused = await write(aws, table, each, {});
    // Another run has those in its hands just now, and notes them itself.
    if (refused.length > 0) {
      await write(
        aws,
        table,
        each.filter((_, index) => !refused.includes(index)),
        {},
      );
    }
  },
);

/** What was told about a resource, and until when it is not told again. */
export interface Told {
  readonly resourceArn: string;
  readonly key: string;
  readonly until: Date;
}

function itemOf({ resourceArn, key, until }: Told) {
  return {
    pk: { S: `told#${resourceArn}` },
    sk: { S: key },
    until: { N: String(until.getTime()) },
    // DynamoDB removes expired items up to two days late, hence the condition besides.
    expires: { N: String(Math.ceil((until.getTime() + DAY_MS) / 1000)) },
  };
}

/** A write takes each item once: of the same telling twice, one is the first. */
function distinct(told: readonly Told[]): readonly Told[] {
  return [...new Map(told.toReversed().map((one) => [`${one.key} ${one.resourceArn}`, one])).values()];
}

/** Writes all or none; then the positions of those that forbade it: told already, or being told by another run. */
async function write(
  aws: Aws,
  table: string,
  told: readonly Told[],
  condition: object,
): Promise<readonly number[]> {
  const put = (one: Told) => ({ TableName: table, Item: itemOf(one), ...condition });
  const [only] = told;
  if (only === undefined) return [];
  try {
    if (told.length === 1) await aws.send(DynamoDBClient, new PutItemCommand(put(only)));
    else {
      const TransactItems = told.map((one) => ({ Put: put(one) }));
      await aws.send(DynamoDBClient, new TransactWriteItemsCommand({ TransactItems }));
    }
    return [];
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code === 'ConditionalCheckFailedException') return [0];
    const refused = refusedBy(error);
    if (refused.length === 0) throw error;
    return refused;
  }
}

const TOLD: readonly (string | undefined)[] = ['ConditionalCheckFailed', 'TransactionConflict'];

function refusedBy({ cause }: AwsFailure): readonly number[] {
  if (!(cause instanceof TransactionCanceledException)) return [];
  const reasons = cause.CancellationReasons ?? [];
  return reasons.flatMap(({ Code }, index) => (TOLD.includes(Code) ? [index] : []));
}
