import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

export function md5(body: string | Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

/** SQS Developer Guide, "Calculating the MD5 message digest for message attributes": clients check it. */
export function md5OfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  return md5(Buffer.concat(names.flatMap((name) => encoded(name, attributes[name] ?? { DataType: '' }))));
}

/** Bytes that attributes add to the size of a message. */
export function sizeOfAttributes(attributes: Attributes): number {
  return Object.entries(attributes)
    .map(
      ([name, { DataType = '', StringValue = '', BinaryValue = [] }]) =>
        Buffer.byteLength(name + DataType + StringValue) + BinaryValue.length,
    )
    .reduce((sum, size) => sum + size, 0);
}

function encoded(
  name: string,
  { DataType = '', StringValue = '', BinaryValue }: MessageAttributeValue,
): Buffer[] {
  const binary = DataType.startsWith('Binary');
  const value = binary ? Buffer.from(BinaryValue ?? []) : Buffer.from(StringValue);
  return [
    ...sized(Buffer.from(name)),
    ...sized(Buffer.from(DataType)),
    Buffer.of(binary ? 2 : 1),
    ...sized(value),
  ];
}

function sized(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
