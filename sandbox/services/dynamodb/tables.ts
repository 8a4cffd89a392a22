import type * as ddb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { fromJson, toJson } from './attribute-values.ts';
import type { Json } from './engine.ts';
import { dynamo, onTable, settingsOf, tableArn, tableName } from './state.ts';

export const createTable = operation<ddb.CreateTableInput, object>({
  authorize: onTable,
  async run(input, call) {
    const { Tags = [], SSESpecification, DeletionProtectionEnabled, TableClass, ...rest } = input;
    if (TableClass && TableClass !== 'STANDARD') unsupported('TableClass');
    const { engine, tables } = dynamo.of(call);
    const name = tableName(input.TableName);
    const { TableDescription } = await engine.run('CreateTable', toJson({ ...rest, TableName: name }));
    tables.set(name, {
      keys: (input.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName),
      createdAt: call.now,
      tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      deletionProtection: DeletionProtectionEnabled === true,
      encrypted: SSESpecification?.Enabled === true,
      pointInTimeRecovery: false,
    });
    await quiet(call, name);
    return { TableDescription: described(call, name, TableDescription) };
  },
});

export const describeTable = operation<ddb.DescribeTableInput, object>({
  authorize: onTable,
  async run({ TableName }, call) {
    const name = tableName(TableName);
    const { Table } = await dynamo.of(call).engine.run('DescribeTable', { TableName: name });
    return { Table: described(call, name, Table) };
  },
});

export const updateTable = operation<ddb.UpdateTableInput, object>({
  authorize: onTable,
  async run({ DeletionProtectionEnabled, ...rest }, call) {
    const settings = settingsOf(call, rest.TableName);
    const name = tableName(rest.TableName);
    if (DeletionProtectionEnabled !== undefined) settings.deletionProtection = DeletionProtectionEnabled;
    if (Object.entries(rest).some(([key, value]) => key !== 'TableName' && value !== undefined)) {
      await dynamo.of(call).engine.run('UpdateTable', toJson({ ...rest, TableName: name }));
      await quiet(call, name);
    }
    const { Table } = await dynamo.of(call).engine.run('DescribeTable', { TableName: name });
    return { TableDescription: described(call, name, Table) };
  },
});

export const deleteTable = operation<ddb.DeleteTableInput, object>({
  authorize: onTable,
  async run({ TableName }, call) {
    const { engine, tables } = dynamo.of(call);
    const name = tableName(TableName);
    if (tables.get(name)?.deletionProtection) {
      throw new AwsError(
        'ValidationException',
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    }
    const { TableDescription } = await engine.run('DeleteTable', { TableName: name });
    const description = described(call, name, TableDescription);
    tables.get(name)?.stopSweeping?.();
    tables.delete(name);
    await quiet(call, name);
    return { TableDescription: description };
  },
});

export const listTables = operation<ddb.ListTablesInput, object>({
  run: (input, call) => dynamo.of(call).engine.run('ListTables', toJson(input)),
});

/** dynalite ends its changes of tables in a timer; here a table is ready, or gone, as soon as the call is answered. */
async function quiet(call: Call, name: string): Promise<void> {
  for (;;) {
    const { Table } = await dynamo
      .of(call)
      .engine.run('DescribeTable', { TableName: name })
      .catch(() => ({ Table: undefined }));
    if (!Table || status(Table) === 'ACTIVE') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const status = (table: unknown) =>
  typeof table === 'object' && table !== null && 'TableStatus' in table ? table.TableStatus : undefined;

/** dynalite's description, with this account's partition, the simulated time and what the sandbox keeps itself. */
function described(call: Call, name: string, description: unknown): Json {
  const settings = dynamo.of(call).tables.get(name);
  const text = JSON.stringify(description).replaceAll('"arn:aws:', `"arn:${call.partition}:`);
  const table: Json = JSON.parse(text);
  return {
    ...fromJson(table),
    TableArn: tableArn(call, name),
    ...(settings && {
      CreationDateTime: settings.createdAt,
      DeletionProtectionEnabled: settings.deletionProtection,
    }),
    ...(settings?.encrypted && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' } }),
  };
}

function unsupported(member: string): never {
  throw new AwsError(
    'NotImplemented',
    `The sandbox does not implement ${member} of dynamodb:CreateTable.`,
    501,
  );
}
