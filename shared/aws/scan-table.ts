import {
  type AttributeValue,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { LastScan, LastScans, Regime } from '../engine/shrinkage.ts';
import { type Aws, verb } from './access.ts';
import { collect, pages } from './pages.ts';

/** Longer than any pause between two sweeps. */
const KEEP_MS = 90 * 86_400_000;

const REGIMES: readonly Regime[] = ['report', 'enforce', 'grace'];

type Item = Record<string, AttributeValue>;

/** What the last sweeps of a policy read, by place: an item for each account, an attribute for each region. */
export const lastScans = verb(
  ['dynamodb:Query'],
  async (aws: Aws, table: string, policy: string): Promise<LastScans> => {
    const listing = pages(async (token) => {
      const command = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :scans',
        ExpressionAttributeValues: { ':scans': { S: keyOf(policy) } },
        // The token is this very map, written out below.
        ...(token === undefined ? {} : { ExclusiveStartKey: JSON.parse(token) as Item }),
      });
      const { Items = [], LastEvaluatedKey: next } = await aws.send(DynamoDBClient, command);
      return { items: Items, next: next === undefined ? undefined : JSON.stringify(next) };
    });
    const items = await collect(listing);
    return new Map(
      items.flatMap(({ sk, pk: _, expires: __, ...regions }) =>
        Object.entries(regions).flatMap(([region, { M: scan }]) =>
          sk?.S === undefined || scan === undefined ? [] : [[`${sk.S}, ${region}`, scanFrom(scan)] as const],
        ),
      ),
    );
  },
);

/** Notes what a sweep read in some places. */
export const noteScans = verb(
  ['dynamodb:UpdateItem'],
  async (aws: Aws, table: string, policy: string, scans: LastScans, now: Date): Promise<void> => {
    const byAccount = Map.groupBy(scans, ([place]) => place.split(', ', 1)[0] ?? '');
    for (const [account, ofAccount] of byAccount) {
      const regions = ofAccount.map(([place]) => place.slice(account.length + 2));
      const names = regions.map((region, index) => [`#r${index}`, region]);
      const values = ofAccount.map(([, scan], index) => [`:r${index}`, { M: mapOf(scan) }]);
      await aws.send(
        DynamoDBClient,
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: keyOf(policy) }, sk: { S: account } },
          UpdateExpression: `SET #expires = :expires, ${regions.map((_, index) => `#r${index} = :r${index}`).join(', ')}`,
          ExpressionAttributeNames: { '#expires': 'expires', ...Object.fromEntries(names) },
          ExpressionAttributeValues: {
            ':expires': { N: String(Math.ceil((now.getTime() + KEEP_MS) / 1000)) },
            ...Object.fromEntries(values),
          },
        }),
      );
    }
  },
);

function keyOf(policy: string): string {
  return `scanned#${policy}`;
}

function mapOf({ scanned, fewer, regime, accepted }: LastScan): Item {
  return {
    scanned: { N: String(scanned) },
    ...(regime && { regime: { S: regime } }),
    ...(accepted && {
      acceptedAt: { S: accepted.at.toISOString() },
      acceptedBy: { S: accepted.by },
      acceptedInstead: { N: String(accepted.instead) },
    }),
    ...(fewer && {
      since: { N: String(fewer.since.getTime()) },
      paged: { N: String(fewer.paged.getTime()) },
    }),
  };
}

function scanFrom({
  scanned,
  since,
  paged,
  regime,
  acceptedAt,
  acceptedBy,
  acceptedInstead,
}: Item): LastScan {
  const fewer = since?.N !== undefined && {
    fewer: { since: new Date(Number(since.N)), paged: new Date(Number(paged?.N)) },
  };
  const known = REGIMES.find((each) => each === regime?.S);
  const accepted = acceptedAt?.S !== undefined && {
    accepted: {
      at: new Date(acceptedAt.S),
      by: acceptedBy?.S ?? '',
      instead: Number(acceptedInstead?.N),
    },
  };
  return { scanned: Number(scanned?.N), ...fewer, ...(known && { regime: known }), ...accepted };
}
