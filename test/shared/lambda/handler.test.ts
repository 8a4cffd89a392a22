import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodeSignal } from '../../../shared/events/continuation.ts';
import { lambdaHandler } from '../../../shared/lambda/handler.ts';
import { ACCOUNT, context, deployed, embedded, ownTags, tidy, untidy } from './fixture.ts';

const SWEEP = { reeve: 'sweep' };

let scene: Awaited<ReturnType<typeof deployed>>;
let lines: string[];
beforeEach(async () => {
  scene = await deployed();
  for (const [name, value] of Object.entries(scene.environment)) vi.stubEnv(name, value);
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await scene.sandbox.close();
});

/** Log lines and metrics are JSON, one a line. */
const logged = (): readonly Record<string, unknown>[] =>
  lines.flatMap((line) => line.trim().split('\n')).map((line) => JSON.parse(line));
const metrics = () => logged().find((line) => '_aws' in line) ?? {};

it('goes all the way: acts, journals, announces, measures and answers', async () => {
  const { policy, tidied } = tidy();
  const handler = lambdaHandler(policy, {}, embedded());

  const answer = await handler(SWEEP, context());

  expect(tidied).toEqual(['thing-eu-west-1']);
  expect(answer).toMatchObject({
    runs: [{ policy: 'tidy', mode: 'enforce', state: 'complete', counts: { done: 1 } }],
  });
  expect((await scene.inbox()).map((body) => JSON.parse(body))).toMatchObject([
    { MessageAttributes: { policy: { Value: 'tidy' }, state: { Value: 'complete' } } },
  ]);
  expect(metrics()).toMatchObject({ service: 'tidy', Findings: 1, Remediations: 1, Sweeps: 1 });
  // As an event below, and what the last sweep read and what this one does.
  expect(metrics().ApiCalls).toBeLessThanOrEqual(6 + 2);
  const operations = scene.sandbox.world.calls.map(({ operation }) => operation);
  expect(operations).toContain('TransactWriteItems');
  expect(operations).toContain('UpdateItem');
});

it('an event takes the fewest calls that are safe', async () => {
  const event = {
    partition: 'aws',
    account: ACCOUNT,
    region: 'eu-west-1',
    id: 'event-1',
    scope: { kind: 'resources', resources: [{ type: 'AWS::Test::Thing', id: 'thing-eu-west-1' }] },
    cause: { kind: 'continuation', name: 'MakeMess' },
    actor: undefined,
    time: new Date(),
    delivery: 'live',
  } as const;

  await lambdaHandler(tidy().policy, {}, embedded())(JSON.parse(encodeSignal(event)), context());

  expect(metrics()).toMatchObject({ Remediations: 1 });
  // Kill switch, recent entries, intent, outcome, message, that it was told.
  expect(metrics().ApiCalls).toBeLessThanOrEqual(6);
});

it('B5.43 every log line of a run carries the id of what caused it, and none the event', async () => {
  const handler = lambdaHandler(tidy().policy, {}, embedded());

  await handler({ ...SWEEP, name: 'nightly', secret: 'xyzzy-from-the-event' }, context());

  const own = logged().filter((line) => !('_aws' in line));
  expect(own.length).toBeGreaterThan(0);
  for (const line of own) expect(line).toMatchObject({ correlationId: 'request-1', service: 'tidy' });
  expect(lines.join('')).not.toContain('xyzzy');
});

it('B6.22 B6.34 keeps secrets and control characters out of the log', async () => {
  const id = 'thing\u001b[31m\u2028AKIAABCDEFGHIJKLMNOP';
  const { policy } = tidy((place) => ({ ...untidy(place), id }));

  await lambdaHandler(policy, {}, embedded())(SWEEP, context());

  const text = lines.join('');
  for (const hidden of ['AKIAABCD', '\\u001b', '\u001b', '\u2028']) expect(text).not.toContain(hidden);
  expect(text).toContain('[key …MNOP]');
});

it('B6.2 the kill switch is read anew in a warm function (B5.24)', async () => {
  const { policy, tidied } = tidy();
  const handler = lambdaHandler(policy, {}, embedded());
  await scene.turn('on');

  expect(await handler(SWEEP, context())).toMatchObject({ runs: [{ counts: { done: 0, skipped: 1 } }] });
  await scene.turn('off');
  await handler(SWEEP, context());

  expect(tidied).toEqual(['thing-eu-west-1']);
});

it('B6.16 does nothing when the journal cannot be written', async () => {
  scene.sandbox.world.faults.add({ service: 'dynamodb', operation: 'TransactWriteItems', kind: 'denied' });
  const { policy, tidied } = tidy();

  const answer = await lambdaHandler(policy, {}, embedded())(SWEEP, context());

  expect(tidied).toEqual([]);
  expect(answer).toMatchObject({ runs: [{ state: 'partial', counts: { failed: 1, done: 0 } }] });
});

it('B5.37 an undeliverable message is told in the answer, and what was done stands', async () => {
  scene.sandbox.world.faults.add({ service: 'sns', operation: 'Publish', kind: 'denied' });
  const { policy, tidied } = tidy();

  const answer = await lambdaHandler(policy, {}, embedded())(SWEEP, context());

  expect(tidied).toHaveLength(1);
  expect(answer.runs[0]?.warnings.join()).toContain('could not be delivered');
});

it('B6.10 leaves alone what belongs to its own stack', async () => {
  const { policy, tidied } = tidy((place) => ({ ...untidy(place), tags: ownTags }));

  await lambdaHandler(policy, {}, embedded())(SWEEP, context());

  expect(tidied).toEqual([]);
});

it('sweeps the regions of the settings; a continuation only its own place', async () => {
  const { policy, seen } = tidy();
  const handler = lambdaHandler(policy, {}, embedded({ regions: ['us-east-1', 'eu-west-1'] }));

  await handler(SWEEP, context());
  const [first] = seen;
  expect(new Set(seen.map(({ place }) => place.region))).toEqual(new Set(['us-east-1', 'eu-west-1']));
  if (first === undefined) throw new Error('nothing was read');
  seen.length = 0;
  const rest = {
    ...first.signal,
    region: 'us-east-1',
    cause: { kind: 'continuation', name: 'sweep' },
  } as const;
  await handler(JSON.parse(encodeSignal(rest)), context());

  expect(new Set(seen.map(({ place }) => place.region))).toEqual(new Set(['us-east-1']));
});

it.each([
  { regions: 'own', region: 'us-east-1', acts: false },
  { regions: 'own', region: 'eu-west-1', acts: true },
  { regions: ['eu-central-1'], region: 'us-east-1', acts: false },
  { regions: ['eu-central-1'], region: 'eu-central-1', acts: true },
  // Where it runs it listens, whatever sweeps look at.
  { regions: ['eu-central-1'], region: 'eu-west-1', acts: true },
  { regions: 'all-enabled', region: 'us-east-1', acts: true },
])('B6.15 regions $regions: an event of $region acts: $acts', async ({ regions, region, acts }) => {
  const { policy, seen, tidied } = tidy();
  const event = {
    partition: 'aws',
    account: ACCOUNT,
    region,
    id: 'event-1',
    scope: { kind: 'resources', resources: [{ type: 'AWS::Test::Thing', id: `thing-${region}` }] },
    cause: { kind: 'continuation', name: 'MakeMess' },
    actor: undefined,
    time: new Date(),
    delivery: 'live',
  } as const;
  const handler = lambdaHandler(policy, {}, embedded({ regions }));

  const answer = await handler(JSON.parse(encodeSignal(event)), context());

  expect(tidied).toEqual(acts ? [`thing-${region}`] : []);
  if (acts) return;
  expect(seen).toEqual([]);
  expect(answer.runs[0]?.pages).toEqual([expect.stringContaining(`Region ${region} is not among`)]);
});

it('B5.19 hands what there is no time for to its work queue, from where it goes on', async () => {
  const { policy, tidied } = tidy();
  const handler = lambdaHandler(policy, {}, embedded());

  await handler(SWEEP, context({ getRemainingTimeInMillis: () => 1_000 }));
  expect(tidied).toEqual([]);
  const [body = ''] = await scene.work();
  const record = { eventSource: 'aws:sqs', messageId: 'm-1', body };
  const answer = await handler({ Records: [record] }, context());

  expect(tidied).toEqual(['thing-eu-west-1']);
  expect(answer).toMatchObject({ batchItemFailures: [], runs: [{ signal: 'request-1' }] });
});

it('B5.26 an account that cannot be entered is a failed place, the other is swept', async () => {
  const { policy, tidied } = tidy();
  const guard = { ...(embedded() as { guard: object }).guard, accounts: ['444455556666'] };
  const settings = embedded({ regions: 'all-enabled', guard, role: { roleName: 'Reeve' } });

  const answer = await lambdaHandler(policy, {}, settings)(SWEEP, context());

  expect(tidied).toContain('thing-eu-west-1');
  expect(answer).toMatchObject({ runs: [{ state: 'partial' }] });
  const [body = '{}'] = await scene.inbox();
  expect(JSON.parse(body).Message).toContain('444455556666');
});

it('B5.26 throws when nothing could be read at all, so that it is tried again', async () => {
  const { policy } = tidy(() => {
    throw new Error('no answer');
  });

  await expect(lambdaHandler(policy, {}, embedded())(SWEEP, context())).rejects.toThrow(
    'Nothing could be read',
  );
  expect(metrics()).not.toHaveProperty('Sweeps');
});

it('B5.13 ends normally for what is not a trigger, and counts it', async () => {
  const answer = await lambdaHandler(tidy().policy, {}, embedded())({ hello: 'world' }, context());

  expect(answer).toEqual({ runs: [], ignored: ['not a trigger that Reeve knows'] });
  expect(metrics()).toMatchObject({ Unhandled: 1 });
});

it('B5.14 throws one clear line for a broken event, and counts it', async () => {
  const broken = { reeve: 'swoop' };

  await expect(lambdaHandler(tidy().policy, {}, embedded())(broken, context())).rejects.toThrow(
    'reeve: expected "sweep", "reconcile" or "continuation", got "swoop"',
  );
  expect(metrics()).toMatchObject({ Malformed: 1 });
});

it('B5.7 handles every record on its own and names those that failed', async () => {
  const { policy, tidied } = tidy();
  const record = (messageId: string, body: unknown) => ({
    eventSource: 'aws:sqs',
    messageId,
    body: JSON.stringify(body),
  });
  const Records = [record('broken', { reeve: 'swoop' }), record('other', { a: 1 }), record('good', SWEEP)];

  const answer = await lambdaHandler(policy, {}, embedded())({ Records }, context());

  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'broken' }]);
  expect(tidied).toHaveLength(1);
});

it('B5.42 does not start with a wrong environment or with another policy’s settings', () => {
  expect(() => lambdaHandler(tidy().policy, {}, embedded({ policy: 'other' }))).toThrow('they are for other');
  vi.stubEnv('REEVE_JOURNAL_TABLE', '');
  expect(() => lambdaHandler(tidy().policy, {}, embedded())).toThrow('lacks REEVE_JOURNAL_TABLE');
});

it('B5.40 acts in the account of its own ARN, leading zeros kept', async () => {
  const { policy, seen } = tidy();
  const arn = 'arn:aws:lambda:eu-west-1:012345678901:function:f';

  await lambdaHandler(policy, {}, embedded())(SWEEP, context({ invokedFunctionArn: arn }));

  expect(seen[0]?.place.account).toBe('012345678901');
  expect(ACCOUNT).not.toBe('012345678901');
});

it('B5.17 B5.37 looks back by a schedule of its own: quietly, unless a message was lost', async () => {
  const handler = lambdaHandler(tidy().policy, {}, embedded());
  const { faults } = scene.sandbox.world;
  const lookBack = { reeve: 'reconcile' };
  const runs = () => logged().filter(({ message }) => message === 'Run');

  expect(await handler(lookBack, context())).toMatchObject({ runs: [{ state: 'complete' }] });
  expect(runs()).toEqual([]);
  expect(JSON.stringify(metrics())).not.toContain('Sweeps');

  faults.add({ operation: 'Publish', kind: 'denied' });
  // Its lease ends with the invocation, some seconds from now.
  await handler(SWEEP, context({ getRemainingTimeInMillis: () => 20_100 }));
  faults.clear();
  vi.setSystemTime(Date.now() + 60_000);
  lines = [];
  expect(await handler(lookBack, context())).toMatchObject({ runs: [{ counts: { done: 1 } }] });
  expect(await scene.inbox()).toHaveLength(1);
  expect(runs()).toHaveLength(1);

  faults.add({ operation: 'Query', kind: 'denied' });
  await expect(handler(lookBack, context())).rejects.toThrow('left open could not be read');
});

it('B6.35 B5.37 a chat whose address is not the chat’s is never called, and only the log says so', async () => {
  const { policy, tidied } = tidy();
  const chat = { kind: 'slack', parameter: '/reeve/kill-switch' };

  await lambdaHandler(policy, {}, embedded({ notify: { chat } }))(SWEEP, context());

  expect(tidied).toHaveLength(1);
  expect(await scene.inbox()).toHaveLength(1);
  expect(logged().find(({ message }) => message === 'The chat could not be told')).toMatchObject({
    level: 'ERROR',
  });
});
