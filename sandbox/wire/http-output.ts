import { Readable } from 'node:stream';
import { type Bound, type Documents, isInBody } from './http-bindings.ts';
import { printScalar } from './scalar.ts';
import type { Member, Structure } from './shape.ts';

interface Written {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | Readable;
  /** Where the output itself tells its status. */
  readonly status?: number;
}

type Held = Readonly<Record<string, unknown>>;

/** Splits an output into status, headers and body. */
export function writeBindings(
  { schema, shape }: Bound,
  output: unknown,
  tag: string,
  documents: Documents,
): Written {
  if (shape.kind !== 'structure') return { headers: {}, body: new Uint8Array() };
  // Outputs are objects by their own type; the schema names the members to look for.
  const held = (output ?? {}) as Held;
  const headers = headersOf(shape, held);
  const code = shape.members.find(({ traits }) => traits.httpResponseCode);
  const status = code && held[code.name] !== undefined ? { status: Number(held[code.name]) } : {};
  const payload = shape.members.find(({ traits }) => traits.httpPayload);
  if (payload)
    return { headers, ...status, ...writePayload(payload, held[payload.name], headers, documents) };
  const inBody = shape.members.filter(isInBody);
  if (inBody.length === 0) return { headers, ...status, body: new Uint8Array() };
  headers['content-type'] = documents.contentType;
  const content = Object.fromEntries(inBody.map(({ name }) => [name, held[name]]));
  return { headers, ...status, body: documents.write({ schema, shape }, content, tag) };
}

function headersOf(shape: Structure, held: Held): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const member of shape.members) {
    const { httpHeader, httpPrefixHeaders } = member.traits;
    const value = held[member.name];
    if (value === undefined || value === null) continue;
    if (httpHeader) headers[httpHeader.toLowerCase()] = headerText(member, value);
    if (httpPrefixHeaders === undefined) continue;
    for (const [name, inner] of Object.entries(value)) {
      headers[`${httpPrefixHeaders}${name}`.toLowerCase()] = String(inner);
    }
  }
  return headers;
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

function headerText({ shape }: Member, value: unknown): string {
  if (shape.kind === 'list' && Array.isArray(value)) return value.map(String).join(', ');
  if (shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') return String(value);
  return printScalar(shape, value, 'http-date');
}
