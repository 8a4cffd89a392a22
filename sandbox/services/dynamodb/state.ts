import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Where } from '../../core/service.ts';
import { createEngine, type Engine } from './engine.ts';

/** What the sandbox itself keeps of a table, because dynalite does not. */
export interface TableSettings {
  readonly keys: readonly string[];
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  deletionProtection: boolean;
  encrypted: boolean;
  pointInTimeRecovery: boolean;
  /** The attribute that holds the epoch second at which an item expires. */
  ttl?: string;
  /** Takes the next sweep of expired items off the clock. */
  stopSweeping?: () => void;
}

export interface DynamoState {
  readonly engine: Engine;
  readonly tables: Map<string, TableSettings>;
  /** Answered TransactWriteItems by client token: when, and for which input. */
  readonly tokens: Map<string, { readonly at: number; readonly input: string }>;
  /** Runs writes one after the other, so that a transaction or a condition sees no half of another one. */
  exclusive<T>(write: () => Promise<T>): Promise<T>;
}

export const dynamo = drawer<DynamoState>(({ account, region }) => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    engine: createEngine({ account, region }),
    tables: new Map(),
    tokens: new Map(),
    exclusive(write) {
      const next = last.then(write, write);
      last = next.catch(() => undefined);
      return next;
    },
  };
});

/** `arn:aws:dynamodb:eu-west-1:111122223333:table/journal`; a name that is an ARN already stays one. */
export function tableArn({ partition, region, account }: Where, name = ''): string {
  return name.startsWith('arn:') ? name : `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
}

/** Tables may be named by their ARN; dynalite wants the name. */
export function tableName(nameOrArn = ''): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

export function settingsOf(call: Call, nameOrArn: string | undefined): TableSettings {
  const name = tableName(nameOrArn);
  const settings = dynamo.of(call).tables.get(name);
  if (settings) return settings;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** The demand of an operation on one table. */
export const onTable = ({ TableName }: { readonly TableName?: string | undefined }, call: Call) => [
  { action: `dynamodb:${call.operation}`, resources: [tableArn(call, TableName)] },
];

/** The values of the partition key that a request touches, for policies that grant rows (`dynamodb:LeadingKeys`). */
export function leadingKeys(
  call: Call,
  {
    TableName,
    Key,
    Item,
  }: { TableName?: string | undefined; Key?: object | undefined; Item?: object | undefined },
): Record<string, readonly string[]> {
  const [partitionKey = ''] = dynamo.of(call).tables.get(tableName(TableName))?.keys ?? [];
  const value = Object.entries({ ...(Key ?? Item) }).find(([name]) => name === partitionKey)?.[1];
  const text: unknown = typeof value === 'object' && value ? Object.values(value)[0] : undefined;
  return typeof text === 'string' ? { 'dynamodb:LeadingKeys': [text] } : {};
}
