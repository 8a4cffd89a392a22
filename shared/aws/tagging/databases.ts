import { type DBInstance, DescribeDBInstancesCommand, type Filter, RDSClient } from '@aws-sdk/client-rds';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { pages } from '../pages.ts';

/** All database instances of the region with their tags, a hundred a page. */
export const listDatabases = verb(['rds:DescribeDBInstances'], (aws: Aws) => databasePages(aws, []));

/** Those with these identifiers; those that do not exist are simply absent. */
export const databasesById = verb(
  ['rds:DescribeDBInstances'],
  async (aws: Aws, ids: readonly string[]): Promise<readonly DBInstance[]> => {
    const found: DBInstance[] = [];
    for (const part of chunks(ids, 100)) {
      const filter = { Name: 'db-instance-id', Values: [...part] };
      for await (const page of databasePages(aws, [filter])) found.push(...page);
    }
    return found;
  },
);

function databasePages(aws: Aws, filters: readonly Filter[]): AsyncIterable<readonly DBInstance[]> {
  return pages(async (token) => {
    const command = new DescribeDBInstancesCommand({
      MaxRecords: 100,
      ...(filters.length === 0 ? {} : { Filters: [...filters] }),
      ...(token === undefined ? {} : { Marker: token }),
    });
    const { DBInstances: items = [], Marker: next } = await aws.send(RDSClient, command);
    return { items, next };
  });
}
