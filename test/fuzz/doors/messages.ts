import fc from 'fast-check';
import { type Door, door } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';
import { sampleEvents } from '../samples.ts';
import { POLICIES, Workshop } from '../workshop.ts';
import { knock } from './functions.ts';

/** Batches of SQS and notifications of SNS, each message torn or changed in its own way; good ones are still handled. */
export function messages(): Door {
  let workshop: Workshop | undefined;
  const samples = sampleEvents();
  const message = fc.record({
    sample: fc.constantFrom(...samples.keys()),
    mutations,
    wrapping: fc.constantFrom('raw', 'notification', 'twice', 'torn', 'text'),
  });
  const inputs = fc.record({
    policy: fc.constantFrom(...POLICIES),
    from: fc.constantFrom('sqs', 'sns'),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    batch: fc.option(mutations, { freq: 3 }),
  });
  return door('messages', inputs, async ({ policy, from, messages: given, batch }) => {
    workshop ??= await Workshop.open();
    const open = workshop;
    const bodies = given.map(({ sample, mutations: changes, wrapping }) => {
      const event = JSON.parse(open.about(JSON.stringify(samples.get(sample))));
      return wrapped(jsonOf(mutated(event, changes)), wrapping);
    });
    const event = { Records: bodies.map((body, index) => recordOf(from, body, index)) };
    const knocked = await knock(open, policy, batch === null ? event : mutated(event, batch));
    if (knocked.remedied) workshop = undefined;
    return knocked;
  });
}

function recordOf(from: string, body: string, index: number): object {
  return from === 'sqs'
    ? { eventSource: 'aws:sqs', messageId: `m-${index}`, body }
    : { EventSource: 'aws:sns', Sns: { MessageId: `m-${index}`, Message: body } };
}

function wrapped(body: string, wrapping: string): string {
  const notification = (text: string) =>
    JSON.stringify({ Type: 'Notification', MessageId: 'n', Message: text });
  if (wrapping === 'notification') return notification(body);
  if (wrapping === 'twice') return notification(notification(notification(notification(body))));
  if (wrapping === 'torn') return body.slice(0, body.length / 2);
  return wrapping === 'text' ? 'Hello, is this thing on?' : body;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch (error) {
    if (error instanceof RangeError) return '['.repeat(100_000);
    throw error;
  }
}
