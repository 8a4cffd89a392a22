import { Readable } from 'node:stream';
import type { WireRequest } from './message.ts';
import { parseScalar, printScalar } from './scalar.ts';
import type { Member, Shape } from './shape.ts';

/** Turns one document of a REST protocol into a value and back. */
export interface Documents {
  read(member: Pick<Member, 'schema' | 'shape'>, body: Uint8Array): Promise<unknown>;
  /** `tag` names the root where the format has one. */
  write(member: Pick<Member, 'schema' | 'shape'>, value: unknown, tag: string): Uint8Array;
  readonly contentType: string;
}

type Operation = { readonly schema: Member['schema']; readonly shape: Shape };
type Held = Readonly<Record<string, unknown>>;

/** Reads an input from path labels, query, headers and body, as the schema binds its members. */
export async function readBindings(
  { schema, shape }: Operation,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  documents: Documents,
): Promise<Held> {
  if (shape.kind !== 'structure') return {};
  const payload = shape.members.find(({ traits }) => traits.httpPayload);
  const input: Record<string, unknown> = {};
  if (payload) {
    if (request.body.byteLength > 0)
      input[payload.name] = await readPayload(payload, request.body, documents);
  } else if (request.body.byteLength > 0 && shape.members.some(isInBody)) {
    Object.assign(input, await documents.read({ schema, shape }, request.body));
  }
  for (const member of shape.members) {
    const value = readBound(member, request, labels);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

/** Splits an output into status, headers and body. */
export function writeBindings(
  { schema, shape }: Operation,
  output: unknown,
  tag: string,
  documents: Documents,
) {
  const headers: Record<string, string> = {};
  const empty = {
    headers,
    body: new Uint8Array() as Uint8Array | Readable,
    status: undefined as number | undefined,
  };
  if (shape.kind !== 'structure') return empty;
  // Outputs are objects by their own type; the schema names the members to look for.
  const held = (output ?? {}) as Held;
  let status: number | undefined;
  for (const member of shape.members) {
    const value = held[member.name];
    if (value === undefined || value === null) continue;
    if (member.traits.httpHeader) headers[member.traits.httpHeader.toLowerCase()] = headerText(member, value);
    if (member.traits.httpPrefixHeaders !== undefined) {
      for (const [name, inner] of Object.entries(value)) {
        headers[`${member.traits.httpPrefixHeaders}${name}`.toLowerCase()] = String(inner);
      }
    }
    if (member.traits.httpResponseCode) status = Number(value);
  }
  const payload = shape.members.find(({ traits }) => traits.httpPayload);
  if (payload) return { headers, status, ...writePayload(payload, held[payload.name], headers, documents) };
  const inBody = shape.members.filter(isInBody);
  if (inBody.length === 0) return { ...empty, status };
  headers['content-type'] = documents.contentType;
  const content = Object.fromEntries(inBody.map(({ name }) => [name, held[name]]));
  return { headers, status, body: documents.write({ schema, shape }, content, tag) };
}

function isInBody({ traits }: Member): boolean {
  const { httpHeader, httpLabel, httpQuery, httpQueryParams, httpPrefixHeaders, httpResponseCode } = traits;
  const bound =
    httpHeader ?? httpLabel ?? httpQuery ?? httpQueryParams ?? httpPrefixHeaders ?? httpResponseCode;
  return bound === undefined && traits.httpPayload === undefined;
}

async function readPayload(member: Member, body: Uint8Array, documents: Documents): Promise<unknown> {
  if (member.shape.kind === 'blob') return body;
  if (member.shape.kind === 'string') return Buffer.from(body).toString('utf8');
  return documents.read(member, body);
}

function writePayload(member: Member, value: unknown, headers: Record<string, string>, documents: Documents) {
  if (value === undefined || value === null) return { body: new Uint8Array() };
  headers['content-type'] ??=
    member.shape.kind === 'blob' ? 'application/octet-stream' : documents.contentType;
  if (typeof value === 'string') return { body: Buffer.from(value, 'utf8') };
  if (value instanceof Uint8Array) return { body: member.traits.streaming ? Readable.from([value]) : value };
  if (value instanceof Readable) return { body: value };
  const name = member.shape.kind === 'structure' ? member.shape.name : member.name;
  return { body: documents.write(member, value, member.traits.xmlName ?? name) };
}

function readBound(member: Member, request: WireRequest, labels: Readonly<Record<string, string>>): unknown {
  const { traits, name, shape } = member;
  if (traits.httpLabel) return readOne(shape, labels[name], name, 'date-time');
  if (traits.httpQuery) return readMany(shape, request.query[traits.httpQuery], traits.httpQuery);
  if (traits.httpHeader) return readHeader(shape, request.headers[traits.httpHeader.toLowerCase()], name);
  if (traits.httpPrefixHeaders !== undefined) return readPrefixed(traits.httpPrefixHeaders, request);
  if (traits.httpQueryParams) return { ...request.query };
  return undefined;
}

function readOne(
  shape: Shape,
  written: string | undefined,
  name: string,
  stamp: 'date-time' | 'http-date',
): unknown {
  if (written === undefined || shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') {
    return undefined;
  }
  return parseScalar(shape, written, name, stamp);
}

function readMany(shape: Shape, written: string | readonly string[] | undefined, name: string): unknown {
  if (written === undefined) return undefined;
  const all = typeof written === 'string' ? [written] : written;
  if (shape.kind === 'list') return all.map((each) => readOne(shape.item.shape, each, name, 'date-time'));
  return readOne(shape, all[0], name, 'date-time');
}

function readHeader(shape: Shape, written: string | undefined, name: string): unknown {
  if (shape.kind !== 'list') return readOne(shape, written, name, 'http-date');
  return written
    ?.split(',')
    .map((each) => readOne(shape.item.shape, each.trim().replace(/^"(.*)"$/, '$1'), name, 'http-date'));
}

function readPrefixed(prefix: string, { headers }: WireRequest): Record<string, string> | undefined {
  const start = prefix.toLowerCase();
  const found = Object.entries(headers).filter(([name]) => name.startsWith(start));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), value]));
}

function headerText({ shape }: Member, value: unknown): string {
  if (shape.kind === 'list' && Array.isArray(value)) return value.map(String).join(', ');
  if (shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') return String(value);
  return printScalar(shape, value, 'http-date');
}
