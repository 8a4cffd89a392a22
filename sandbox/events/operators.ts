import { BlockList, isIP } from 'node:net';
import { AwsError } from '../core/errors.ts';
import { numericRange } from './numeric.ts';
import { wildcard } from './wildcard.ts';

/** A value at the end of a path in an event. */
export type Leaf = string | number | boolean | null;

/** Judges all values found at one path; none at all means that the field is absent. */
export type LeafTest = (leaves: readonly Leaf[]) => boolean;

type ValueTest = (leaf: Leaf) => boolean;
type Compile = (operand: unknown) => ValueTest;

/** Refuses a pattern the way EventBridge does. */
export function refuse(reason: string): never {
  throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

/** Compiles one choice of a field: a literal, or an object with one comparison operator. */
export function leafTest(choice: unknown, path: string): LeafTest {
  if (typeof choice !== 'object' || choice === null) {
    return (leaves) => leaves.some((leaf) => leaf === choice);
  }
  if (Array.isArray(choice)) {
    return refuse(`Match value must be String, number, true, false, or null at ${path}`);
  }
  const [name, operand] = onlyEntry(choice, path);
  if (name === 'exists') return existence(operand);
  const compile = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!compile) return refuse(`Unrecognized match type ${name} at ${path}`);
  const test = compile(operand);
  return (leaves) => leaves.some(test);
}

const OPERATORS: Readonly<Record<string, Compile>> = {
  prefix: (operand) => affix('prefix', operand, false),
  suffix: (operand) => affix('suffix', operand, false),
  'equals-ignore-case': (operand) => {
    const wanted = text('equals-ignore-case', operand).toLowerCase();
    return strings((leaf) => leaf.toLowerCase() === wanted);
  },
  wildcard: (operand) => strings(wildcard(text('wildcard', operand), refuse)),
  numeric: (operand) => numericRange(operand, refuse),
  cidr: (operand) => cidr(text('cidr', operand)),
  'anything-but': (operand) => {
    const excluded = anyOf(operand);
    return (leaf) => !excluded(leaf);
  },
};

/** The values that `anything-but` leaves out: literals, lists of them, or one nested operator over strings. */
function anyOf(operand: unknown): ValueTest {
  if (typeof operand === 'string' || typeof operand === 'number') return (leaf) => leaf === operand;
  if (Array.isArray(operand)) {
    if (operand.length === 0) refuse('Empty arrays are not allowed in anything-but');
    const kinds = new Set(operand.map((value) => typeof value));
    if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) {
      refuse('Inside anything-but list, either all values are number or string, mixed type is not supported');
    }
    return (leaf) => operand.includes(leaf);
  }
  if (typeof operand !== 'object' || operand === null) {
    return refuse('Value of anything-but must be an array or single string/number value.');
  }
  const [name, values] = onlyEntry(operand, 'anything-but');
  const compile = Object.hasOwn(BUT, name) ? BUT[name] : undefined;
  if (!compile) return refuse(`Unsupported anything-but pattern: ${name}`);
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  if (list.length === 0) refuse('Empty arrays are not allowed in anything-but');
  const tests = list.map(compile);
  return (leaf) => tests.some((test) => test(leaf));
}

const BUT: Readonly<Record<string, Compile>> = {
  prefix: (operand) => affix('prefix', operand, true),
  suffix: (operand) => affix('suffix', operand, true),
  'equals-ignore-case': (operand) =>
    OPERATORS['equals-ignore-case']?.(operand) ?? refuse('equals-ignore-case'),
  wildcard: (operand) => strings(wildcard(text('anything-but wildcard', operand), refuse)),
};

function affix(kind: 'prefix' | 'suffix', operand: unknown, neverEmpty: boolean): ValueTest {
  const nested = typeof operand === 'object' && operand !== null && !Array.isArray(operand);
  const [form, value] = nested ? onlyEntry(operand, kind) : ['exact', operand];
  if (form !== 'exact' && form !== 'equals-ignore-case') refuse(`Unsupported ${kind} pattern: ${form}`);
  const fold = form === 'exact' ? (leaf: string) => leaf : (leaf: string) => leaf.toLowerCase();
  const wanted = fold(text(kind, value));
  if (neverEmpty && wanted === '') refuse('Null prefix/suffix not allowed');
  return strings((leaf) => (kind === 'prefix' ? fold(leaf).startsWith(wanted) : fold(leaf).endsWith(wanted)));
}

function existence(operand: unknown): LeafTest {
  if (typeof operand !== 'boolean') return refuse('exists match pattern must be either true or false.');
  return (leaves) => leaves.length > 0 === operand;
}

function cidr(block: string): ValueTest {
  const [address = '', bits = ''] = block.split('/');
  const family = isIP(address);
  const length = Number(bits);
  if (!family || !/^\d{1,3}$/.test(bits) || length > (family === 4 ? 32 : 128)) {
    refuse(`Malformed CIDR, one '/' and a valid address required: ${block}`);
  }
  const list = new BlockList();
  list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  return strings((leaf) => isIP(leaf) === family && list.check(leaf, family === 4 ? 'ipv4' : 'ipv6'));
}

function strings(test: (leaf: string) => boolean): ValueTest {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

function text(operator: string, operand: unknown): string {
  return typeof operand === 'string' ? operand : refuse(`${operator} match pattern must be a string`);
}

function onlyEntry(expression: object, path: string): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(expression);
  if (!entry) return refuse(`Match expression name not found at ${path}`);
  if (more.length > 0) refuse(`Only one key allowed in match expression at ${path}`);
  return entry;
}
