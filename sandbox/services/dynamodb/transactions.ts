import type * as ddb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { fromJson } from './attribute-values.ts';
import type { Json } from './engine.ts';
import { itemOf, named } from './items.ts';
import { dynamo, settingsOf, tableArn, tableName } from './state.ts';

const OPERATIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;
const ACTIONS = { ...OPERATIONS, ConditionCheck: 'ConditionCheckItem' } as const;
const TEN_MINUTES = 10 * 60_000;

interface Step {
  readonly kind: keyof typeof OPERATIONS;
  readonly operation: string;
  readonly input: ddb.Put & ddb.Update & ddb.ConditionCheck;
  readonly data: Json;
  readonly before: Json | undefined;
}

/** All or nothing: every condition is looked at first, and a write that fails after that takes the others back. */
export const transactWriteItems = operation<ddb.TransactWriteItemsInput, object>({
  dataPlane: true,
  authorize: ({ TransactItems = [] }, call) =>
    TransactItems.flatMap((item) => only(item)).map(([kind, { TableName }]) => ({
      action: `dynamodb:${ACTIONS[kind]}`,
      resources: [tableArn(call, TableName)],
    })),
  run(input, call) {
    const { exclusive, tokens } = dynamo.of(call);
    return exclusive(async () => {
      const { ClientRequestToken: token, ...rest } = input;
      if (token !== undefined && answered(call, token, JSON.stringify(rest))) return {};
      const steps = await stepsOf(call, rest.TransactItems ?? []);
      refuseFailedConditions(call, steps);
      await apply(call, steps);
      if (token !== undefined) tokens.set(token, { at: call.now.getTime(), input: JSON.stringify(rest) });
      return {};
    });
  },
});

export const transactGetItems = operation<ddb.TransactGetItemsInput, object>({
  dataPlane: true,
  authorize: ({ TransactItems = [] }, call) =>
    TransactItems.map(({ Get }) => ({
      action: 'dynamodb:GetItem',
      resources: [tableArn(call, Get?.TableName)],
    })),
  run: ({ TransactItems = [] }, call) =>
    dynamo.of(call).exclusive(async () => ({
      Responses: await Promise.all(
        TransactItems.map(async ({ Get }) =>
          fromJson(await dynamo.of(call).engine.run('GetItem', named(Get ?? {}))),
        ),
      ),
    })),
});

function answered(call: Call, token: string, input: string): boolean {
  const known = dynamo.of(call).tokens.get(token);
  if (!known || call.now.getTime() - known.at > TEN_MINUTES) return false;
  if (known.input === input) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}

function only(item: ddb.TransactWriteItem): readonly [Step['kind'], Step['input']][] {
  const { Put, Update, Delete, ConditionCheck } = item;
  // The four shapes differ only in members that are optional for the reader here.
  const kinds = Object.entries({ Put, Update, Delete, ConditionCheck }) as [
    Step['kind'],
    Step['input'] | undefined,
  ][];
  const given = kinds.flatMap(([kind, input]): [Step['kind'], Step['input']][] =>
    input ? [[kind, input]] : [],
  );
  if (given.length === 1) return given;
  throw new AwsError(
    'ValidationException',
    'TransactItems can only contain one of Check, Put, Update or Delete',
  );
}

async function stepsOf(call: Call, items: readonly ddb.TransactWriteItem[]): Promise<readonly Step[]> {
  if (items.length === 0 || items.length > 100) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100`,
    );
  }
  const steps: Step[] = [];
  for (const [kind, input] of items.flatMap(only)) {
    const { ReturnValuesOnConditionCheckFailure: _, ...rest } = input;
    const before = await itemOf(call, input);
    steps.push({ kind, operation: OPERATIONS[kind], input, data: named(rest), before });
  }
  const targets = steps.map(({ input }) => keyOf(call, input));
  if (new Set(targets).size < targets.length) {
    throw new AwsError(
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    );
  }
  return steps;
}

function keyOf(call: Call, { TableName, Key, Item }: Step['input']): string {
  const given: Json = { ...(Key ?? Item) };
  const { keys } = settingsOf(call, TableName);
  return JSON.stringify([tableName(TableName), keys.map((key) => given[key])]);
}

function refuseFailedConditions(call: Call, steps: readonly Step[]): void {
  const { engine } = dynamo.of(call);
  const reasons = steps.map(({ operation: name, data, before, input }) => {
    if (engine.conditionHolds(name, data, before)) return { Code: 'None' };
    const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
    return {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(shown && { Item: fromJson(before) }),
    };
  });
  if (reasons.every(({ Code }) => Code === 'None')) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

async function apply(call: Call, steps: readonly Step[]): Promise<void> {
  const { engine } = dynamo.of(call);
  const done: Step[] = [];
  try {
    for (const step of steps) {
      if (step.kind === 'ConditionCheck') continue;
      await engine.run(step.operation, step.data);
      done.push(step);
    }
  } catch (error) {
    for (const step of done.reverse()) await takeBack(call, step);
    throw error;
  }
}

async function takeBack(call: Call, { input, before }: Step): Promise<void> {
  const { engine } = dynamo.of(call);
  const TableName = tableName(input.TableName);
  if (before) {
    await engine.run('PutItem', { TableName, Item: before });
    return;
  }
  const given: Json = { ...(input.Key ?? input.Item) };
  const { keys } = settingsOf(call, input.TableName);
  await engine.run('DeleteItem', {
    ...named({ TableName }),
    Key: Object.fromEntries(keys.map((key) => [key, given[key]])),
  });
}
