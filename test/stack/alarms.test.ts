import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { inboxOf } from '../../sandbox/services/sns/state.ts';
import { Company, PACKAGING_MS } from './company.ts';

let company: Company;
let topic: string;
beforeAll(async () => {
  company = await Company.open();
  topic = company.stack.outputs.OperatorAlarmsTopic ?? '';
  const operator = { TopicArn: topic, Protocol: 'email', Endpoint: 'operator@example.com' };
  await new SNSClient(user()).send(new SubscribeCommand(operator));
  // Every alarm has looked at least once.
  await company.advance(60);
}, PACKAGING_MS);
afterAll(() => company.close());
afterEach(() => company.world.faults.clear());

const user = () => company.sandbox.clientConfig({ user: 'ana' });

async function states(...names: readonly string[]): Promise<readonly (string | undefined)[]> {
  const ids = names.map((name) => company.ref(`RevokeOpenSsh${name}Alarm`));
  const { MetricAlarms: alarms = [] } = await new CloudWatchClient(user()).send(
    new DescribeAlarmsCommand({ AlarmNames: ids }),
  );
  return ids.map((id) => alarms.find(({ AlarmName }) => AlarmName === id)?.StateValue);
}

/** Which alarms the operator was mailed about since the last time, each with the state that it came to. */
function mails(): readonly string[] {
  const all = inboxOf(company.world, topic).map(({ subject = '' }) => subject);
  const fresh = all.slice(read);
  read = all.length;
  return fresh.map((subject) => subject.replace(/^(\w+): .*RevokeOpenSsh(\w+)Alarm.*$/, '$2 $1'));
}
let read = 0;

const finding = readFileSync(
  join(import.meta.dirname, '../../events/guardduty.ssh-brute-force.json'),
  'utf8',
);
const sound = (id: string): BusEvent => ({ ...JSON.parse(finding), id });
const malformed = (): BusEvent => JSON.parse(finding.replace(/"instanceId": "[^"]*",/, ''));

async function purge(): Promise<void> {
  const QueueUrl = company.ref('RevokeOpenSshDeadLetters');
  await new SQSClient(user()).send(new PurgeQueueCommand({ QueueUrl }));
}

it('B5.17 while all is well, no alarm has anything to say', async () => {
  const all = await states('DeadLetters', 'Errors', 'Throttles', 'Lost', 'Undelivered', 'NoSweep');
  expect(all).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'OK']);
  mails();
});

it('B5.17 a failure is told within minutes, its dead letter until somebody has dealt with it', async () => {
  await company.emit(malformed());
  await company.advance(5);
  expect(await states('Errors', 'DeadLetters', 'Lost')).toEqual(['ALARM', 'ALARM', 'OK']);
  await company.advance(5);
  expect(await states('Errors', 'DeadLetters')).toEqual(['OK', 'ALARM']);
  await purge();
  await company.advance(5);
  expect(await states('DeadLetters')).toEqual(['OK']);
  expect(mails()).toEqual(['Errors ALARM', 'DeadLetters ALARM', 'DeadLetters OK']);
});

it('B5.17 an event that not even the dead-letter queue takes is told as lost', async () => {
  company.world.faults.add({ service: 'sqs', operation: 'SendMessage', kind: 'denied' });
  await company.emit(malformed());
  await company.advance(5);
  expect(await states('Lost', 'DeadLetters')).toEqual(['ALARM', 'OK']);
  await company.advance(5);
  expect(await states('Lost')).toEqual(['OK']);
  expect(mails()).toContain('Lost ALARM');
});

it('B5.20 one burst of throttles is nobody’s concern, a quarter of an hour of it is', async () => {
  const burst = async () => {
    for (let at = 0; at < 8; at++) company.world.emit(sound(`burst-${at}`));
    await company.advance(5);
  };
  await burst();
  expect(await states('Throttles')).toEqual(['OK']);
  await burst();
  await burst();
  expect(await states('Throttles')).toEqual(['ALARM']);
  await company.advance(5);
  expect(await states('Throttles')).toEqual(['OK']);
  expect(mails()).toEqual(['Throttles ALARM']);
});

it('B5.37 a message that reached nobody is told', async () => {
  const when = (_: unknown, { principal }: { principal: { type: string } }) =>
    principal.type === 'AssumedRole';
  company.world.faults.add({ service: 'sns', operation: 'Publish', kind: 'denied', when });
  await company.group(['tcp 22 0.0.0.0/0']);
  await company.advance(5);
  expect(await states('Undelivered')).toEqual(['ALARM']);
  await company.advance(5);
  expect(await states('Undelivered')).toEqual(['OK']);
  expect(mails()).toEqual(['Undelivered ALARM']);
});

it('B5.17 hourly sweeps that fail to come are told after three hours, and that they come again', async () => {
  company.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'denied' });
  await company.advance(2 * 60);
  expect(await states('NoSweep')).toEqual(['OK']);
  await company.advance(2 * 60);
  expect(await states('NoSweep')).toEqual(['ALARM']);
  company.world.faults.clear();
  await company.advance(2 * 60);
  expect(await states('NoSweep')).toEqual(['OK']);
  expect(mails().filter((mail) => mail.startsWith('NoSweep'))).toEqual(['NoSweep ALARM', 'NoSweep OK']);
});
