import type { Field } from './fields.ts';
import { MalformedEvent } from './malformed.ts';
import { ignored, type Reading, type RecordReading, type SingleReading, unhandled } from './reading.ts';

/** Reads the document inside a record; `id` is the message's. */
export type ReadDocument = (document: Field, id: string) => SingleReading;

/** The records of SQS and SNS: each holds a document in a string, perhaps SNS's own envelope around another (B5.6, B5.7). */
export function readRecords(records: readonly Field[], read: ReadDocument): Reading {
  const [first, ...rest] = records;
  if (!first) return unhandled('an event without records');
  const from = sourceOf(first);
  if (!from) return unhandled('records that come neither from SQS nor from SNS');
  // SNS sends one record at a time; its failure is the invocation's.
  if (from === 'sns' && rest.length === 0) return readRecord(first, read);
  return { kind: 'batch', from, records: records.map((record) => separately(record, read)) };
}

/** A notification that arrived in a queue without raw delivery: `{"Type": "Notification", "Message": "…"}`. */
export function readNotification(notification: Field, id: string, read: ReadDocument): SingleReading {
  return readMessage(notification.at('Message'), notification.at('MessageId').optionalText() ?? id, read);
}

function sourceOf(record: Field): 'sqs' | 'sns' | undefined {
  if (record.at('eventSource').value === 'aws:sqs') return 'sqs';
  return record.at('EventSource').value === 'aws:sns' ? 'sns' : undefined;
}

function readRecord(record: Field, read: ReadDocument): SingleReading {
  const from = sourceOf(record);
  if (from === 'sqs') return readMessage(record.at('body'), messageIdOf(record), read);
  if (from === 'sns') return readMessage(record.at('Sns', 'Message'), messageIdOf(record), read);
  return unhandled('a record that comes neither from SQS nor from SNS');
}

function readMessage(message: Field, id: string, read: ReadDocument): SingleReading {
  const document = message.json();
  return document?.isObject() ? read(document, id) : ignored(`message ${id} is not a JSON document`);
}

function messageIdOf(record: Field): string {
  const id =
    record.at('eventSource').value === 'aws:sqs' ? record.at('messageId') : record.at('Sns', 'MessageId');
  return id.text('the id of the message');
}

function separately(record: Field, read: ReadDocument): { messageId: string; reading: RecordReading } {
  const messageId = messageIdOf(record);
  try {
    return { messageId, reading: readRecord(record, read) };
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error;
    return { messageId, reading: { kind: 'malformed', error } };
  }
}
