import { createRequire } from 'node:module';
import { AwsError } from '../../core/errors.ts';

/** What this file uses of dynalite, which brings no types: its store, its checks and its actions, without its server. */
interface Dynalite {
  readonly db: {
    create(options: object): Store;
    checkConditional(data: Json, item: Json | undefined): unknown;
  };
  readonly validations: {
    checkTypes(data: Json, types: Json): Json;
    checkValidations(data: Json, types: Json, custom: unknown, store: Store): void;
  };
  readonly actions: ReadonlyMap<string, Action>;
}
interface Store {
  readonly tableDb: { awsAccountId: string; awsRegion: string };
}
interface Action {
  readonly types: Json;
  readonly custom: unknown;
  run(store: Store, data: Json, done: (error: unknown, output: Json) => void): void;
}
export type Json = Record<string, unknown>;

/** DynamoDB's tables and expressions for one account and region, in memory. */
export interface Engine {
  /** `PutItem` and so on; members that dynalite would silently drop are refused by name. */
  run(operation: string, input: Json): Promise<Json>;
  /** Does the condition of this (write) operation hold for the item as it is now? Throws when the input is invalid. */
  conditionHolds(operation: string, input: Json, item: Json | undefined): boolean;
}

const OPERATIONS = [
  ...[
    'BatchGetItem',
    'BatchWriteItem',
    'CreateTable',
    'DeleteItem',
    'DeleteTable',
    'DescribeTable',
    'GetItem',
  ],
  ...['ListTables', 'PutItem', 'Query', 'Scan', 'UpdateItem', 'UpdateTable'],
];

let loaded: Dynalite | undefined;

export function createEngine({
  account,
  region,
}: {
  readonly account: string;
  readonly region: string;
}): Engine {
  loaded ??= load();
  const { db, validations, actions } = loaded;
  const store = db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsAccountId = account;
  store.tableDb.awsRegion = region;

  const prepared = (operation: string, input: Json): [Action, Json] => {
    const action = actions.get(operation);
    if (!action)
      throw new AwsError('NotImplemented', `The sandbox does not implement dynamodb:${operation}.`, 501);
    const strange = Object.keys(input).find((key) => input[key] !== undefined && !(key in action.types));
    if (strange) {
      throw new AwsError(
        'NotImplemented',
        `The sandbox does not implement ${strange} of dynamodb:${operation}.`,
        501,
      );
    }
    try {
      const data = validations.checkTypes(structuredClone(input), action.types);
      validations.checkValidations(data, action.types, action.custom, store);
      return [action, data];
    } catch (error) {
      throw refusal(error);
    }
  };

  return {
    async run(operation, input) {
      const [action, data] = prepared(operation, input);
      const { promise, resolve, reject } = Promise.withResolvers<Json>();
      action.run(store, data, (error, output) => (error ? reject(refusal(error)) : resolve(output)));
      return structuredClone(await promise);
    },
    conditionHolds(operation, input, item) {
      const [, data] = prepared(operation, input);
      return !db.checkConditional(data, item);
    },
  };
}

/** dynalite's error documents carry the shape's name behind a `#`. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('body' in error) || typeof error.body !== 'object' || !error.body)
    return error;
  const { __type, message, Message }: Json = { ...error.body };
  return new AwsError(String(__type).replace(/^.*#/, ''), String(message ?? Message ?? ''), 400);
}

/** The untyped boundary: dynalite is CommonJS with one file for each action and its checks. */
function load(): Dynalite {
  const require = createRequire(import.meta.url);
  const actions = OPERATIONS.map((operation) => {
    const file = operation.charAt(0).toLowerCase() + operation.slice(1);
    const { types, custom }: { types: Json; custom: unknown } = require(`dynalite/validations/${file}`);
    const run: Action['run'] = require(`dynalite/actions/${file}`);
    return [operation, { types, custom, run }] as const;
  });
  return {
    db: require('dynalite/db'),
    validations: require('dynalite/validations'),
    actions: new Map(actions),
  };
}
