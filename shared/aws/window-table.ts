import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Taking } from '../engine/journal.ts';
import { type Aws, verb } from './access.ts';
import { type Patience, untilFree } from './contention.ts';
import { AwsFailure } from './errors.ts';

const DAY_MS = 86_400_000;

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
  async (
    aws: Aws,
    table: string,
    taking: Taking,
    whole: boolean,
    patience: Patience,
  ): Promise<ReadonlySet<string>> => {
    const take = (keys: readonly string[], size: number) =>
      untilFree(patience, () => takeAll(aws, table, taking, keys, size));
    const wanted = [...new Set(taking.changes)];
    const room = taking.most - wanted.length;
    // The usual case, in one call: all of them fit, whatever others have taken.
    if (room >= 0 && (await take(wanted, room))) return new Set(wanted);
    // Each turn that fails found less room than the one before, so that they come to an end.
    for (;;) {
      const taken = await takenIn(aws, table, taking);
      const fresh = wanted.filter((key) => !taken.has(key));
      const left = Math.max(0, taking.most - taken.size);
      if (whole && fresh.length > left) return new Set();
      const fitting = fresh.slice(0, left);
      const granted = new Set([...wanted.filter((key) => taken.has(key)), ...fitting]);
      if (fitting.length === 0) return granted;
      if (await take(fitting, taking.most - fitting.length)) return granted;
    }
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

/** Takes these, if no more than so many are taken already; false when there is no room for all of them. */
async function takeAll(
  aws: Aws,
  table: string,
  taking: Taking,
  keys: readonly string[],
  size: number,
): Promise<boolean> {
  try {
    await aws.send(DynamoDBClient, new UpdateItemCommand(updateOf(table, taking, keys, atMost(size))));
    return true;
  } catch (error) {
    if (error instanceof AwsFailure && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

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
