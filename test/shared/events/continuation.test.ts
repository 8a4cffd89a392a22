import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSignal, encodeSignal } from '../../../shared/events/continuation.ts';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { change, sample, signalOf } from './sample.ts';

it.each(['revoke-open-ssh.authorize-ingress', 'schedule.rule', 'config.noncompliant'])(
  'B5.7 the signal of %s comes back from the queue as it went',
  (name) => {
    const signal = signalOf(sample(name));
    const message = encodeSignal(signal);
    expect(decodeSignal(JSON.parse(message))).toEqual(signal);
    expect(signalOf(JSON.parse(message))).toEqual(signal);
  },
);

it('B2.23 on whose behalf the actor acted comes back too', () => {
  const signal = signalOf(sample('revoke-open-ssh.authorize-ingress'));
  const actor = signal.actor && { ...signal.actor, onBehalfOf: 'f47ac10b' };

  expect(decodeSignal(JSON.parse(encodeSignal({ ...signal, actor }))).actor).toEqual(actor);
});

it('B6.22 a name that no queue takes reaches the next run all the same', () => {
  const signal = signalOf(sample('config.noncompliant'));
  const odd = { ...signal, cause: { ...signal.cause, name: 'rule \uFFFE\uFFFF' } };
  const message = encodeSignal(odd);

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  expect(message).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
  expect(decodeSignal(JSON.parse(message))).toEqual(odd);
});

it('B6.14 what an event hinted at neither goes to the queue nor is believed from it', () => {
  const { scope } = signalOf(sample('alarm.eventbridge'));
  expect(scope).toMatchObject({ resources: [{ hint: { previousState: 'OK' } }] });

  const encoded: unknown = JSON.parse(encodeSignal(signalOf(sample('alarm.eventbridge'))));
  const bare = { kind: 'resources', resources: [{ type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' }] };
  expect(encoded).toMatchObject({ signal: { scope: bare } });
  const forged = change(encoded, { 'signal.scope.resources.0.hint': { previousState: 'OK' } });
  expect(decodeSignal(forged).scope).toEqual(bare);
});

const message: unknown = JSON.parse(encodeSignal(signalOf(sample('revoke-open-ssh.authorize-ingress'))));

it.each<{ path: string; value: unknown }>([
  { path: 'version', value: 2 },
  { path: 'signal', value: null },
  { path: 'signal.account', value: '1111' },
  { path: 'signal.account', value: 111122223333 },
  { path: 'signal.region', value: 'eu-west-1/../x' },
  { path: 'signal.partition', value: 'arn' },
  { path: 'signal.time', value: 'now' },
  { path: 'signal.delivery', value: 'fresh' },
  { path: 'signal.cause.kind', value: 'magic' },
  { path: 'signal.scope.kind', value: 'all' },
  { path: 'signal.scope.resources', value: [] },
  { path: 'signal.scope.resources', value: [{ type: 'AWS::EC2::SecurityGroup' }] },
])('B5.14 B6.33 a continuation with $path $value is refused', ({ path, value }) => {
  expect(() => decodeSignal(change(message, { [path]: value }))).toThrow(MalformedEvent);
});

it('B5.14 no document is decoded into something else than a signal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => decodeSignal(value)).toThrow(MalformedEvent);
    }),
  );
});
