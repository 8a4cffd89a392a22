import { AwsError } from '../core/errors.ts';

/** A body that came in chunks, put together, and the headers that came behind it. */
export interface Unchunked {
  readonly body: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Undoes `aws-chunked`: `size[;chunk-signature=…]CRLF data CRLF … 0CRLF trailers`, as SDKs send streams. */
export function unchunked(sent: Uint8Array): Unchunked {
  const raw = Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength);
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.toString('latin1', at, end), 16);
    if (end < 0 || Number.isNaN(size)) throw incomplete();
    at = end + 2;
    if (size === 0) return { body: Buffer.concat(parts), trailers: trailersOf(raw.toString('latin1', at)) };
    if (at + size > raw.length) throw incomplete();
    parts.push(raw.subarray(at, at + size));
    at += size + 2;
  }
}

function trailersOf(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}
