import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../../core/errors.ts';
import { combination, invalidValue } from './refuse.ts';
import type { Resource } from './state.ts';

/** Filter name to the values that a resource has under it. */
export type Fields<T> = Readonly<Record<string, (resource: T) => readonly (string | undefined)[]>>;

/** Tests of every filter of a request: a resource passes when each filter has a matching value. */
export function filterBy<T>(
  filters: readonly Filter[] | undefined,
  fields: Fields<T>,
  tagsOf?: (resource: T) => Resource['tags'],
): (resource: T) => boolean {
  const tests = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const read = readerOf(name, fields, tagsOf);
    if (values.length === 0) throw invalidValue(`The filter '${name}' has no values`);
    if (values.length > 200) {
      throw new AwsError(
        'FilterLimitExceeded',
        'The maximum number of filter values specified on a single call is 200.',
      );
    }
    const patterns = values.map(wildcard);
    return (resource: T) =>
      read(resource).some((value) => value !== undefined && patterns.some((matches) => matches(value)));
  });
  return (resource) => tests.every((test) => test(resource));
}

function readerOf<T>(
  name: string,
  fields: Fields<T>,
  tagsOf: ((resource: T) => Resource['tags']) | undefined,
): (resource: T) => readonly (string | undefined)[] {
  if (tagsOf && name === 'tag-key') return (resource) => tagsOf(resource).map((tag) => tag.Key);
  if (tagsOf && name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (resource) => tagsOf(resource).flatMap((tag) => (tag.Key === key ? [tag.Value] : []));
  }
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!read) throw invalidValue(`The filter '${name}' is invalid`);
  return read;
}

/** EC2's wildcards: `*` any text, `?` one character, `\` takes the next character as it is. Case counts. */
function wildcard(pattern: string): (value: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (value) => value === pattern;
  const source = pattern.replace(/\\?[\s\S]/g, (token) => {
    if (token === '*') return '[\\s\\S]*';
    if (token === '?') return '[\\s\\S]';
    return (token.length > 1 ? token.slice(1) : token).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  const compiled = new RegExp(`^${source}$`);
  return (value) => compiled.test(value);
}

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface PageLimits {
  readonly min: number;
  readonly max: number;
  /** Name of the id parameter, if the request used it: EC2 does not page a listing by ids. */
  readonly ids?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly NextToken?: string;
}

/** One page of a listing. The token stands for the last resource shown, so deletions between pages hide nothing. */
export function pageOf<T extends { readonly serial: number }>(
  matching: readonly T[],
  { MaxResults: size, NextToken: token }: PageRequest,
  { min, max, ids }: PageLimits,
): Page<T> {
  if (size !== undefined && ids) throw combination(ids, 'MaxResults');
  if (size !== undefined && (size < min || size > max)) {
    const side = size < min ? `less than ${min}` : `greater than ${max}`;
    throw invalidValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value not ${side}.`,
    );
  }
  const after = token === undefined ? 0 : serialOf(token);
  const rest = matching.filter((resource) => resource.serial > after).sort((a, b) => a.serial - b.serial);
  const items = size === undefined ? rest : rest.slice(0, size);
  const last = items.at(-1);
  return items.length < rest.length && last ? { items, NextToken: tokenOf(last.serial) } : { items };
}

function tokenOf(serial: number): string {
  return Buffer.from(JSON.stringify({ after: serial })).toString('base64url');
}

function serialOf(token: string): number {
  const serial = /^\{"after":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (serial === undefined) throw new AwsError('InvalidNextToken', 'The specified NextToken is not valid.');
  return Number(serial);
}
