import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { NoAnswer, type WireRequest, type WireResponse } from './message.ts';

export interface HttpDoor {
  listen(port?: number): Promise<{ readonly endpoint: string }>;
  endpoint(): string | undefined;
  close(): Promise<void>;
}

/** Tells the account's time to who asks for it: a rehearsed month is ahead of the machine's clock. */
const TIME_HEADER = 'x-simulated-time';

/** Serves the sandbox on 127.0.0.1 only; `now` is the account's time, epoch ms. */
export function httpServer(
  reply: (request: WireRequest) => Promise<WireResponse>,
  now: () => number,
): HttpDoor {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader(TIME_HEADER, new Date(now()).toISOString());
    void wireRequest(incoming)
      .then((request) => reply(request))
      .then((response) => send(response, outgoing))
      .catch((error: unknown) => fail(error, incoming, outgoing));
  });
  let endpoint: string | undefined;
  return {
    endpoint: () => endpoint,
    async listen(port = 0) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      // Listening on a port, the address is an object.
      endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { endpoint };
    },
    async close() {
      endpoint = undefined;
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function wireRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  // By hand: a URL object would fold `..` and `//`, which object keys may hold.
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const params = new URLSearchParams(search);
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    query[name] = values.length > 1 ? values : (values[0] ?? '');
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers,
    body: Buffer.concat(chunks),
  };
}

/** Without a `Date` header: clients would turn their own clocks to the simulated one and sign wrongly. */
function send({ status, headers, body }: WireResponse, outgoing: ServerResponse): void {
  outgoing.sendDate = false;
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers);
    body.pipe(outgoing);
    return;
  }
  // HEAD tells the length of a body that it does not have.
  outgoing.writeHead(status, { 'content-length': String(body.byteLength), ...headers });
  outgoing.end(body);
}

/** No answer stays unanswered or cuts the connection; anything else is a defect of the sandbox and says so. */
function fail(error: unknown, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (error instanceof NoAnswer) {
    if (error.kind === 'reset') incoming.socket.destroy();
    return;
  }
  const message = `Defect of the sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const body = Buffer.from(JSON.stringify({ __type: 'InternalFailure', message }));
  send(
    {
      status: 500,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalFailure' },
      body,
    },
    outgoing,
  );
}
