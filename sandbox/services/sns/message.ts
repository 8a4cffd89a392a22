import type * as sns from '@aws-sdk/client-sns';
import { AwsError } from '../../core/errors.ts';
import { invalidParameter, notImplemented } from './state.ts';

/** A message that passed the checks of Publish. */
export interface Message {
  readonly subject?: string;
  /** What each protocol gets; `default` is for all others. */
  readonly texts: ReadonlyMap<string, string>;
  readonly attributes: Readonly<Record<string, sns.MessageAttributeValue>>;
  readonly bytes: number;
}

export const MOST_BYTES = 262_144;

type Entry = Pick<
  sns.PublishInput,
  | 'Message'
  | 'Subject'
  | 'MessageStructure'
  | 'MessageAttributes'
  | 'MessageGroupId'
  | 'MessageDeduplicationId'
>;

/** Checks a message as Publish documents it: subject, structure, attributes, and 262,144 bytes for all of it. */
export function checkedMessage(entry: Entry): Message {
  const { Message: text, Subject: subject, MessageAttributes: attributes = {} } = entry;
  if (entry.MessageGroupId !== undefined || entry.MessageDeduplicationId !== undefined) {
    throw notImplemented('message groups and deduplication of sns');
  }
  if (!text) throw invalidParameter('Empty message');
  if (subject !== undefined) checkSubject(subject);
  for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value);
  const bytes = Buffer.byteLength(text) + attributeBytes(attributes);
  if (bytes > MOST_BYTES) throw invalidParameter('Message too long');
  return {
    ...(subject !== undefined && { subject }),
    texts: textsOf(text, entry.MessageStructure),
    attributes,
    bytes,
  };
}

/**
 * Both readings of the documentation at once, so that what passes here passes everywhere: less than 100 characters, no
 * line breaks or control characters, and, as it said for years, ASCII that begins with a visible character.
 */
function checkSubject(subject: string): void {
  if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) throw invalidParameter('Subject');
}

function textsOf(text: string, structure: string | undefined): ReadonlyMap<string, string> {
  if (structure === undefined) return new Map([['default', text]]);
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  const texts = new Map(Object.entries(parsed(text)).filter(([, value]) => typeof value === 'string'));
  if (!texts.has('default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return new Map([...texts].map(([protocol, value]) => [protocol, String(value)]));
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, like every text that is no JSON object.
  }
  throw invalidParameter('Message Structure - JSON message body failed to parse');
}

function checkAttribute(
  name: string,
  { DataType = '', StringValue, BinaryValue }: sns.MessageAttributeValue,
): void {
  if (!/^(?!aws\.|amazon\.)(?!.*\.\.)[\w-][\w.-]{0,255}(?<!\.)$/i.test(name)) {
    throw parameterValue(`Can't use "${name}" as a message attribute name.`);
  }
  if (!/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
    throw parameterValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const filled = DataType.startsWith('Binary') ? (BinaryValue?.length ?? 0) > 0 : Boolean(StringValue);
  if (!filled) {
    throw parameterValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (DataType.startsWith('Number') && Number.isNaN(Number(StringValue))) {
    throw parameterValue(`Could not cast message attribute '${name}' value to number.`);
  }
}

function attributeBytes(attributes: Message['attributes']): number {
  return Object.entries(attributes)
    .map(
      ([name, { DataType = '', StringValue = '', BinaryValue }]) =>
        Buffer.byteLength(name) +
        Buffer.byteLength(DataType) +
        Buffer.byteLength(StringValue) +
        (BinaryValue?.length ?? 0),
    )
    .reduce((sum, size) => sum + size, 0);
}

const parameterValue = (message: string) => new AwsError('InvalidParameterValueException', message);
