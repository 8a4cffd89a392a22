import {
  type Database,
  GetDatabasesCommand,
  GetTablesCommand,
  GlueClient,
  type Table,
} from '@aws-sdk/client-glue';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

const SIZE = { MaxResults: 100 };

/**
 * The databases of this region's Data Catalog. Where Lake Formation governs them, only those that it shows to the caller.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
 */
export const databases = verb(
  ['glue:GetDatabases'],
  (aws: Aws): AsyncIterable<readonly Database[]> =>
    pages(async (token) => {
      const { DatabaseList: items = [], NextToken: next } = await aws.send(
        GlueClient,
        new GetDatabasesCommand({ ...SIZE, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      return { items, next };
    }),
);

/** The tables of a database, under the same restriction. */
export const tables = verb(
  ['glue:GetTables'],
  (aws: Aws, database: string): AsyncIterable<readonly Table[]> =>
    pages(async (token) => {
      const { TableList: items = [], NextToken: next } = await aws.send(
        GlueClient,
        new GetTablesCommand({
          ...{ DatabaseName: database, ...SIZE },
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    }),
);
