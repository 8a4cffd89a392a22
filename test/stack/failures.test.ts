import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BusEvent, Fault } from '../../sandbox/core/world.ts';
import { pointAt, reeve } from '../cli/run.ts';
import { permission } from '../functions/revoke-open-ssh/office.ts';
import { Company, PACKAGING_MS } from './company.ts';

let company: Company;
beforeAll(async () => {
  company = await Company.open();
}, PACKAGING_MS);
afterAll(() => company.close());
beforeEach(() => company.world.forgetCalls());
afterEach(() => {
  company.world.faults.clear();
  Object.assign(company.world.behaviour, {
    duplicateEvents: false,
    eventDelayMs: 0,
    consistencyMs: 0,
    throttling: false,
  });
});

const SSH = 'tcp 22 0.0.0.0/0';
const lastRun = () => company.logged('Run').at(-1);

/** Strikes only the function: its users share the account with it. */
const fault = (given: Fault) =>
  company.world.faults.add({ ...given, when: (_, { principal }) => principal.type === 'AssumedRole' });

const turn = async (Value: 'on' | 'off' | 'missing') => {
  const ssm = new SSMClient(company.sandbox.clientConfig({ user: 'ana' }));
  const Name = '/reeve/kill-switch';
  if (Value === 'missing') await ssm.send(new DeleteParameterCommand({ Name }));
  else await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
};

it('B5.15 B3.34 an event that comes twice closes once and is journaled once', async () => {
  // So late that neither delivery has a reason to wait for the rule to become visible.
  Object.assign(company.world.behaviour, { duplicateEvents: true, eventDelayMs: 10 * 60_000 });
  const id = await company.group([SSH]);
  await company.advance(10);

  expect(await company.standing(id)).toEqual([]);
  const own = (await company.journal()).filter(({ intent }) => JSON.stringify(intent).includes(id));
  expect(own.map(({ result }) => result)).toEqual(['done']);
});

it('B5.16 B6.17 of two runs over the same rule at once one acts, the other comes back later', async () => {
  const held = company.world.faults.add({
    operation: 'RevokeSecurityGroupIngress',
    kind: 'run',
    times: 1,
    effect: async () => {
      await company.invoke({ reeve: 'sweep' });
    },
  });
  const id = await company.group([SSH]);
  await company.settle();

  expect(held.struck()).toBe(1);
  expect(company.logged('Resource').map(({ code }) => code)).toContain('in-progress');
  expect(await company.standing(id)).toEqual([]);
  await company.advance(15);
  expect(company.waiting('RevokeOpenSshWork')).toEqual([]);
});

it('B3.37 a rule that is not yet visible is waited for', async () => {
  const id = await company.unseen(() => company.group());
  company.world.behaviour.consistencyMs = 60_000;
  const visible = company.world.faults.add({
    operation: 'DescribeSecurityGroups',
    kind: 'run',
    after: 1,
    times: 1,
    effect: () => {
      company.world.behaviour.consistencyMs = 0;
    },
  });
  await company.open(id, [SSH]);
  await company.settle();

  expect(visible.struck()).toBe(1);
  expect(await company.standing(id)).toEqual([]);
});

it.each<[string, Fault]>([
  ['B5.28 a throttled read', { operation: 'DescribeSecurityGroups', kind: 'throttle', times: 2 }],
  [
    'a read that fails on the server',
    { operation: 'DescribeSecurityGroupRules', kind: 'error', status: 503, times: 1 },
  ],
  ['a revoke whose connection breaks', { operation: 'RevokeSecurityGroupIngress', kind: 'reset', times: 1 }],
  [
    'a throttled journal',
    { service: 'dynamodb', operation: 'TransactWriteItems', kind: 'throttle', times: 1 },
  ],
])('%s is asked again', async (_title, given) => {
  const struck = fault(given);
  const id = await company.group([SSH]);
  await company.settle();
  expect(struck.struck()).toBe(given.times);
  expect(await company.standing(id)).toEqual([]);
  expect(lastRun()).toMatchObject({ state: 'complete', counts: { done: 1 } });
});

it('a refused revoke is told, journaled as failed, and tried again by the next sweep', async () => {
  const denied = fault({ operation: 'RevokeSecurityGroupIngress', kind: 'denied' });
  const id = await company.group([SSH]);
  await company.settle();
  expect(await company.standing(id)).toEqual([SSH]);
  expect(lastRun()).toMatchObject({ state: 'partial', counts: { failed: 1 } });
  expect(company.mails().at(-1)?.message).toContain('Failed or still to come');

  denied.remove();
  await company.invoke({ reeve: 'sweep' });
  expect(await company.standing(id)).toEqual([]);
});

it('B6.16 no journal, no change', async () => {
  fault({ service: 'dynamodb', operation: 'TransactWriteItems', kind: 'denied' });
  const id = await company.group([SSH]);
  await company.settle();
  expect(await company.standing(id)).toEqual([SSH]);
  expect(company.calls()).not.toContain('RevokeSecurityGroupIngress');
  expect(company.logged('Resource').at(-1)).toMatchObject({ outcome: 'failed', code: 'journal-unavailable' });
});

it('B5.37 what was done stands when nobody can be told', async () => {
  fault({ service: 'sns', operation: 'Publish', kind: 'denied' });
  const id = await company.group([SSH]);
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
  expect(lastRun()).toMatchObject({
    counts: { done: 1 },
    warnings: [expect.stringContaining('notification')],
  });
});

it('B5.17 B5.37 what a run did and nobody heard of is found out, written down and told within the half hour', async () => {
  fault({ service: 'dynamodb', operation: 'UpdateItem', kind: 'denied' });
  fault({ service: 'sns', operation: 'Publish', kind: 'denied' });
  const id = await company.group([SSH]);
  await company.settle();
  expect(await company.standing(id)).toEqual([]);
  const results = async () =>
    (await company.journal())
      .filter(({ intent }) => JSON.stringify(intent).includes(id))
      .map(({ result }) => result);
  expect(await results()).toEqual([undefined]);

  company.world.faults.clear();
  await company.advance(30);
  expect(await results()).toEqual(['done']);
  const mails = company.mails().filter(({ message }) => message.includes(id));
  expect(mails).toMatchObject([{ message: expect.stringContaining('found in order afterwards') }]);
  await company.advance(30);
  expect(company.mails().filter(({ message }) => message.includes(id))).toHaveLength(1);
});

it.each(['on', 'missing'] as const)('B6.2 B5.24 a warm function sees its kill switch %s', async (value) => {
  await turn(value);
  const id = await company.group([SSH]);
  await company.settle();
  expect(await company.standing(id)).toEqual([SSH]);
  expect(company.logged('Resource').at(-1)).toMatchObject({ resource: id, code: 'kill-switch' });

  await turn('off');
  await company.invoke({ reeve: 'sweep' });
  expect(await company.standing(id)).toEqual([]);
});

it('B5.13 an event that nobody knows ends normally', async () => {
  const { answer, error } = await company.invoke({ source: 'shop', 'detail-type': 'Order', detail: {} });
  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ runs: [], ignored: [expect.any(String)] });
});

it('B5.14 B5.17 a malformed event changes nothing and ends in the dead-letter queue', async () => {
  const file = join(import.meta.dirname, '../../events/guardduty.ssh-brute-force.json');
  const event: BusEvent = JSON.parse(readFileSync(file, 'utf8').replace(/"instanceId": "[^"]*",/, ''));
  await company.emit(event);
  await company.advance(5);

  const [letter = '{}'] = company.waiting('RevokeOpenSshDeadLetters');
  expect(JSON.parse(letter)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { id: event.id },
    responsePayload: { errorType: 'MalformedEvent' },
  });
});

it('B5.17 reeve redrive gives it back to the deployed function, and knows it when it dies again', async () => {
  const leave = await pointAt(company.sandbox);
  const given = await reeve(['redrive', 'revoke-open-ssh']);
  await company.advance(5);
  const again = await reeve(['redrive', 'revoke-open-ssh', '--dry-run']);
  leave();

  expect([given.code, given.out]).toEqual([0, expect.stringContaining('has it again.')]);
  expect([again.code, again.out]).toEqual([1, expect.stringContaining('GuardDuty Finding')]);
  expect(again.out).toContain('Died again: given back 1 time before.');
});

it('B5.7 a broken message of the work queue is tried three times and then kept with the dead letters', async () => {
  const sqs = new SQSClient(company.sandbox.clientConfig({ user: 'ana' }));
  const MessageBody = JSON.stringify({ reeve: 'continuation', version: 99 });
  await sqs.send(new SendMessageCommand({ QueueUrl: company.ref('RevokeOpenSshWork'), MessageBody }));
  await company.advance(2 * 60);

  expect(company.waiting('RevokeOpenSshWork')).toEqual([]);
  expect(company.waiting('RevokeOpenSshDeadLetters')).toContain(MessageBody);
});

it('B5.18 what Lambda does not take for six hours waits in the dead-letter queue, and the sweep of an hour', async () => {
  const before = company.waiting('RevokeOpenSshDeadLetters').length;
  company.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'error', status: 500 });
  await company.group([SSH]);
  await company.advance(7 * 60);
  company.world.faults.clear();

  const letters = company.waiting('RevokeOpenSshDeadLetters').slice(before);
  expect(letters.some((letter) => letter.includes('"eventName":"AuthorizeSecurityGroupIngress"'))).toBe(true);
  expect(letters.some((letter) => letter.includes('"reeve":"sweep"'))).toBe(true);
});

it('B5.20 a burst of changes is worked off by the few places that the function may take', async () => {
  const groups = await Promise.all(Array.from({ length: 6 }, () => company.group([SSH])));
  await company.advance(1);
  for (const id of groups) expect(await company.standing(id)).toEqual([]);
});

it('B5.28 asks again where AWS’s own rate limits are used up', async () => {
  const id = await company.group();
  company.world.behaviour.throttling = true;
  const ask = new RevokeSecurityGroupIngressCommand({
    GroupId: id,
    IpPermissions: [permission('tcp 1 10.0.0.0/8')],
  });
  const spent = await Promise.allSettled(Array.from({ length: 60 }, () => company.ec2.send(ask)));
  expect(JSON.stringify(spent)).toContain('RequestLimitExceeded');

  // While the clock stands still nothing grows back: there is room again from the function's second refusal on.
  const refusal = /"AssumedRole".*"RevokeSecurityGroupIngress".*"Client.RequestLimitExceeded"/;
  let refused = 0;
  company.world.onEvent(({ detail }) => {
    if (refusal.test(JSON.stringify(detail))) refused += 1;
    if (refused === 2) company.world.behaviour.throttling = false;
  });
  await company.open(id, [SSH]);
  await company.settle();
  expect(refused).toBe(2);
  expect(await company.standing(id)).toEqual([]);
  expect(lastRun()).toMatchObject({ state: 'complete', counts: { done: 1 } });
});
