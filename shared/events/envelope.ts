import type { Cause, Place, ResourceRef, Signal } from '../engine/signal.ts';
import type { Field } from './fields.ts';
import type { Context } from './reading.ts';

const LATE_AFTER_MS = 60 * 60 * 1000;

/** EventBridge's frame around every event, checked. */
export interface Envelope extends Place {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly time: Date;
  readonly replayed: boolean;
  readonly resources: readonly string[];
  readonly detail: Field;
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export function readEnvelope(event: Field, own: Context): Envelope {
  return {
    id: event.at('id').text('the id of the event'),
    source: event.at('source').text(),
    detailType: event.at('detail-type').text(),
    partition: own.partition,
    account: event.at('account').account(),
    region: event.at('region').region(),
    time: event.at('time').time(),
    replayed: event.at('replay-name').optionalText() !== undefined,
    resources: event
      .at('resources')
      .entries()
      .flatMap((resource) => resource.optionalText() ?? []),
    detail: event.at('detail'),
  };
}

/** What a signal is made of, whatever brought it. */
interface Occurrence extends Place {
  readonly id: string;
  readonly time: Date;
  readonly replayed?: boolean;
}

/** A signal about these resources; without resources, about the whole place. */
export function signalFrom(
  { id, partition, account, region, time, replayed }: Occurrence,
  cause: Cause,
  now: Date,
  resources?: readonly ResourceRef[],
  actor?: Signal['actor'],
): Signal {
  const scope: Signal['scope'] = resources ? { kind: 'resources', resources } : { kind: 'sweep' };
  const late = now.getTime() - time.getTime() > LATE_AFTER_MS;
  const delivery = replayed ? 'replayed' : late ? 'late' : 'live';
  return { id, partition, account, region, scope, cause, actor, time, delivery };
}
