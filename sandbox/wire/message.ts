import type { Readable } from 'node:stream';

/** An HTTP request as both transports hand it over: header names in lower case, the body whole. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable;
}

/** The transport must not answer: the connection stays silent or is cut. */
export class NoAnswer extends Error {
  readonly kind: 'timeout' | 'reset';

  constructor(kind: 'timeout' | 'reset') {
    super(kind === 'timeout' ? 'Connection timed out' : 'socket hang up');
    this.name = 'TimeoutError';
    this.kind = kind;
  }
}

export function text(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

export function bytes(body: string): Uint8Array {
  return Buffer.from(body, 'utf8');
}

export function queryValue(request: WireRequest, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : value?.[0];
}
