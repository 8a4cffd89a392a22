import { BatchGetItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type History, newestFirst, UNDO, undoFingerprint } from '../engine/history.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { type Aws, verb } from './access.ts';
import { chunks } from './batch.ts';
import { AwsFailure } from './errors.ts';
import { entryOf, type Item, keyOf } from './journal-record.ts';
import { type JournalTable, recentEntries } from './journal-table.ts';
import { pages } from './pages.ts';

const DAY_MS = 86_400_000;

/** Most items of one BatchGetItem, which also is the page that is read at once. */
const PAGE = 100;

/** What BatchGetItem left out for size or speed is asked for again, but not for ever. */
const MOST_TRIES = 10;

/** Reads the journal's table by its indexes. These hold keys only and lag a little; the entries themselves do not. */
export function journalHistory(aws: Aws, table: JournalTable): History {
  const { name } = table;
  return {
    async *between(since, until) {
      for (const day of daysBack(since, until)) yield* entriesBy(aws, name, 'by-day', day, { since, until });
    },
    ofRun: (run) => entriesBy(aws, name, 'by-run', run),
    async *ofResource(arn, since) {
      const entries = await recentEntries(aws, table, arn, since);
      if (entries.length > 0) yield entries;
    },
    async entry(id) {
      for await (const [entry] of entriesBy(aws, name, 'by-id', id)) return entry;
      return undefined;
    },
    async undoneBy(entries) {
      const keys = entries.map((entry) =>
        keyOf({ ...entry, action: UNDO, fingerprint: undoFingerprint(entry.id) }),
      );
      const undos = await entriesAt(aws, name, keys);
      return new Map(undos.flatMap((undo) => (undo.undoes === undefined ? [] : [[undo.undoes, undo]])));
    },
  };
}

type Index = 'by-run' | 'by-day' | 'by-id';

const HASH: Readonly<Record<Index, string>> = { 'by-run': 'run', 'by-day': 'day', 'by-id': 'id' };

/** The days from the one that ends the time to the one that begins it, as the index names them. */
function* daysBack(since: Date, until: Date): Generator<string> {
  const first = since.toISOString().slice(0, 10);
  for (let at = until.getTime(); ; at -= DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (day < first) return;
    yield day;
  }
}

async function* entriesBy(
  aws: Aws,
  table: string,
  index: Index,
  value: string,
  time?: { readonly since: Date; readonly until: Date },
): AsyncGenerator<readonly JournalEntry[]> {
  const listing = pages(async (token) => {
    const answer = await queryKeys(aws, table, index, value, token, time);
    const next = answer.LastEvaluatedKey;
    return { items: answer.Items ?? [], next: next === undefined ? undefined : JSON.stringify(next) };
  });
  for await (const keys of listing) {
    const entries = await entriesAt(aws, table, keys);
    if (entries.length > 0) yield newestFirst(entries);
  }
}

const queryKeys = verb(
  ['dynamodb:Query'],
  (
    aws: Aws,
    table: string,
    index: Index,
    value: string,
    token: string | undefined,
    time: { readonly since: Date; readonly until: Date } | undefined,
  ) =>
    aws.send(
      DynamoDBClient,
      new QueryCommand({
        TableName: table,
        IndexName: index,
        Limit: PAGE,
        ScanIndexForward: false,
        KeyConditionExpression: `#hash = :hash${time === undefined ? '' : ' AND #at BETWEEN :since AND :until'}`,
        ExpressionAttributeNames: { '#hash': HASH[index], ...(time === undefined ? {} : { '#at': 'at' }) },
        ExpressionAttributeValues: {
          ':hash': { S: value },
          ...(time === undefined
            ? {}
            : { ':since': { S: time.since.toISOString() }, ':until': { S: time.until.toISOString() } }),
        },
        // The token is this very map, written out above.
        ...(token === undefined ? {} : { ExclusiveStartKey: JSON.parse(token) as Item }),
      }),
    ),
);

/** The entries under these keys; one that is not there (any more) is left out. */
async function entriesAt(aws: Aws, table: string, keys: readonly Item[]): Promise<readonly JournalEntry[]> {
  const found: JournalEntry[] = [];
  for (const chunk of chunks(keys, PAGE)) {
    let open: readonly Item[] = chunk.map(({ pk, sk }) => ({ ...(pk && { pk }), ...(sk && { sk }) }));
    for (let tries = 0; open.length > 0; tries++) {
      if (tries === MOST_TRIES) throw neverAll(open.length);
      const answer = await getItems(aws, table, open);
      found.push(...(answer.Responses?.[table] ?? []).map(entryOf));
      open = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found;
}

const getItems = verb(['dynamodb:BatchGetItem'], (aws: Aws, table: string, keys: readonly Item[]) =>
  aws.send(
    DynamoDBClient,
    new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  ),
);

function neverAll(left: number): AwsFailure {
  return new AwsFailure({
    kind: 'throttled',
    code: 'UnprocessedKeys',
    action: 'BatchGetItem',
    requestId: undefined,
    status: undefined,
    full: `DynamoDB gave ${MOST_TRIES} times less than was asked for; ${left} entries are still to be read`,
  });
}

/** The rights that reading back takes, for the roles. */
export const historyRights: readonly string[] = [queryKeys, getItems].flatMap(({ rights }) => rights);
