import * as z from 'zod';
import { expectationAt } from './expect.ts';
import { nearest } from './nearest.ts';
import type { ConfigText, Path } from './yaml.ts';

/** Stands for "zod's own words", which say less than ours; a schema that brings its own message wins over it. */
const OURS = '\u0000';

export interface Place {
  readonly fileName: string;
  readonly text: ConfigText;
  /** Where in the file the checked value stands. */
  readonly base: Path;
  /** Keys that are allowed there besides the schema's. */
  readonly moreKeys: readonly string[];
}

/** Checks a part of the file; either its settings, or a line per mistake: file, line, key, what is allowed, what is there. */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: Place,
): { settings: z.output<S> } | { errors: readonly string[] } {
  const strict = schema instanceof z.ZodObject ? schema.strict() : schema;
  const result = strict.safeParse(value, { error: () => OURS });
  // Parsed again as it was given: `strict` refuses more keys and changes nothing else, but its type is another.
  if (result.success) return { settings: schema.parse(value) };
  const issues = result.error.issues.flatMap(intoBranch);
  return { errors: issues.flatMap((issue) => complaints(issue, value, schema, place)) };
}

/** Of the forms that a value may take, the only one that it has the kind of is the one that was meant. */
function intoBranch(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter(
    (branch) => !branch.some(({ code, path }) => isKind(code) && path.length === 0),
  );
  const [only, ...others] = meant;
  if (!only || others.length > 0) return [issue];
  return only.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(intoBranch);
}

function isKind(code: string): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
}

function complaints(
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: z.ZodType,
  place: Place,
): readonly string[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const allowed = [...expectationAt(schema, path).keys, ...(path.length === 0 ? place.moreKeys : [])];
    return issue.keys.map((key) => lineFor([...path, key], unknownKey(key, allowed), place));
  }
  if (issue.message !== OURS) {
    const got =
      issue.message.startsWith('expected') && issue.code !== 'custom'
        ? `, got ${gotAt(path, value, place)}`
        : '';
    return [lineFor(path, `${issue.message}${got}`, place)];
  }
  const { words, wantsText } = expectationAt(schema, path);
  const quoting = wantsText && isUnquoted(valueAt(path, value)) ? '; put it in quotes' : '';
  return [lineFor(path, `expected ${words}, got ${gotAt(path, value, place)}${quoting}`, place)];
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const meant = nearest(key, allowed);
  return meant ? `unknown key; did you mean "${meant}"?` : `unknown key; allowed are ${allowed.join(', ')}`;
}

/** `reeve.yml:12: policies.revoke-open-ssh.ports[0]: expected …` */
export function lineFor(
  path: Path,
  message: string,
  { fileName, text, base }: Omit<Place, 'moreKeys'>,
): string {
  const whole = [...base, ...path];
  const key = whole.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${printable(part)}`,
  );
  return `${fileName}:${text.lineOf(whole)}: ${key.join('')}${key.length > 0 ? ': ' : ''}${message}`;
}

function gotAt(path: Path, value: unknown, { text, base }: Place): string {
  const found = valueAt(path, value);
  if (found === undefined || found === null) return 'nothing';
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  if (typeof found === 'object') return 'keys and values';
  return text.sourceOf([...base, ...path]) ?? printable(JSON.stringify(found));
}

function isUnquoted(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function valueAt(path: Path, value: unknown): unknown {
  return path.reduce<unknown>((at, key) => Object.getOwnPropertyDescriptor(Object(at), key)?.value, value);
}

/** One line, no disguise: text of a file that somebody else may have written ends up on a terminal (B6.22). */
function printable(text: string): string {
  return text.slice(0, 80).replace(/[^\x20-\x7e\u00a1-\u02ff\u0370-\u058f]/gu, '?');
}
