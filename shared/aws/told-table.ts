import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';

const DAY_MS = 86_400_000;

/**
 * Notes in the journal's table that something about a resource is told now; false when it was told before and that time
 * has not passed. One conditional write, so of two runs at once only one tells (B5.38).
 */
export const noteTold = verb(
  ['dynamodb:PutItem'],
  async (
    aws: Aws,
    table: string,
    resourceArn: string,
    key: string,
    until: Date,
    now: Date,
  ): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: `told#${resourceArn}` },
        sk: { S: key },
        until: { N: String(until.getTime()) },
        // DynamoDB removes expired items up to two days late, hence the condition besides.
        expires: { N: String(Math.ceil((until.getTime() + DAY_MS) / 1000)) },
      },
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
