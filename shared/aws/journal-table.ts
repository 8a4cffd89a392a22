import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { newestFirst } from '../engine/history.ts';
import {
  type Begun,
  type Intent,
  type Journal,
  type JournalEntry,
  type JournalOutcome,
  TakenOver,
  type Taking,
} from '../engine/journal.ts';
import { type Aws, verb } from './access.ts';
import { type Patience, untilFree } from './contention.ts';
import { AwsFailure } from './errors.ts';
import { claimEntry, closeEntries, openEntries, openRights } from './journal-open.ts';
import { attemptText, entryOf, type Item, keyOf, outcomeText, recordOf } from './journal-record.ts';
import { markRights, markTable } from './mark-table.ts';
import { collect, pages } from './pages.ts';
import { lastScans, noteScans } from './scan-table.ts';
import { firstSights, sightTable } from './sight-table.ts';
import { refusalsOf } from './transaction.ts';
import { takeChanges, takeOne } from './window-table.ts';

export interface JournalTable {
  readonly name: string;
  /** Entries are forgotten after so many days (TTL). */
  readonly keepDays: number;
}

/** Of an earlier attempt at the same change only the newest of these are kept. */
const EARLIER_KEPT = 20;

/**
 * The journal in DynamoDB: one item per change, written before acting and completed after, each time by a condition, so
 * that of several writers one wins and none overwrites another (B6.16, B6.17).
 *
 * journal-history.ts reads it back by its indexes `by-run` (run, at), `by-day` (day, at) and `by-id` (id);
 * journal-open.ts by `by-open` (policy, undos apart; lease) what nobody knows the end of.
 */
export function journalTable(aws: Aws, table: JournalTable, patience: Patience): Journal {
  const sights = sightTable(aws, table.name);
  return {
    recent: (arn, since) => recentEntries(aws, table, arn, since),
    begin: (intent, taking) => beginChange(aws, table, intent, taking, patience),
    reserve: (taking, whole) => takeChanges(aws, table.name, taking, whole, patience),
    finish: (intent, outcome, told) => finishChange(aws, table, intent, outcome, told),
    firstSeen: (resourceArn, policy, at) => sights.first({ resourceArn, policy, at }),
    seenAnew: async (resourceArn, policy, at) => {
      await sights.anew({ resourceArn, policy, at });
    },
    marks: markTable(aws, table.name),
    lastScans: (policy) => lastScans(aws, table.name, policy),
    noteScans: (policy, scans, at) => noteScans(aws, table.name, policy, scans, at),
    open: (policy, by, most) => openEntries(aws, table.name, policy, by, most),
    claim: (entry, until) => claimEntry(aws, table.name, entry, until),
    told: (intents) => closeEntries(aws, table.name, intents),
  };
}

/** What is known of one resource, newest first. */
export const recentEntries = verb(
  ['dynamodb:Query'],
  async (aws: Aws, table: JournalTable, arn: string, since: Date): Promise<readonly JournalEntry[]> => {
    const listing = pages(async (token) => {
      const answer = await aws.send(
        DynamoDBClient,
        new QueryCommand({
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :arn',
          ExpressionAttributeValues: { ':arn': { S: arn } },
          // The token is this very map, written out below.
          ...(token === undefined ? {} : { ExclusiveStartKey: JSON.parse(token) as Item }),
        }),
      );
      const next = answer.LastEvaluatedKey;
      return { items: answer.Items ?? [], next: next === undefined ? undefined : JSON.stringify(next) };
    });
    return newestFirst((await collect(listing)).map(entryOf).filter(({ at }) => at >= since));
  },
);

const beginChange = verb(
  ['dynamodb:PutItem', 'dynamodb:GetItem'],
  async (
    aws: Aws,
    table: JournalTable,
    intent: Intent,
    taking: Taking | undefined,
    patience: Patience,
  ): Promise<Begun> => {
    const put = (item: Item, condition: Condition) => putIf(aws, table, item, condition, taking, patience);
    const first = recordOf(intent, [], table.keepDays);
    const held = await put(first, { expression: 'attribute_not_exists(pk)' });
    if (held === 'begun' || held === 'over-cap') return held;
    // Forgotten by TTL between the two calls: the next delivery finds the place free.
    if (held === undefined) return 'in-progress';
    const entry = entryOf(held);
    if (entry.outcome?.result === 'done') return 'already-done';
    if (entry.outcome === undefined && entry.leaseUntil > intent.at) return 'in-progress';
    const earlier = [...earlierOf(held), attemptText(entry)].slice(-EARLIER_KEPT);
    const untouched = {
      expression: `id = :id AND lease = :lease AND attribute_${entry.outcome === undefined ? 'not_' : ''}exists(outcome)`,
      values: { ':id': { S: entry.id }, ':lease': { N: String(entry.leaseUntil.getTime()) } },
    };
    const taken = await put(recordOf(intent, earlier, table.keepDays), untouched);
    return taken === 'begun' || taken === 'over-cap' ? taken : 'in-progress';
  },
);

const finishChange = verb(
  ['dynamodb:UpdateItem'],
  async (
    aws: Aws,
    table: JournalTable,
    intent: Intent,
    outcome: JournalOutcome,
    told: 'told' | undefined,
  ): Promise<void> => {
    const text = outcomeText(outcome);
    const command = new UpdateItemCommand({
      TableName: table.name,
      Key: { ...keyOf(intent) },
      // Ours and still open; or the very same outcome, when an answer was lost and the SDK asked again.
      ConditionExpression: 'id = :id AND (attribute_not_exists(outcome) OR outcome = :outcome)',
      UpdateExpression: `SET outcome = :outcome, #result = :result${told === undefined ? '' : ' REMOVE #open'}`,
      ExpressionAttributeNames: { '#result': 'result', ...(told && { '#open': 'open' }) },
      ExpressionAttributeValues: {
        ':id': { S: intent.id },
        ':outcome': { S: text },
        ':result': { S: outcome.result },
      },
    });
    try {
      await aws.send(DynamoDBClient, command);
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.code !== 'ConditionalCheckFailedException') throw error;
      throw new TakenOver(`another run has entry ${intent.id} in hand by now`, { cause: error });
    }
  },
);

/** The rights that the journal takes, for the roles. */
export const journalRights: readonly string[] = [
  ...[recentEntries, beginChange, finishChange, firstSights, takeChanges, lastScans, noteScans].flatMap(
    ({ rights }) => rights,
  ),
  ...openRights,
  ...markRights,
];

interface Condition {
  readonly expression: string;
  readonly values?: Item;
}

/** Writes under a condition, and with room in the window; when the condition does not hold, what is there instead. */
async function putIf(
  aws: Aws,
  table: JournalTable,
  item: Item,
  { expression, values }: Condition,
  taking: Taking | undefined,
  patience: Patience,
): Promise<'begun' | 'over-cap' | Item | undefined> {
  const write = {
    TableName: table.name,
    Item: { ...item },
    ConditionExpression: expression,
    ...(values === undefined ? {} : { ExpressionAttributeValues: { ...values } }),
  };
  try {
    if (taking === undefined) await aws.send(DynamoDBClient, new PutItemCommand(write));
    else {
      const TransactItems = [{ Put: write }, { Update: takeOne(table.name, taking) }];
      await untilFree(patience, () =>
        aws.send(DynamoDBClient, new TransactWriteItemsCommand({ TransactItems })),
      );
    }
    return 'begun';
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const [own, window] = refusalsOf(error);
    if (own === undefined && window === 'ConditionalCheckFailed') return 'over-cap';
    if (own === undefined && error.code !== 'ConditionalCheckFailedException') throw error;
    const held = await read(aws, table, item);
    // Our own write whose answer was lost looks the same: then the item already carries our id.
    return held?.id?.S === item.id?.S ? 'begun' : held;
  }
}

async function read(aws: Aws, table: JournalTable, { pk, sk }: Item): Promise<Item | undefined> {
  if (pk === undefined || sk === undefined) return undefined;
  const command = new GetItemCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true });
  return (await aws.send(DynamoDBClient, command)).Item;
}

function earlierOf(record: Item): readonly string[] {
  return (record.earlier?.L ?? []).flatMap(({ S: attempt }) => (attempt === undefined ? [] : [attempt]));
}
