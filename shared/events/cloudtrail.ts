import type { Cause } from '../engine/signal.ts';
import { readActor } from './actor.ts';
import type { ApiCall } from './api-call.ts';
import { type Envelope, signalFrom } from './envelope.ts';
import type { Field } from './fields.ts';
import { type Context, ignored, type SingleReading, signals, unhandled } from './reading.ts';

/** `AWS API Call via CloudTrail`: a call that somebody made (B5.1). Every field below `detail` may be absent or null. */
export function readApiCall(envelope: Envelope, own: Context): SingleReading {
  const detail = envelope.detail.object();
  const call = callOf(detail);
  const resourcesOf = Object.hasOwn(own.calls, call.eventName) ? own.calls[call.eventName] : undefined;
  if (!resourcesOf) return unhandled(`${call.eventName} is not a call that this policy listens to`);
  if (changedNothing(call))
    return ignored(`${call.eventName} failed with ${call.errorCode}: nothing changed`);

  const occurrence = {
    ...envelope,
    id: detail.at('eventID').optionalText() ?? envelope.id,
    // The account that owns the resource and the region of the call, wherever the event was forwarded to (B5.34).
    account: present(detail.at('recipientAccountId'))?.account() ?? envelope.account,
    region: present(detail.at('awsRegion'))?.region() ?? envelope.region,
    time: present(detail.at('eventTime'))?.time() ?? envelope.time,
  };
  const cause: Cause = { kind: 'api-call', name: call.eventName };
  const actor = readActor(detail);

  const request = detail.at('requestParameters');
  if (request.isMissing() || request.isWithheld()) {
    return signals(signalFrom(occurrence, cause, own.now, undefined, actor));
  }
  const resources = resourcesOf(call);
  if (resources.length === 0) return ignored(`${call.eventName} does not concern this policy`);
  return signals(signalFrom(occurrence, cause, own.now, resources, actor));
}

function callOf(detail: Field): ApiCall {
  return {
    eventSource: detail.at('eventSource').optionalText() ?? '',
    eventName: detail.at('eventName').text('the name of the API call'),
    errorCode: detail.at('errorCode').optionalText(),
    request: detail.at('requestParameters').value,
    response: detail.at('responseElements').value,
  };
}

/** A refused call changed nothing; "duplicate" says that what was asked for already stands, which is worth a look (B3.33). */
function changedNothing({ errorCode }: ApiCall): boolean {
  return errorCode !== undefined && !errorCode.endsWith('.Duplicate');
}

function present(field: Field): Field | undefined {
  return field.isMissing() || field.isWithheld() ? undefined : field;
}
