import { type Bound, type Documents, isInBody } from './http-bindings.ts';
import type { WireRequest } from './message.ts';
import { parseScalar } from './scalar.ts';
import type { Member, Shape } from './shape.ts';

/** Reads an input from path labels, query, headers and body, as the schema binds its members. */
export async function readBindings(
  { schema, shape }: Bound,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  documents: Documents,
): Promise<Readonly<Record<string, unknown>>> {
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

async function readPayload(member: Member, body: Uint8Array, documents: Documents): Promise<unknown> {
  if (member.shape.kind === 'blob') return body;
  if (member.shape.kind === 'string') return Buffer.from(body).toString('utf8');
  return documents.read(member, body);
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
