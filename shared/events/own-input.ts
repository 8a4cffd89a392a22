import { decodeSignal } from './continuation.ts';
import { type Envelope, signalFrom } from './envelope.ts';
import type { Field } from './fields.ts';
import { type Context, type SingleReading, signals } from './reading.ts';

/** `Scheduled Event`, from a rule or from EventBridge Scheduler (whose `detail` is the text "{}"): sweep (B5.9). */
export function readSchedule(envelope: Envelope, own: Context): SingleReading {
  const [arn = 'schedule'] = envelope.resources;
  const name = arn.slice(arn.lastIndexOf('/') + 1) || 'schedule';
  return signals(signalFrom(envelope, { kind: 'schedule', name }, own.now));
}

/**
 * Reeve's own input, without any envelope: a continuation, or `{"reeve": "sweep"}` as written in a schedule or by hand.
 * A sweep takes `account`, `region`, `name` and `time` (for `<aws.scheduler.scheduled-time>`) if they are given.
 * `{"reeve": "reconcile"}` closes what runs that broke off left open.
 */
export function readOwnInput(event: Field, own: Context): SingleReading {
  const asked = event.at('reeve');
  if (asked.value === 'continuation') return signals(decodeSignal(event));
  if (asked.value !== 'sweep' && asked.value !== 'reconcile')
    return asked.refuse('"sweep", "reconcile" or "continuation"');

  const given = (key: string): Field | undefined => (event.at(key).isMissing() ? undefined : event.at(key));
  const occurrence = {
    id: own.requestId,
    partition: own.partition,
    account: given('account')?.account() ?? own.account,
    region: given('region')?.region() ?? own.region,
    time: given('time')?.time() ?? own.now,
  };
  const name = given('name')?.text() ?? asked.value;
  if (asked.value === 'reconcile')
    return signals(signalFrom(occurrence, { kind: 'reconciliation', name }, own.now, []));
  return signals(signalFrom(occurrence, { kind: 'schedule', name }, own.now));
}
