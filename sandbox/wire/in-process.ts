import { HttpResponse } from '@smithy/core/protocols';
import { NoAnswer, type WireRequest, type WireResponse } from './message.ts';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An SDK `requestHandler` that opens no socket; what would be a network failure rejects as Node's own handler would. */
export function inProcess(answer: (request: WireRequest) => Promise<WireResponse>) {
  return {
    async handle(request: unknown): Promise<{ response: HttpResponse }> {
      // The SDK hands its HttpRequest over as unknown; it has these members for every client.
      const { status, headers, body } = await answer(await wireRequest(request as SdkRequest)).catch(
        asNetworkError,
      );
      return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body }) };
    },
  };
}

async function wireRequest({ method, path, query = {}, headers, body }: SdkRequest): Promise<WireRequest> {
  return {
    method,
    path,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? ''])),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: await wholeBody(body),
  };
}

async function wholeBody(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body !== 'object' || !(Symbol.asyncIterator in body))
    throw new TypeError('The body is of no known kind.');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function asNetworkError(error: unknown): never {
  if (error instanceof NoAnswer && error.kind === 'reset') throw Object.assign(error, { code: 'ECONNRESET' });
  throw error;
}
