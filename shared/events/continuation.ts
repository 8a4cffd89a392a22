import type { Actor, Cause, ResourceRef, Signal } from '../engine/signal.ts';
import { jsonText } from '../notify/escape.ts';
import { Field } from './fields.ts';

const VERSION = 1;

const CAUSES: readonly Cause['kind'][] = [
  'api-call',
  'state-change',
  'alarm',
  'config-rule',
  'security-finding',
  'tag-change',
  'schedule',
  'continuation',
  'command-line',
];
const DELIVERIES: readonly Signal['delivery'][] = ['live', 'late', 'replayed'];

/**
 * The message by which a run hands the rest of its work to a later one. What the event hinted at stays behind: by then
 * it is old, and a queue is no place to believe it from.
 */
export function encodeSignal(signal: Signal): string {
  const { scope } = signal;
  const bare: Signal['scope'] =
    scope.kind === 'sweep'
      ? scope
      : { kind: scope.kind, resources: scope.resources.map(({ type, id }) => ({ type, id })) };
  return jsonText({ reeve: 'continuation', version: VERSION, signal: { ...signal, scope: bare } });
}

/** The signal of such a message, checked like any other input: whoever may send to the queue could have written it. */
export function decodeSignal(message: unknown): Signal {
  const document = message instanceof Field ? message : new Field(message, '');
  if (document.at('version').value !== VERSION) document.at('version').refuse(`version ${VERSION}`);
  const signal = document.at('signal').object();
  const actor = signal.at('actor');
  return {
    id: signal.at('id').text(),
    partition: signal.at('partition').matching(/^aws(-[a-z]{1,6}){0,3}$/, 'a partition, e.g. "aws"'),
    account: signal.at('account').account(),
    region: signal.at('region').region(),
    scope: scopeOf(signal.at('scope')),
    cause: { kind: oneOf(signal.at('cause', 'kind'), CAUSES), name: signal.at('cause', 'name').text() },
    actor: actor.isMissing() ? undefined : actorOf(actor),
    time: signal.at('time').time(),
    delivery: oneOf(signal.at('delivery'), DELIVERIES),
  };
}

function scopeOf(scope: Field): Signal['scope'] {
  const kind = oneOf(scope.at('kind'), ['sweep', 'resources'] as const);
  if (kind === 'sweep') return { kind };
  const resources = scope.at('resources').list('a list of resources').map(refOf);
  return resources.length > 0 ? { kind, resources } : scope.at('resources').refuse('at least one resource');
}

function refOf(ref: Field): ResourceRef {
  return { type: ref.at('type').text(), id: ref.at('id').text() };
}

function actorOf(actor: Field): Actor {
  const onBehalfOf = actor.at('onBehalfOf').optionalText();
  return {
    type: actor.at('type').text(),
    arn: actor.at('arn').optionalText(),
    name: actor.at('name').text(),
    sourceIp: actor.at('sourceIp').optionalText(),
    invokedBy: actor.at('invokedBy').optionalText(),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

function oneOf<T extends string>(field: Field, allowed: readonly T[]): T {
  return allowed.find((one) => one === field.value) ?? field.refuse(`one of ${allowed.join(', ')}`);
}
