import {
  type AttributeValue,
  DynamoDBClient,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from './access.ts';
import { together } from './together.ts';

/** Most items of one TransactGetItems or TransactWriteItems. */
const MOST = 100;

/** What nobody changed in this time is seen anew. */
const KEEP_MS = 90 * 86_400_000;

/** That a policy saw a resource at a time. */
export interface Sight {
  readonly resourceArn: string;
  readonly policy: string;
  readonly at: Date;
}

/** When resources were seen first, in the journal's table; as many in a call as are asked for at a time. */
export function sightTable(aws: Aws, table: string) {
  return {
    first: together(MOST, (sights: readonly Sight[]) => firstSights(aws, table, sights)),
    anew: together(MOST, async (sights: readonly Sight[]) => {
      await putSights(aws, table, sights);
      return sights;
    }),
  };
}

/** When each was seen first; now where it was not, which is noted. Of two runs at once the later time stays. */
export const firstSights = verb(
  ['dynamodb:GetItem', 'dynamodb:PutItem'],
  async (aws: Aws, table: string, sights: readonly Sight[]): Promise<readonly Date[]> => {
    const asked = distinct(sights);
    const { Responses: answers = [] } = await aws.send(
      DynamoDBClient,
      new TransactGetItemsCommand({
        TransactItems: asked.map((sight) => ({ Get: { TableName: table, Key: keyOf(sight) } })),
      }),
    );
    const known = new Map(
      asked.flatMap((sight, index) => {
        const at = answers[index]?.Item?.seen?.N;
        return at === undefined ? [] : [[nameOf(sight), new Date(Number(at))] as const];
      }),
    );
    await putSights(
      aws,
      table,
      asked.filter((sight) => !known.has(nameOf(sight))),
    );
    return sights.map((sight) => known.get(nameOf(sight)) ?? sight.at);
  },
);

/** Notes sights, whatever was noted before. */
export const putSights = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, sights: readonly Sight[]): Promise<void> => {
    if (sights.length === 0) return;
    const TransactItems = distinct(sights).map((sight) => ({
      Put: { TableName: table, Item: itemOf(sight) },
    }));
    await aws.send(DynamoDBClient, new TransactWriteItemsCommand({ TransactItems }));
  },
);

function keyOf({ resourceArn, policy }: Sight): Record<string, AttributeValue> {
  return { pk: { S: `seen#${resourceArn}` }, sk: { S: policy } };
}

function itemOf(sight: Sight): Record<string, AttributeValue> {
  const time = sight.at.getTime();
  return {
    ...keyOf(sight),
    seen: { N: String(time) },
    expires: { N: String(Math.ceil((time + KEEP_MS) / 1000)) },
  };
}

/** A transaction takes each item once. */
function distinct(sights: readonly Sight[]): readonly Sight[] {
  return [...new Map(sights.map((sight) => [nameOf(sight), sight])).values()];
}

function nameOf({ resourceArn, policy }: Sight): string {
  return `${policy} ${resourceArn}`;
}
