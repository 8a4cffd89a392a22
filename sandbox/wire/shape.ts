import type { NormalizedSchema } from '@smithy/core/schema';

/** The traits of the SDK's schemas that decide how a value travels. */
export interface Traits {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
  readonly jsonName?: string;
  readonly xmlFlattened?: unknown;
  readonly xmlAttribute?: unknown;
  readonly xmlNamespace?: readonly [prefix: string | undefined, uri: string];
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: unknown;
  readonly httpLabel?: unknown;
  readonly httpPayload?: unknown;
  readonly httpResponseCode?: unknown;
  readonly streaming?: unknown;
  readonly mediaType?: string;
  readonly sensitive?: unknown;
  readonly awsQueryError?: readonly [code: string, status: number];
  readonly error?: string;
  readonly httpError?: number;
  readonly http?: readonly [method: string, path: string, status: number];
}

export interface Member {
  readonly name: string;
  readonly traits: Traits;
  readonly shape: Shape;
  /** What the SDK's codecs take. */
  readonly schema: NormalizedSchema;
}

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  /** Exactly one of its members is set. */
  readonly union: boolean;
  readonly traits: Traits;
  readonly members: readonly Member[];
}

type Simple = 'string' | 'number' | 'boolean' | 'bigint' | 'decimal' | 'blob' | 'document' | 'unit';
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export type Shape =
  | Structure
  | { readonly kind: 'list'; readonly item: Member }
  | { readonly kind: 'map'; readonly key: Member; readonly value: Member }
  | { readonly kind: 'timestamp'; readonly format?: TimestampFormat }
  | { readonly kind: Simple };

const shapes = new WeakMap<object, Shape>();
const SIMPLE: Readonly<Record<string, Shape>> = {
  0: { kind: 'string' },
  1: { kind: 'number' },
  2: { kind: 'boolean' },
  4: { kind: 'timestamp' },
  5: { kind: 'timestamp', format: 'date-time' },
  6: { kind: 'timestamp', format: 'http-date' },
  7: { kind: 'timestamp', format: 'epoch-seconds' },
  15: { kind: 'document' },
  17: { kind: 'bigint' },
  19: { kind: 'decimal' },
  21: { kind: 'blob' },
  42: { kind: 'blob' },
  unit: { kind: 'unit' },
};

/** A plain, cached view of an SDK schema: what kind of value it is and what its members are called on the wire. */
export function shapeOf(schema: NormalizedSchema): Shape {
  const raw = schema.getSchema();
  if (typeof raw !== 'object') return SIMPLE[String(raw)] ?? collection(schema);
  const known = shapes.get(raw);
  if (known) return known;
  const shape = schema.isStructSchema() ? structure(schema) : collection(schema);
  shapes.set(raw, shape);
  return shape;
}

export function memberOf(name: string, schema: NormalizedSchema): Member {
  return {
    name,
    schema,
    // The SDK types its traits more loosely than it writes them.
    traits: schema.getMergedTraits() as Traits,
    get shape() {
      return shapeOf(schema);
    },
  };
}

/** Members are made at first use, since structures may contain themselves. */
function structure(schema: NormalizedSchema): Structure {
  let members: Member[] | undefined;
  return {
    kind: 'structure',
    name: schema.getName() ?? '',
    union: schema.isUnionSchema(),
    traits: schema.getOwnTraits() as Traits,
    get members() {
      members ??= [...schema.structIterator()].map(([name, member]) => memberOf(name, member));
      return members;
    },
  };
}

function collection(schema: NormalizedSchema): Shape {
  if (schema.isListSchema()) {
    let item: Member | undefined;
    return {
      kind: 'list',
      get item() {
        item ??= memberOf('member', schema.getValueSchema());
        return item;
      },
    };
  }
  if (schema.isMapSchema()) {
    let key: Member | undefined;
    let value: Member | undefined;
    return {
      kind: 'map',
      get key() {
        key ??= memberOf('key', schema.getKeySchema());
        return key;
      },
      get value() {
        value ??= memberOf('value', schema.getValueSchema());
        return value;
      },
    };
  }
  throw new Error(`The sandbox does not know the schema ${schema.getName(true)}.`);
}
