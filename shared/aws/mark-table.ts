import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Mark, Marks } from '../engine/mark.ts';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';
import { collect, pages } from './pages.ts';

type Item = Record<string, AttributeValue>;

/** A mark that no run has come back to in this time after its date is forgotten: then the grace begins anew. */
const KEEP_MS = 90 * 86_400_000;

/** The marks in the journal's table: an item for each policy and resource. */
export function markTable(aws: Aws, table: string): Marks {
  return {
    open: (policy) => openMarks(aws, table, policy),
    put: (mark, instead) => putMark(aws, table, mark, instead),
    told: (mark) => changeMark(aws, table, mark, 'SET told = :told', { ':told': { BOOL: true } }),
    close: (mark, why, at) =>
      changeMark(aws, table, mark, 'SET closed = :closed', {
        ':closed': { S: JSON.stringify({ why, at: at.toISOString() }) },
      }),
  };
}

const openMarks = verb(
  ['dynamodb:Query'],
  async (aws: Aws, table: string, policy: string): Promise<readonly Mark[]> => {
    const listing = pages(async (token) => {
      const command = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :marks',
        FilterExpression: 'attribute_not_exists(closed)',
        ExpressionAttributeValues: { ':marks': { S: `marks#${policy}` } },
        // The token is this very map, written out below.
        ...(token === undefined ? {} : { ExclusiveStartKey: JSON.parse(token) as Item }),
      });
      const { Items = [], LastEvaluatedKey: next } = await aws.send(DynamoDBClient, command);
      return { items: Items, next: next === undefined ? undefined : JSON.stringify(next) };
    });
    return (await collect(listing)).map(markFrom);
  },
);

const putMark = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, mark: Mark, instead: Mark | undefined): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: {
        ...keyOf(mark),
        // Not `id`, by which the entries of the journal are found.
        markId: { S: mark.id },
        // Dates are written as ISO 8601, and read back as such.
        mark: { S: JSON.stringify(mark) },
        expires: { N: String(Math.ceil((mark.due.getTime() + KEEP_MS) / 1000)) },
      },
      // Our own id: the answer to a first try was lost.
      ConditionExpression:
        'attribute_not_exists(pk) OR attribute_exists(closed) OR markId IN (:id, :instead)',
      ExpressionAttributeValues: { ':id': { S: mark.id }, ':instead': { S: instead?.id ?? mark.id } },
    });
    return unlessRefused(async () => {
      await aws.send(DynamoDBClient, command);
    });
  },
);

/** Changes a mark where it still is this one. */
const changeMark = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, mark: Mark, change: string, values: Item): Promise<void> => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(mark),
      ConditionExpression: 'markId = :id',
      UpdateExpression: change,
      ExpressionAttributeValues: { ':id': { S: mark.id }, ...values },
    });
    await unlessRefused(async () => {
      await aws.send(DynamoDBClient, command);
    });
  },
);

/** The rights that marks take, for the roles. */
export const markRights = [openMarks, putMark, changeMark].flatMap(({ rights }) => rights);

async function unlessRefused(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof AwsFailure && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

function keyOf({ policy, resource }: Mark): Item {
  return { pk: { S: `marks#${policy}` }, sk: { S: resource.arn } };
}

function markFrom({ mark, told }: Item): Mark {
  // Our own JSON, written above.
  const written = JSON.parse(mark?.S ?? '') as Omit<Mark, 'since' | 'due'> & { since: string; due: string };
  const { since, due } = written;
  return { ...written, since: new Date(since), due: new Date(due), told: told?.BOOL === true };
}
