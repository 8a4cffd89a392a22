import * as z from 'zod';
import type { Path } from './yaml.ts';

/** As much of a JSON Schema as it takes to say what is allowed somewhere. */
interface Allowed {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Allowed>>;
  readonly required?: readonly string[];
  readonly items?: Allowed;
  readonly anyOf?: readonly Allowed[];
}

export interface Expectation {
  /** What may stand there: the schema's own description, or its type and limits in words. */
  readonly words: string;
  /** The keys that may stand there. */
  readonly keys: readonly string[];
  readonly wantsText: boolean;
}

/** What a schema expects at a path; settings of any policy explain themselves by it. */
export function expectationAt(schema: z.ZodType, path: Path): Expectation {
  // The typed boundary to zod: its output is a JSON Schema, of which every field read here is optional.
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Allowed;
  const node = path.reduce<Allowed>(below, root);
  const branches = node.anyOf ?? [node];
  return {
    words: wordsOf(node),
    keys: branches.flatMap(({ properties }) => Object.keys(properties ?? {})),
    wantsText: branches.every(({ type, enum: listed }) => type === 'string' && !listed),
  };
}

function below(node: Allowed, key: string | number): Allowed {
  const branches = node.anyOf ?? [node];
  const found = branches.map(({ properties, items }) =>
    typeof key === 'number' ? items : Object.hasOwn(properties ?? {}, key) ? properties?.[key] : undefined,
  );
  return found.find((one) => one !== undefined) ?? {};
}

function wordsOf(node: Allowed): string {
  if (node.description) return node.description;
  if (node.anyOf) return [...new Set(node.anyOf.map(wordsOf))].join(' or ');
  if (node.enum) return node.enum.length === 1 ? String(node.enum[0]) : `one of ${node.enum.join(', ')}`;
  if (node.const !== undefined) return JSON.stringify(node.const);
  switch (node.type) {
    case 'integer':
      return `a whole number${rangeOf(node)}`;
    case 'number':
      return `a number${rangeOf(node)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return node.items ? `a list, each ${wordsOf(node.items)}` : 'a list';
    case 'object':
      return keysOf(node);
    default:
      return 'another value';
  }
}

/** zod gives whole numbers the limits of exact arithmetic; nobody wants to read those. */
function rangeOf({ minimum, maximum }: Allowed): string {
  const from = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? '' : ` of at most ${to}`;
}

function keysOf({ properties = {} }: Allowed): string {
  const keys = Object.keys(properties);
  return keys.length === 0 ? 'keys and values' : `the keys ${keys.join(', ')}`;
}
