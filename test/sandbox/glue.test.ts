import * as glue from '@aws-sdk/client-glue';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;
let client: glue.GlueClient;
beforeEach(async () => {
  sandbox = createSandbox();
  client = new glue.GlueClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  await database('Sales', { LocationUri: 's3://lake/sales' });
});

const database = (Name: string, more: Partial<glue.DatabaseInput> = {}) =>
  client.send(new glue.CreateDatabaseCommand({ DatabaseInput: { Name, ...more } }));
const table = (Name: string, more: Partial<glue.TableInput> = {}, DatabaseName = 'sales') =>
  client.send(new glue.CreateTableCommand({ DatabaseName, TableInput: { Name, ...more } }));
const databases = (input: glue.GetDatabasesRequest = {}) => client.send(new glue.GetDatabasesCommand(input));
const tables = (input: Partial<glue.GetTablesRequest> = {}) =>
  client.send(new glue.GetTablesCommand({ DatabaseName: 'sales', ...input }));

it('B4.18 databases and tables tell where they lie, by names in lower case', async () => {
  const StorageDescriptor = { Location: 's3://lake/orders', AdditionalLocations: ['s3://attic/orders'] };
  await table('Orders', { StorageDescriptor, Parameters: { table_type: 'ICEBERG' } });
  const CreateTime = new Date(sandbox.world.clock.now());
  expect((await databases()).DatabaseList).toEqual([
    { Name: 'sales', LocationUri: 's3://lake/sales', CreateTime, CatalogId: sandbox.account },
  ]);
  expect((await tables()).TableList).toMatchObject([
    { Name: 'orders', DatabaseName: 'sales', StorageDescriptor, Parameters: { table_type: 'ICEBERG' } },
  ]);
});

it('lists page after page', async () => {
  for (const name of ['b', 'a', 'c']) await table(name);
  const first = await tables({ MaxResults: 2 });
  const second = await tables({ MaxResults: 2, NextToken: first.NextToken });
  expect([first, second].map(({ TableList }) => TableList?.map(({ Name }) => Name))).toEqual([
    ['a', 'b'],
    ['c'],
  ]);
  expect(second.NextToken).toBeUndefined();

  await database('archive');
  const { DatabaseList, NextToken } = await databases({ MaxResults: 1 });
  expect(DatabaseList).toMatchObject([{ Name: 'archive' }]);
  expect((await databases({ NextToken })).DatabaseList).toMatchObject([{ Name: 'sales' }]);
});

it.each<[string, string, () => Promise<unknown>]>([
  ['a database that is there', 'AlreadyExistsException', () => database('sales')],
  ['a table that is there', 'AlreadyExistsException', () => table('ORDERS')],
  ['a table of no database', 'EntityNotFoundException', () => table('x', {}, 'absent')],
  ['tables of no database', 'EntityNotFoundException', () => tables({ DatabaseName: 'absent' })],
  ['a name with a slash', 'InvalidInputException', () => database('a/b')],
  ['a page too large', 'InvalidInputException', () => tables({ MaxResults: 101 })],
  ['a strange token', 'InvalidInputException', () => databases({ NextToken: 'mine' })],
  ['another catalog', 'NotImplemented', () => databases({ CatalogId: '999988887777' })],
  ['a filter', 'NotImplemented', () => tables({ Expression: 'o.*' })],
  ['a link', 'NotImplemented', () => database('x', { TargetDatabase: { DatabaseName: 'y' } })],
])('%s is refused: %s', async (_when, name, act) => {
  await table('orders');
  await expect(act()).rejects.toMatchObject({ name });
});
