import type { Message } from '@aws-sdk/client-sqs';
import { REDRIVEN } from '../../shared/events/redriven.ts';
import { jsonText } from '../../shared/notify/escape.ts';

/** A dead letter: what a function was to do and did not. All texts are as strangers wrote them. */
export interface Letter {
  readonly id: string;
  readonly receipt: string;
  /** When SQS first had it. */
  readonly sentAt: Date;
  /** What the function was to get, unmarked: to its own queue a message goes back, any other event by invoking it. */
  readonly back: { readonly to: 'queue' | 'function'; readonly text: string };
  /** What it is about, e.g. `AuthorizeSecurityGroupIngress by ana`. */
  readonly about: string;
  readonly why: string;
  /** How often it was fed back before. */
  readonly times: number;
}

/**
 * Reads a message of a dead-letter queue, by who gave it up: the work queue, Lambda (an invocation record of its
 * on-failure destination), or a rule or schedule of EventBridge.
 *
 * Sources: Lambda developer guide, "Capturing records of asynchronous invocations"; EventBridge user guide, "Using
 * dead-letter queues to process undelivered events"; SQS API reference, `DeadLetterQueueSourceArn`.
 */
export function readLetter(message: Message): Letter {
  const body = message.Body ?? '';
  const common = {
    id: message.MessageId ?? '',
    receipt: message.ReceiptHandle ?? '',
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
  };
  if (message.Attributes?.DeadLetterQueueSourceArn !== undefined) {
    const times = counted(attribute(message, 'redriven'));
    const why =
      'It came from the work queue three times and could not be handled; the log of the function tells why.';
    return { ...common, back: { to: 'queue', text: body }, about: aboutOf(parsed(body)), why, times };
  }
  const document = parsed(body);
  const record = recordOf(document);
  const payload = record ? record.requestPayload : document;
  const why = record ? whyLambda(record) : whyEventBridge(message);
  const times = counted(member(payload, REDRIVEN));
  return {
    ...common,
    back: { to: 'function', text: times > 0 || record ? jsonText(unmarked(payload)) : body },
    about: aboutOf(payload),
    why,
    times,
  };
}

/** What to give back: an event says how often that was done, so that it is known when it comes again. */
export function textToSend({ back: { to, text }, times }: Letter): string {
  const document = to === 'function' ? parsed(text) : undefined;
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return text;
  return jsonText({ ...document, [REDRIVEN]: times + 1 });
}

function unmarked(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([key]) => key !== REDRIVEN));
}

interface InvocationRecord {
  readonly requestContext: object;
  readonly requestPayload: unknown;
  readonly responsePayload?: unknown;
}

function recordOf(document: unknown): InvocationRecord | undefined {
  const requestContext = member(document, 'requestContext');
  const isRecord = typeof requestContext === 'object' && requestContext !== null;
  if (!isRecord || member(requestContext, 'condition') === undefined) return undefined;
  return {
    requestContext,
    requestPayload: member(document, 'requestPayload') ?? null,
    responsePayload: member(document, 'responsePayload'),
  };
}

function whyLambda({ requestContext, responsePayload }: InvocationRecord): string {
  const runs = counted(member(requestContext, 'approximateInvokeCount'));
  const said = text(member(responsePayload, 'errorMessage'));
  const end =
    member(requestContext, 'condition') === 'EventAgeExceeded'
      ? `It waited too long (${runs} tries)`
      : `The function failed ${runs} times`;
  return said === undefined ? `${end}.` : `${end}: ${said}`;
}

function whyEventBridge(message: Message): string {
  const [code, said] = [attribute(message, 'ERROR_CODE'), attribute(message, 'ERROR_MESSAGE')];
  if (code === undefined && said === undefined) return 'Nobody says why it is here.';
  const retries = counted(attribute(message, 'RETRY_ATTEMPTS'));
  const tries = retries === 0 ? '1 try' : `${retries + 1} tries`;
  return `It could not be delivered in ${tries}: ${[code, said].filter(Boolean).join(', ')}`;
}

/** The event in a few words. */
function aboutOf(payload: unknown): string {
  const [first] = list(member(payload, 'Records'));
  const inner = text(member(member(first, 'Sns'), 'Message')) ?? text(member(first, 'body'));
  if (inner !== undefined) return `${aboutOf(parsed(inner))}, by a notification`;
  const own = member(payload, 'reeve');
  if (own === 'continuation') {
    const signal = member(payload, 'signal');
    const named = list(member(member(signal, 'scope'), 'resources')).map(
      (each) => text(member(each, 'id')) ?? '?',
    );
    const cause = text(member(member(signal, 'cause'), 'name')) ?? 'an unknown cause';
    return `the rest of ${cause}${named.length === 0 ? '' : `: ${some(named)}`}`;
  }
  if (own !== undefined)
    return `${text(own) ?? 'own input'} of ${text(member(payload, 'time')) ?? 'an unknown time'}`;
  const undo = text(member(payload, 'undo'));
  if (undo !== undefined) return `undo of ${undo}, asked by ${text(member(payload, 'by')) ?? 'nobody'}`;
  const detail = member(payload, 'detail');
  const name =
    text(member(detail, 'eventName')) ??
    text(member(payload, 'detail-type')) ??
    text(member(payload, 'AlarmName'));
  if (name === undefined) return 'something that is no event';
  const arn = text(member(member(detail, 'userIdentity'), 'arn'));
  const resources = list(member(payload, 'resources')).map((each) => text(each) ?? '?');
  return [
    name,
    ...(arn === undefined ? [] : [`by ${arn.split('/').at(-1)}`]),
    ...(resources.length === 0 ? [] : [`on ${some(resources)}`]),
  ].join(' ');
}

function some(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function attribute({ MessageAttributes: attributes }: Message, name: string): string | undefined {
  return attributes?.[name]?.StringValue;
}

function counted(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** An own member only: what strangers wrote has no prototype to speak of. */
function member(value: unknown, key: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), key)?.value;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
