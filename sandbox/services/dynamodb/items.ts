import type * as ddb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { fromJson, toJson } from './attribute-values.ts';
import type { Json } from './engine.ts';
import { dynamo, leadingKeys, onTable, settingsOf, tableArn, tableName } from './state.ts';

interface ItemInput {
  readonly TableName?: string | undefined;
  readonly IndexName?: string | undefined;
  readonly Key?: Record<string, ddb.AttributeValue> | undefined;
  readonly Item?: Record<string, ddb.AttributeValue> | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

/** GetItem, Query and Scan. */
export function reading(name: 'GetItem' | 'Query' | 'Scan'): Operation {
  return operation<ItemInput, object>({
    dataPlane: true,
    authorize(input, call) {
      const arn = tableArn(call, input.TableName);
      const resource = input.IndexName === undefined ? arn : `${arn}/index/${input.IndexName}`;
      return [{ action: `dynamodb:${name}`, resources: [resource], context: leadingKeys(call, input) }];
    },
    run: async (input, call) => fromJson(await dynamo.of(call).engine.run(name, named(input))),
  });
}

/** PutItem, UpdateItem and DeleteItem. */
export function writing(name: 'PutItem' | 'UpdateItem' | 'DeleteItem'): Operation {
  return operation<ItemInput, object>({
    dataPlane: true,
    authorize: (input, call) =>
      onTable(input, call).map((demand) => ({ ...demand, context: leadingKeys(call, input) })),
    run({ ReturnValuesOnConditionCheckFailure, ...input }, call) {
      const { engine, exclusive } = dynamo.of(call);
      return exclusive(async () => {
        try {
          return fromJson(await engine.run(name, named(input)));
        } catch (error) {
          if (ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || !isFailedCondition(error)) throw error;
          const Item = await itemOf(call, input);
          throw new AwsError(error.code, error.message, error.status, Item ? { Item: fromJson(Item) } : {});
        }
      });
    },
  });
}

export const batchGetItem = operation<ddb.BatchGetItemInput, object>({
  dataPlane: true,
  authorize: ({ RequestItems = {} }, call) => onTables(call, Object.keys(RequestItems)),
  run: async (input, call) => fromJson(await dynamo.of(call).engine.run('BatchGetItem', toJson(input))),
});

export const batchWriteItem = operation<ddb.BatchWriteItemInput, object>({
  dataPlane: true,
  authorize: ({ RequestItems = {} }, call) => onTables(call, Object.keys(RequestItems)),
  run: (input, call) =>
    dynamo
      .of(call)
      .exclusive(async () => fromJson(await dynamo.of(call).engine.run('BatchWriteItem', toJson(input)))),
});

/** The item that a write speaks of, as it is now. */
export async function itemOf(call: Call, input: ItemInput): Promise<Json | undefined> {
  const { keys } = settingsOf(call, input.TableName);
  const given: Json = { ...(input.Key ?? input.Item) };
  const Key = toJson(Object.fromEntries(keys.map((key) => [key, given[key]])));
  const read = { TableName: tableName(input.TableName), Key, ConsistentRead: true };
  const { Item } = await dynamo.of(call).engine.run('GetItem', read);
  return typeof Item === 'object' && Item !== null ? { ...Item } : undefined;
}

export function isFailedCondition(error: unknown): error is AwsError {
  return error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
}

export function named(input: { readonly TableName?: string | undefined }): Json {
  return { ...toJson(input), TableName: tableName(input.TableName) };
}

function onTables(call: Call, names: readonly string[]) {
  return [{ action: `dynamodb:${call.operation}`, resources: names.map((name) => tableArn(call, name)) }];
}
