import {
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  type Tag,
} from '@aws-sdk/client-dynamodb';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { type Tags, tagsFrom } from './target.ts';

/** The names of all tables of the region, a hundred a page. */
export const listTables = verb(
  ['dynamodb:ListTables'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new ListTablesCommand({
        Limit: 100,
        ...(token === undefined ? {} : { ExclusiveStartTableName: token }),
      });
      const { TableNames: items = [], LastEvaluatedTableName: next } = await aws.send(
        DynamoDBClient,
        command,
      );
      return { items, next };
    }),
);

export const tableTags = verb(
  ['dynamodb:ListTagsOfResource'],
  async (aws: Aws, arn: string): Promise<Tags> =>
    tagsFrom(
      await collect(
        pages<Tag>(async (token) => {
          const command = new ListTagsOfResourceCommand({
            ResourceArn: arn,
            ...(token === undefined ? {} : { NextToken: token }),
          });
          const { Tags: items = [], NextToken: next } = await aws.send(DynamoDBClient, command);
          return { items, next };
        }),
      ),
    ),
);
