import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Taking } from '../engine/journal.ts';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';

const DAY_MS = 86_400_000;

/** Times that others may come in between. */
const TRIES = 8;

interface Condition {
  readonly expression: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

/**
 * Takes changes out of what a policy may do within a window, of all runs together: one item per policy and window holds
 * the keys of those that were taken (B6.5). All or none where `whole`, else the first that fit; says which may be done.
 */
export const takeChanges = verb(
  ['dynamodb:UpdateItem', 'dynamodb:GetItem'],
  async (aws: Aws, table: string, taking: Taking, whole: boolean): Promise<ReadonlySet<string>> => {
    const wanted = [...new Set(taking.changes)];
    const room = taking.most - wanted.length;
    // The usual case, in one call: all of them fit, whatever others have taken.
    if (room >= 0 && (await take(aws, table, taking, wanted, atMost(room)))) return new Set(wanted);
    for (let tries = 0; tries < TRIES; tries++) {
      const taken = await takenIn(aws, table, taking);
      const fresh = wanted.filter((key) => !taken.has(key));
      const left = Math.max(0, taking.most - taken.size);
      if (whole && fresh.length > left) return new Set();
      const fitting = fresh.slice(0, left);
      const granted = new Set([...wanted.filter((key) => taken.has(key)), ...fitting]);
      if (fitting.length === 0) return granted;
      if (await take(aws, table, taking, fitting, exactly(taken.size))) return granted;
    }
    throw new Error(`the count of changes of ${taking.policy} is too busy`);
  },
);

/** One change more, if there is room or it is counted already: the part of a transaction beside its intent. */
export function takeOne(table: string, taking: Taking) {
  const [key = ''] = taking.changes;
  const { expression, values } = atMost(taking.most - 1);
  return updateOf(table, taking, [key], {
    expression: `${expression} OR contains(#taken, :key)`,
    values: { ...values, ':key': { S: key } },
  });
}

function atMost(size: number): Condition {
  const expression = 'attribute_not_exists(#taken) OR size(#taken) <= :size';
  return { expression, values: { ':size': { N: String(size) } } };
}

function exactly(size: number): Condition {
  if (size === 0) return { expression: 'attribute_not_exists(#taken)', values: {} };
  return { expression: 'size(#taken) = :size', values: { ':size': { N: String(size) } } };
}

async function take(
  aws: Aws,
  table: string,
  taking: Taking,
  keys: readonly string[],
  condition: Condition,
): Promise<boolean> {
  try {
    await aws.send(DynamoDBClient, new UpdateItemCommand(updateOf(table, taking, keys, condition)));
    return true;
  } catch (error) {
    if (error instanceof AwsFailure && REFUSED.includes(error.code)) return false;
    throw error;
  }
}

/** No room; or the intent of another run is being written beside the count just then. */
const REFUSED: readonly string[] = ['ConditionalCheckFailedException', 'TransactionConflictException'];

function updateOf(table: string, taking: Taking, keys: readonly string[], { expression, values }: Condition) {
  return {
    TableName: table,
    Key: itemOf(taking),
    ConditionExpression: expression,
    UpdateExpression: 'SET #expires = :expires ADD #taken :keys',
    ExpressionAttributeNames: { '#taken': 'taken', '#expires': 'expires' },
    ExpressionAttributeValues: {
      ...values,
      ':keys': { SS: [...keys] },
      ':expires': { N: String(Math.ceil((taking.until.getTime() + DAY_MS) / 1000)) },
    },
  };
}

async function takenIn(aws: Aws, table: string, taking: Taking): Promise<ReadonlySet<string>> {
  const command = new GetItemCommand({ TableName: table, Key: itemOf(taking), ConsistentRead: true });
  const { Item: item } = await aws.send(DynamoDBClient, command);
  return new Set(item?.taken?.SS ?? []);
}

function itemOf({ policy, from }: Taking) {
  return { pk: { S: `window#${policy}` }, sk: { S: from.toISOString() } };
}
