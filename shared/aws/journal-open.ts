import { randomUUID } from 'node:crypto';
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Intent, JournalEntry } from '../engine/journal.ts';
import { chunks } from '../engine/parallel.ts';
import { isLeftAlone } from '../engine/taken-back.ts';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';
import { entryOf, keyOf, openAs } from './journal-record.ts';
import { refusalsOf } from './transaction.ts';

/** Most items of one TransactWriteItems. */
const MOST = 100;

/**
 * Open entries of a policy whose lease is over, the oldest first: from `by-open`, an index that holds only what is open,
 * and then each as it is now, for an index lags behind.
 */
export const openEntries = verb(
  ['dynamodb:Query', 'dynamodb:GetItem'],
  async (
    aws: Aws,
    table: string,
    policy: string,
    by: Date,
    most: number,
  ): Promise<readonly JournalEntry[]> => {
    const listed = await Promise.all(
      (['change', 'undo'] as const).map((kind) =>
        aws.send(
          DynamoDBClient,
          new QueryCommand({
            TableName: table,
            IndexName: 'by-open',
            KeyConditionExpression: '#open = :open AND #lease <= :by',
            ExpressionAttributeNames: { '#open': 'open', '#lease': 'lease' },
            ExpressionAttributeValues: {
              ':open': { S: openAs(policy, kind) },
              ':by': { N: String(by.getTime()) },
            },
            Limit: most,
          }),
        ),
      ),
    );
    const entries: JournalEntry[] = [];
    for (const { pk, sk } of listed.flatMap(({ Items = [] }) => Items)) {
      if (entries.length === most) break;
      if (pk === undefined || sk === undefined) continue;
      const command = new GetItemCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true });
      const { Item: item } = await aws.send(DynamoDBClient, command);
      if (item?.open === undefined) continue;
      const entry = entryOf(item);
      if (entry.leaseUntil <= by && isLeftAlone(entry, by)) entries.push(entry);
    }
    return entries;
  },
);

/** Prolongs the lease of an open entry, if it is still as it was read: of several that try, one may go on. */
export const claimEntry = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, entry: JournalEntry, until: Date): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: { ...keyOf(entry) },
      // As it was read; or by this very request, when its answer was lost and the SDK asked again.
      ConditionExpression: 'id = :id AND attribute_exists(#open) AND (#lease = :lease OR claim = :claim)',
      UpdateExpression: 'SET #lease = :until, claim = :claim',
      ExpressionAttributeNames: { '#lease': 'lease', '#open': 'open' },
      ExpressionAttributeValues: {
        ':id': { S: entry.id },
        ':lease': { N: String(entry.leaseUntil.getTime()) },
        ':until': { N: String(until.getTime()) },
        ':claim': { S: randomUUID() },
      },
    });
    try {
      await aws.send(DynamoDBClient, command);
      return true;
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  },
);

/** Takes entries out of the index of the open ones; those that another run has taken over are left there. */
export const closeEntries = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, intents: readonly Intent[]): Promise<void> => {
    for (const part of chunks(intents, MOST)) {
      const refused = await close(aws, table, part);
      // All or none: what one forbade is done without it.
      const rest = part.filter((_, index) => !refused.includes(index));
      if (refused.length > 0) await close(aws, table, rest);
    }
  },
);

async function close(aws: Aws, table: string, intents: readonly Intent[]): Promise<readonly number[]> {
  const [only] = intents;
  if (only === undefined) return [];
  const update = (intent: Intent) => ({
    TableName: table,
    Key: { ...keyOf(intent) },
    ConditionExpression: 'id = :id',
    UpdateExpression: 'REMOVE #open',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':id': { S: intent.id } },
  });
  try {
    if (intents.length === 1) await aws.send(DynamoDBClient, new UpdateItemCommand(update(only)));
    else {
      const TransactItems = intents.map((intent) => ({ Update: update(intent) }));
      await aws.send(DynamoDBClient, new TransactWriteItemsCommand({ TransactItems }));
    }
    return [];
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code === 'ConditionalCheckFailedException') return [0];
    const refused = refusalsOf(error).flatMap((code, index) => (code === undefined ? [] : [index]));
    if (refused.length === 0) throw error;
    return refused;
  }
}

/** The rights that these take, for the roles. */
export const openRights: readonly string[] = [openEntries, claimEntry, closeEntries].flatMap(
  ({ rights }) => rights,
);
