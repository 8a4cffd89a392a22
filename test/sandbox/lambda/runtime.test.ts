import { afterEach, describe, expect, it } from 'vitest';
import { logsOf } from '../../../sandbox/lambda/logs.ts';
import { bundle, ROLE, type Workshop, workshop } from './fixture.ts';

let shop: Workshop;
afterEach(() => shop.sandbox.close());

describe('a function', () => {
  it('answers, with the context and the environment that Lambda gives', async () => {
    shop = workshop();
    await shop.make(
      'hello',
      `export const handler = async (event, context) => ({
        event, name: context.functionName, arn: context.invokedFunctionArn, id: context.awsRequestId,
        left: context.getRemainingTimeInMillis(), env: process.env, cwd: process.cwd(), argv: process.argv.length,
        send: typeof process.send,
      });`,
      { Environment: { Variables: { MODE: 'report' } }, Timeout: 30, MemorySize: 256 },
    );

    const { answer } = await shop.run('hello', { x: [1] });

    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:hello';
    expect(answer).toMatchObject({ event: { x: [1] }, name: 'hello', arn, argv: 2, send: 'undefined' });
    const { env, left, id, cwd } = answer as {
      env: Record<string, string>;
      left: number;
      id: string;
      cwd: string;
    };
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(left).toBeGreaterThan(25_000);
    expect(left).toBeLessThanOrEqual(30_000);
    expect(env).toMatchObject({
      MODE: 'report',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'hello',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: cwd,
      TZ: ':UTC',
      _HANDLER: 'index.handler',
    });
    expect(env.AWS_ENDPOINT_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(env.AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
    expect(Object.keys(env).filter((name) => /^(VITEST|npm_|NODE_)/.test(name))).toEqual([]);
    expect(shop.sandbox.world.credential(env.AWS_ACCESS_KEY_ID ?? '')?.principal.arn).toBe(
      'arn:aws:sts::111122223333:assumed-role/worker/hello',
    );
  });

  it('B5.24 stays warm, so that what it keeps between invocations shows, and starts anew with new code', async () => {
    shop = workshop();
    const source = (step: number) => `let count = 0; export const handler = async () => (count += ${step});`;
    await shop.make('counter', source(1));

    expect([(await shop.run('counter')).answer, (await shop.run('counter')).answer]).toEqual([1, 2]);

    const ZipFile = bundle({ 'index.mjs': source(10) });
    await shop.call('lambda', 'UpdateFunctionCode', { FunctionName: 'counter', ZipFile });
    expect((await shop.run('counter')).answer).toBe(10);
  });

  it('is renewed after six hours, or after as long as a rehearsal asks for', async () => {
    shop = workshop();
    const { clock, behaviour } = shop.sandbox.world;
    await shop.make('counter', 'let count = 0; export const handler = async () => ++count;');
    const runAfter = async (hours: number) => {
      await clock.advance(hours * 3_600_000);
      return (await shop.run('counter')).answer;
    };

    expect([await runAfter(0), await runAfter(5), await runAfter(2)]).toEqual([1, 2, 1]);
    behaviour.environmentMs = 40 * 86_400_000;
    expect([await runAfter(5), await runAfter(24 * 30)]).toEqual([2, 3]);
  });

  it('lives in the time of the account, also when that is turned', async () => {
    shop = workshop({ now: new Date('2026-11-02T08:00:00Z') });
    await shop.make(
      'clock',
      `export const handler = async () => [Date.now(), new Date().toISOString(), new Date(0).toISOString(),
        new Date() instanceof Date, typeof Date(), new Date(2020, 1).getFullYear(), new Date().constructor === Date];`,
    );

    const now = Date.parse('2026-11-02T08:00:00Z');
    const rest = ['1970-01-01T00:00:00.000Z', true, 'string', 2020, true];
    expect((await shop.run('clock')).answer).toEqual([now, '2026-11-02T08:00:00.000Z', ...rest]);
    await shop.sandbox.world.clock.advance(86_400_000);
    expect((await shop.run('clock')).answer).toEqual([now + 86_400_000, '2026-11-03T08:00:00.000Z', ...rest]);
  });

  it('follows a running clock from where it was set', async () => {
    shop = workshop({ clock: 'running', now: new Date('2030-01-01T00:00:00Z') });
    await shop.make(
      'clock',
      'export const handler = async () => { const a = Date.now(); while (Date.now() - a < 5); return a; };',
    );

    const { answer } = await shop.run('clock');

    expect(answer).toBeGreaterThanOrEqual(Date.parse('2030-01-01T00:00:00Z'));
    expect(answer).toBeLessThanOrEqual(shop.sandbox.world.clock.now());
  });

  it.each<[string, string, object]>([
    [
      'throws',
      'export const handler = async () => { throw new TypeError("no tag"); };',
      {
        errorType: 'TypeError',
        errorMessage: 'no tag',
        trace: expect.arrayContaining(['TypeError: no tag']),
      },
    ],
    [
      'throws text',
      'export const handler = async () => { throw "no"; };',
      { errorType: 'string', errorMessage: 'no' },
    ],
    [
      'leaves a promise rejected',
      'export const handler = () => { Promise.reject(new Error("lost")); return new Promise(() => setTimeout(() => {}, 9000)); };',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: lost' },
    ],
    [
      'ends its own process',
      'export const handler = async () => process.exit(3);',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    ],
    [
      'imports what is not in the bundle',
      'import "zod"; export const handler = async () => 1;',
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining("Cannot find package 'zod'"),
      },
    ],
    ['has no such export', 'export const main = 1;', { errorType: 'Runtime.HandlerNotFound' }],
    ['is broken', 'export const handler = ;', { errorType: 'Runtime.UserCodeSyntaxError' }],
    [
      'fails while it loads',
      'throw new Error("no settings");',
      { errorType: 'Error', errorMessage: 'no settings' },
    ],
    [
      'still expects a callback',
      'export const handler = (event, context, done) => done(null, 1);',
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'answers too much',
      'export const handler = async () => "x".repeat(6291557);',
      { errorType: 'Function.ResponseSizeTooLarge' },
    ],
  ])('that %s is told so in the shape of Lambda', async (_title, source, shape) => {
    shop = workshop();
    await shop.make('bad', source);

    const { answer, error } = await shop.run('bad');

    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject(shape);
  });

  it('B5.42 that cannot load fails at every invocation, and says why in its log', async () => {
    shop = workshop();
    await shop.make('bad', 'throw new Error("REEVE_MODE: report or enforce");');

    expect((await shop.run('bad')).error).toBe('Unhandled');
    expect((await shop.run('bad')).error).toBe('Unhandled');
    const said = logsOf(shop.sandbox.world, 'bad').filter(({ text }) =>
      text.includes('REEVE_MODE: report or enforce'),
    );
    expect(said).toHaveLength(2);
  });

  it('runs on a callback under Node.js 22', async () => {
    shop = workshop();
    const source = 'export const handler = (event, context, done) => done(null, event.n + 1);';
    await shop.make('old', source, { Runtime: 'nodejs22.x' });

    expect((await shop.run('old', { n: 1 })).answer).toBe(2);
  });

  it('B5.19 is stopped at its time-out, and its successor starts fresh', async () => {
    shop = workshop();
    await shop.make(
      'slow',
      'let warm = 0; export const handler = async ({ ms }) => { warm++; await new Promise((r) => setTimeout(r, ms)); return warm; };',
      { Timeout: 1 },
    );

    const { answer, error, log } = await shop.run('slow', { ms: 60_000 });

    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/timed out after 1\.00 seconds$/),
    });
    expect(log).toMatch(/Task timed out after 1\.00 seconds/);
    expect((await shop.run('slow', { ms: 0 })).answer).toBe(1);
  });

  it('is stopped even while it spins', async () => {
    shop = workshop();
    await shop.make('spin', 'export const handler = async () => { for (;;); };', { Timeout: 1 });

    expect((await shop.run('spin')).answer).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it('does not outgrow its memory', async () => {
    shop = workshop();
    const source =
      'export const handler = async () => { const a = []; for (;;) a.push(new Array(1e5).fill(a.length)); };';
    await shop.make('hungry', source, { MemorySize: 128, Timeout: 30 });

    expect((await shop.run('hungry')).answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: (aborted|killed)/),
    });
  });

  it.each<[string, string, string]>([
    ['fetch', 'await fetch("http://example.com/");', 'example.com'],
    [
      'a socket',
      'const net = await import("node:net"); await new Promise((r, j) => net.connect(443, "192.0.2.1").on("error", j).on("connect", r));',
      '192.0.2.1',
    ],
    [
      'https',
      'const https = await import("node:https"); await new Promise((r, j) => https.get("https://ec2.eu-west-1.amazonaws.com/").on("error", j).on("response", r));',
      'ec2.eu-west-1.amazonaws.com',
    ],
    [
      'a look-up',
      'const dns = await import("node:dns/promises"); await dns.lookup("example.org");',
      'example.org',
    ],
    [
      'a resolver',
      'const { resolve4 } = await import("node:dns/promises"); await resolve4("example.org");',
      'example.org',
    ],
    [
      'a datagram',
      'const { createSocket } = await import("node:dgram"); createSocket("udp4").send("x", 53, "192.0.2.1");',
      'a host over UDP',
    ],
  ])(
    'B6.38 reaches nothing but this machine, not by %s, and the log names the host',
    async (_way, code, host) => {
      shop = workshop();
      await shop.make('caller', `export const handler = async () => { ${code} };`);

      const { error, log } = await shop.run('caller');

      expect(error).toBe('Unhandled');
      expect(log).toContain(`refused a connection to ${host}`);
    },
  );

  it('writes its log as text, between the lines of Lambda', async () => {
    shop = workshop({ now: new Date('2026-11-02T08:00:00Z') });
    await shop.make(
      'talker',
      'export const handler = async () => { console.log("a %s", "b"); console.error("c\\nd"); process.stdout.write("raw\\n"); };',
    );

    await shop.run('talker');

    const lines = logsOf(shop.sandbox.world, 'talker').map(({ text }) => text);
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/),
      expect.stringMatching(/^2026-11-02T08:00:00.000Z\t[0-9a-f-]{36}\tINFO\ta b$/),
      expect.stringMatching(/^2026-11-02T08:00:00.000Z\t[0-9a-f-]{36}\tERROR\tc\rd$/),
      'raw',
      expect.stringMatching(/^END RequestId: /),
      expect.stringMatching(
        /^REPORT RequestId: .*\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
      ),
    ]);
  });

  it('writes its log as JSON when it is asked to', async () => {
    shop = workshop({ now: new Date('2026-11-02T08:00:00Z') });
    await shop.make('talker', 'export const handler = async () => console.warn({ a: 1 });', {
      LoggingConfig: { LogFormat: 'JSON' },
    });

    await shop.run('talker');

    const lines = logsOf(shop.sandbox.world, 'talker').map(({ text }): unknown => JSON.parse(text));
    expect(lines).toEqual([
      expect.objectContaining({ type: 'platform.start' }),
      expect.objectContaining({ level: 'WARN', message: { a: 1 }, timestamp: '2026-11-02T08:00:00.000Z' }),
      expect.objectContaining({
        type: 'platform.report',
        record: expect.objectContaining({ status: 'success' }),
      }),
    ]);
  });

  it('serves several invocations side by side, each in an environment of its own', async () => {
    shop = workshop();
    const source =
      'let busy = 0; export const handler = async () => { busy++; await new Promise((r) => setTimeout(r, 50)); return busy--; };';
    await shop.make('many', source);

    const answers = await Promise.all([1, 2, 3].map(() => shop.run('many')));

    expect(answers.map(({ answer }) => answer)).toEqual([1, 1, 1]);
  });

  it('B5.20 refuses what goes beyond its reserved concurrency', async () => {
    shop = workshop();
    await shop.make(
      'few',
      'export const handler = async () => new Promise((r) => setTimeout(r, 100, "done"));',
    );
    await shop.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'few',
      ReservedConcurrentExecutions: 1,
    });

    const first = shop.run('few');
    await expect(shop.run('few')).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    expect((await first).answer).toBe('done');
  });

  it('is not made with a role that Lambda cannot assume', async () => {
    shop = workshop();
    await expect(shop.make('orphan', 'x', { Role: ROLE.replace('worker', 'nobody') })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });
});
