import ipaddr from 'ipaddr.js';
import { fill, matches, type RequestContext } from './pattern.ts';

/** A condition operator: `test` compares one request value with one policy value; `negated` turns the answer round. */
export interface Operator {
  readonly name: string;
  readonly negated: boolean;
  /** Can this value stand in a policy? */
  accepts(wanted: string): boolean;
  /** Without a context, variables are plain text. */
  test(given: string, wanted: string, context?: RequestContext): boolean;
}

type Test = Operator['test'];

const equals: Test = (given, wanted, context) => given === fill(wanted, context);
const equalsIgnoringCase: Test = (given, wanted, context) =>
  given.toLowerCase() === fill(wanted, context)?.toLowerCase();
const like: Test = (given, wanted, context) => matches(wanted, given, context);

/** All six parts of an ARN are compared on their own, so a `*` does not cross a colon (the last part excepted). */
const arnLike: Test = (given, wanted, context) => {
  if (wanted === '*') return true;
  const parts = arnParts(given);
  const patterns = arnParts(wanted);
  return (
    parts.length === 6 &&
    patterns.length === 6 &&
    patterns.every((pattern, index) => matches(pattern, parts[index] ?? '', context))
  );
};

/** Splits at the colons outside of `${…}`. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.match(/(?:\$\{[^}]*\}|[^:])+|(?<=:)(?=:)/g) ?? [];
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

const numeric =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (given, wanted) =>
    given.trim() !== '' && wanted.trim() !== '' && compare(Number(given), Number(wanted));

const date =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (given, wanted) =>
    compare(moment(given), moment(wanted));

/** ISO 8601 or epoch seconds; what is neither is NaN, which no comparison accepts. */
const moment = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const bool: Test = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();

const inRange: Test = (given, wanted) => {
  if (!ipaddr.isValid(given)) return false;
  const address = ipaddr.parse(given);
  const [range, bits] = wanted.includes('/') ? ipaddr.parseCIDR(wanted) : alone(wanted);
  return address.kind() === range.kind() && address.match(range, bits);
};

function alone(address: string): [ReturnType<typeof ipaddr.parse>, number] {
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  NumericEquals: numeric((given, wanted) => given === wanted),
  NumericLessThan: numeric((given, wanted) => given < wanted),
  NumericLessThanEquals: numeric((given, wanted) => given <= wanted),
  NumericGreaterThan: numeric((given, wanted) => given > wanted),
  NumericGreaterThanEquals: numeric((given, wanted) => given >= wanted),
  DateEquals: date((given, wanted) => given === wanted),
  DateLessThan: date((given, wanted) => given < wanted),
  DateLessThanEquals: date((given, wanted) => given <= wanted),
  DateGreaterThan: date((given, wanted) => given > wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
  Bool: bool,
  IpAddress: inRange,
  /** Asks only whether the key is there: the evaluation of conditions answers it before any comparison. */
  Null: () => false,
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

const isNumber = (text: string) => text.trim() !== '' && !Number.isNaN(Number(text));
const isMoment = (text: string) => !Number.isNaN(moment(text));
const isBool = (text: string) => /^(true|false)$/i.test(text);
const isRange = (text: string) => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text));

function accepts(base: string): (wanted: string) => boolean {
  if (base.startsWith('Numeric')) return isNumber;
  if (base.startsWith('Date')) return isMoment;
  if (base === 'Bool' || base === 'Null') return isBool;
  return base === 'IpAddress' ? isRange : () => true;
}

/** The operators of IAM's JSON policy reference; BinaryEquals is left out and therefore refused by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...Object.keys(TESTS).map((name) => [name, operator(name, name)] as const),
  ...Object.entries(NEGATED).map(([name, base]) => [name, operator(name, base)] as const),
]);

function operator(name: string, base: string): Operator {
  return { name, negated: name !== base, accepts: accepts(base), test: TESTS[base] ?? equals };
}
