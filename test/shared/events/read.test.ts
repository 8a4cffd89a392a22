import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Field } from '../../../shared/events/fields.ts';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { readEvent } from '../../../shared/events/read.ts';
import { calls, own } from '../../events/reading-line.ts';
import { change, lines, read, sample, signalOf } from './sample.ts';

it('B5.2 a state change names the instance and nobody who did it', () => {
  expect(signalOf(sample('ec2-state-change'))).toMatchObject({
    actor: undefined,
    scope: { resources: [{ id: 'i-0a1b2c3d4e5f60718', hint: { state: 'running' } }] },
  });
});

it('B5.11 a tag change names the resource by its plain id and the keys that changed', () => {
  expect(signalOf(sample('tag-change')).scope).toMatchObject({
    resources: [{ id: 'sg-0a1b2c3d4e5f60718', hint: { changedTagKeys: ['reeve:exempt'] } }],
  });
});

it('B6.31 tag keys called like built-ins are plain data', () => {
  const keys = ['__proto__', 'toString', 'hasOwnProperty'];
  const signal = signalOf(change(sample('tag-change'), { 'detail.changed-tag-keys': keys }));
  expect(signal.cause.name).toBe('__proto__, toString, hasOwnProperty');
});

it('B6.30 a key called __proto__ is seen neither as a prototype nor through one', () => {
  const event: unknown = JSON.parse('{"__proto__": {"reeve": "sweep"}}');
  expect(lines(event)).toEqual(['unhandled: not a trigger that Reeve knows']);
  expect(new Field(event, '').at('__proto__', 'reeve').value).toBe('sweep');
  expect(new Field({}, '').at('toString').isMissing()).toBe(true);
});

it('B6.31 objects whose keys are called like built-in methods crash nothing', () => {
  const odd: unknown = JSON.parse('{"toString": 1, "valueOf": 2, "hasOwnProperty": 3, "__proto__": null}');
  for (const path of [
    'detail.requestParameters',
    'detail.userIdentity',
    'detail.awsRegion',
    'detail.eventName',
    'id',
  ]) {
    survives(change(sample('revoke-open-ssh.authorize-ingress'), { [path]: odd }));
  }
  survives(odd);
});

it('B5.9 a schedule sweeps, from a rule, from the scheduler and by its own input', () => {
  const seen = ['schedule.rule', 'schedule.scheduler', 'schedule.own-input'].map((name) =>
    signalOf(sample(name)),
  );
  for (const { scope, cause } of seen) {
    expect({ scope, cause }).toEqual({
      scope: { kind: 'sweep' },
      cause: { kind: 'schedule', name: 'revoke-open-ssh-sweep' },
    });
  }
});

it('B5.9 the shortest input sweeps where the function runs', () => {
  expect(signalOf({ reeve: 'sweep' })).toMatchObject({
    id: 'request-1',
    account: own.account,
    region: own.region,
    time: own.now,
  });
});

it('B5.6 a message that is not JSON is ignored and told', () => {
  expect(lines(sample('sns.not-json'))[0]).toMatch(/^ignored: message .* is not a JSON document/);
});

it('B5.7 several records are read each on its own, also when one is broken', () => {
  const reading = read(sample('sqs.mixed'));
  if (reading.kind !== 'batch') throw new Error(reading.kind);
  expect(reading.from).toBe('sqs');
  expect(reading.records.map((record) => [record.messageId.at(-1), record.reading.kind])).toEqual([
    ['1', 'signals'],
    ['2', 'signals'],
    ['3', 'signals'],
    ['4', 'malformed'],
  ]);
});

it('B5.7 several SNS records are a batch, a single one is the event itself', () => {
  const one = sample('alarm.sns');
  const [record] = new Field(one, '').at('Records').entries();
  expect(read(one).kind).toBe('signals');
  expect(read({ Records: [record?.value, record?.value] })).toMatchObject({ kind: 'batch', from: 'sns' });
});

it.each<{ event: string; value: unknown }>([
  { event: 'nothing', value: undefined },
  { event: 'an empty object', value: {} },
  { event: 'text', value: 'hello' },
  { event: 'a list', value: [] },
  { event: 'no records', value: { Records: [] } },
  { event: 'records of S3', value: { Records: [{ eventSource: 'aws:s3' }] } },
  { event: 'a custom event', value: { source: 'my.app', 'detail-type': 'Scheduled Event' } },
  {
    event: 'an unknown detail type',
    value: { source: 'aws.ec2', 'detail-type': 'EC2 Spot Instance Interruption' },
  },
])('B5.13 $event is unhandled and does not throw', ({ value }) => {
  expect(read(value).kind).toBe('unhandled');
});

it.each<{ name: string; path: string; value: unknown; line: string }>([
  {
    name: 'ec2-state-change',
    path: 'account',
    value: undefined,
    line: 'account: expected an account id of twelve',
  },
  {
    name: 'ec2-state-change',
    path: 'region',
    value: 'moon',
    line: 'region: expected a region, e.g. "eu-west-1", got',
  },
  {
    name: 'ec2-state-change',
    path: 'time',
    value: 'soon',
    line: 'time: expected a time in ISO 8601, got "soon"',
  },
  { name: 'ec2-state-change', path: 'detail', value: null, line: 'detail: expected an object, got null' },
  {
    name: 'ec2-state-change',
    path: 'detail.instance-id',
    value: 7,
    line: 'detail.instance-id: expected an instance id',
  },
  {
    name: 'revoke-open-ssh.authorize-ingress',
    path: 'detail.requestParameters.groupId',
    value: { a: 1 },
    line: 'detail.requestParameters.groupId: expected a security group id, got an object',
  },
  {
    name: 'revoke-open-ssh.authorize-ingress',
    path: 'detail.eventName',
    value: undefined,
    line: 'detail.eventName: expected the name of the API call, got nothing',
  },
  {
    name: 'config.noncompliant',
    path: 'detail.resourceId',
    value: '',
    line: 'detail.resourceId: expected text, got ""',
  },
  {
    name: 'securityhub.imported',
    path: 'detail.findings.3.AwsAccountId',
    value: 111122223333,
    line: 'detail.findings[3].AwsAccountId: expected an account id of twelve digits, as text, got 111122223333',
  },
  { name: 'tag-change', path: 'resources', value: [], line: 'detail.resources: expected the ARN' },
  {
    name: 'schedule.own-input',
    path: 'reeve',
    value: 'party',
    line: 'reeve: expected "sweep", "reconcile" or "continuation"',
  },
  {
    name: 'alarm.lambda',
    path: 'alarmArn',
    value: undefined,
    line: 'alarmArn: expected the ARN of the alarm',
  },
])('B5.14 $name with a broken $path is one clear line', ({ name, path, value, line }) => {
  expect(() => read(change(sample(name), { [path]: value }))).toThrow(MalformedEvent);
  expect(() => read(change(sample(name), { [path]: value }))).toThrow(line);
});

it('B5.14 B6.22 the line is one line and short, whatever the event holds', () => {
  const odd = change(sample('ec2-state-change'), { region: `a\r\nb\u2028\u202e${'x'.repeat(500)}` });
  const message = caught(() => read(odd)).message;
  expect(message).toMatch(/^[\x20-\x7e]{1,140}$/);
});

it('B5.14 no document crashes the reading with anything but MalformedEvent', () => {
  const names = [
    'revoke-open-ssh.authorize-ingress',
    'alarm.sns-math',
    'securityhub.imported',
    'sqs.mixed',
    'alarm.lambda',
  ];
  const paths = names.flatMap((name) => pathsOf(sample(name), '').map((path) => ({ name, path })));
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), ({ name, path }, value) => {
      survives(change(sample(name), { [path]: value }));
    }),
    { numRuns: 1500 },
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => survives(value)));
  fc.assert(fc.property(envelopes, (value) => survives(value)));
});

const envelopes = fc.record({
  'detail-type': fc.constantFrom(
    'AWS API Call via CloudTrail',
    'GuardDuty Finding',
    'Tag Change on Resource',
  ),
  source: fc.constant('aws.x'),
  id: fc.string(),
  account: fc.constantFrom('111122223333', '', 1),
  region: fc.constant('eu-west-1'),
  time: fc.constantFrom('2026-11-20T09:12:44Z', '', null),
  resources: fc.jsonValue(),
  detail: fc.jsonValue(),
});

function survives(event: unknown): void {
  try {
    readEvent(event, own, calls);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedEvent);
    expect(String(error)).not.toContain('\n');
  }
}

function pathsOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, below]) =>
    pathsOf(below, path === '' ? key : `${path}.${key}`),
  );
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('did not throw');
}

it('B6.22 what strangers wrote is quoted on one short line', () => {
  const [line] = lines({ source: 'evil', 'detail-type': `a\r\nforged\u001b[31m${'A'.repeat(9_000)}` });

  expect(line).toMatch(/^unhandled: not an event that Reeve knows: a forgedA+…$/);
  expect(line?.length).toBeLessThan(330);
});

it('B6.33 a document that nests too deeply is refused before anybody follows it', () => {
  const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const event = change(sample('revoke-open-ssh.run-instances'), { 'detail.more': JSON.parse(nested) });

  expect(() => lines(event)).toThrow('event: expected at most 64 levels of nesting, got an object');
});
