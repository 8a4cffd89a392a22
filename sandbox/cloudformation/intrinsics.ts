import { isFields } from './template.ts';

/** What references in a template can mean. */
export interface Scope {
  /** The value of a parameter, pseudo parameter or resource; undefined when there is none of that name. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
}

/** `AWS::NoValue`: the property around it is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** A value of the template with all its intrinsic functions carried out. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((each) => resolve(each, scope)).filter((each) => each !== NO_VALUE);
  if (!isFields(value)) return value;
  const [name, ...more] = Object.keys(value);
  if (
    name !== undefined &&
    more.length === 0 &&
    (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))
  ) {
    const carryOut = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    if (carryOut && !(name === 'Condition' && typeof value.Condition !== 'string'))
      return carryOut(value[name], scope);
    if (name !== 'Condition') throw new Error(`${name} is not supported`);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, resolve(each, scope)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== NO_VALUE));
}

/** Is this condition of the template true? */
export function holds(condition: unknown, scope: Scope): boolean {
  return resolve(condition, scope) === true;
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => reference(String(name), scope),
  Condition: (name, scope) => scope.condition(String(name)),
  'Fn::GetAtt': (argument, scope) => {
    const [id = '', ...path] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    return scope.attribute(id, path.join('.'));
  },
  'Fn::Sub': (argument, scope) => {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
    return substitute(String(text), resolve(own, scope), scope);
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join', 2);
    return list(resolve(parts, scope), 'Fn::Join').map(String).join(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, choices] = list(argument, 'Fn::Select', 2);
    const chosen = list(resolve(choices, scope), 'Fn::Select')[Number(resolve(index, scope))];
    if (chosen === undefined) throw new Error(`Fn::Select has no element ${String(index)}`);
    return chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, 'Fn::Split', 2);
    return String(resolve(text, scope)).split(String(separator));
  },
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = list(argument, 'Fn::If', 3);
    return resolve(scope.condition(String(name)) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [one, other] = list(argument, 'Fn::Equals', 2).map((each) => JSON.stringify(resolve(each, scope)));
    return one === other;
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((each) => holds(each, scope)),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((each) => holds(each, scope)),
  'Fn::Not': (argument, scope) => !holds(list(argument, 'Fn::Not', 1)[0], scope),
};

const VARIABLE = /\$\{(!?)([^}]+)\}/g;

function substitute(text: string, own: unknown, scope: Scope): string {
  return text.replaceAll(VARIABLE, (_, literal: string, inside: string) => {
    const name = inside.trim();
    if (literal) return `\${${inside}}`;
    if (isFields(own) && Object.hasOwn(own, name)) return String(own[name]);
    const [id = '', ...path] = name.split('.');
    return String(path.length > 0 ? scope.attribute(id, path.join('.')) : reference(name, scope));
  });
}

function reference(name: string, scope: Scope): unknown {
  const found = scope.ref(name);
  if (found === undefined) throw new Error(`${name} is referred to and does not exist`);
  return found;
}

function list(value: unknown, where: string, length?: number): readonly unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw new Error(`${where} takes a list${length === undefined ? '' : ` of ${length}`}`);
}

/** Every name that a value refers to, pseudo parameters and parameters included. */
export function namesIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((each) => [...namesIn(each)]));
  if (!isFields(value)) return new Set();
  return new Set(Object.entries(value).flatMap(([key, each]) => [...namesOf(key, each), ...namesIn(each)]));
}

function namesOf(key: string, value: unknown): readonly string[] {
  if (key === 'Ref') return [String(value)];
  if (key === 'Fn::GetAtt') return [String(Array.isArray(value) ? value[0] : String(value).split('.')[0])];
  if (key !== 'Fn::Sub') return [];
  const [text, own] = Array.isArray(value) ? value : [value, {}];
  return [...String(text).matchAll(VARIABLE)]
    .filter(([, literal, name = '']) => !literal && !(isFields(own) && Object.hasOwn(own, name)))
    .map(([, , name = '']) => name.trim().split('.')[0] ?? '');
}
