import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type Fetch, postToChat } from '../../../shared/aws/webhook.ts';

const SECRET = 'https://hooks.slack.com/services/T000/B000/xyzzy';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A server in the place of the chat: only the host is another, everything else goes as it would. */
async function inPlaceOf(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const send: Fetch = (url, init) => fetch(`http://127.0.0.1:${port}${new URL(url).pathname}`, init);
  return { paths, send };
}

it('posts the message to the address', async () => {
  const { paths, send } = await inPlaceOf((_, response) => response.end('ok'));

  await postToChat('slack', SECRET, '{}', send);
  expect(paths).toEqual(['/services/T000/B000/xyzzy']);
});

it.each([
  'http://hooks.slack.com/services/x',
  'https://hooks.slack.com.evil.example/services/x',
  'https://evil.example/hooks.slack.com',
  'https://hooks.slack.com@evil.example/',
  'https://user:word@hooks.slack.com/services/x',
  'https://hooks.slack.com:8443/services/x',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/services/x',
  'file:///etc/passwd',
  'not a url',
  '',
])('B6.35 never calls %s', async (address) => {
  const calls: string[] = [];
  const send: Fetch = async (url) => {
    calls.push(url);
    return { ok: true, status: 200, body: null };
  };

  await expect(postToChat('slack', address, '{}', send)).rejects.toThrow(
    /^The address of the slack webhook is not one/,
  );
  expect(calls).toEqual([]);
});

it('B6.35 follows no redirect', async () => {
  const { paths, send } = await inPlaceOf((_, response) => {
    response.writeHead(307, { location: '/elsewhere' }).end();
  });

  await expect(postToChat('slack', SECRET, '{}', send)).rejects.toThrow('The slack webhook answered 307');
  expect(paths).toHaveLength(1);
});

it('B6.34 B6.35 says that it failed without naming the address', async () => {
  const send: Fetch = async (url, { signal }) => {
    expect(signal).toBeInstanceOf(AbortSignal);
    throw new TypeError(`fetch failed: ${url}`);
  };

  const failed = await postToChat('slack', SECRET, '{}', send).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(`${failed instanceof Error ? `${failed.message}${failed.stack}${failed.cause}` : ''}`).not.toContain(
    'xyzzy',
  );
});

it('B6.35 waits five seconds and no longer', async () => {
  const send: Fetch = async () => {
    throw new DOMException('late', 'TimeoutError');
  };

  await expect(postToChat('slack', SECRET, '{}', send)).rejects.toThrow('did not answer within five seconds');
});
