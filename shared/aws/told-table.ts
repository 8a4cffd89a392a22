import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';

const DAY_MS = 86_400_000;

/**
 * Claims to tell something about a resource; false when it was told before, or is being told, and that time has not
 * passed. One conditional write, so of two runs at once only one tells (B5.38).
 */
export const claimTelling = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, told: Told, now: Date): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: itemOf(told),
      ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': { N: String(now.getTime()) } },
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

/** Notes in the journal's table that something about a resource has been told. */
export const noteTold = verb(
  ['dynamodb:PutItem'],
  async (aws: Aws, table: string, told: Told): Promise<void> => {
    await aws.send(DynamoDBClient, new PutItemCommand({ TableName: table, Item: itemOf(told) }));
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
