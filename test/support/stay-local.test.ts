import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';

it.each(['192.0.2.1', 'sts.eu-west-1.amazonaws.com', '169.254.169.254'])(
  'B6.38 a test cannot reach %s',
  (host) => {
    expect(() => connect({ host, port: 80 })).toThrow(`tests stay on 127.0.0.1`);
  },
);

it('B6.38 a test can reach this machine', async () => {
  const server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const text = await new Promise<string>((resolve, reject) => {
    connect({ host: '127.0.0.1', port })
      .on('data', (data) => resolve(String(data)))
      .on('error', reject);
  });
  server.close();

  expect(text).toBe('hello');
});
