import type { Json } from './engine.ts';

/** The SDK's input as the JSON of the wire: bytes become base64 text, absent members go away. */
export function toJson(input: object): Json {
  return Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => (value === undefined ? [] : [[key, plain(value)]])),
  );
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? toJson(value) : value;
}

/**
 * The JSON of the wire as the SDK's output: `{B: text}` and `{BS: [text]}` become bytes. An attribute that is called B
 * holds an object, so nothing else looks like that.
 */
export function fromJson(value: Json): Json {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typed(key, member)]));
}

function typed(key: string, value: unknown): unknown {
  if (key === 'B' && typeof value === 'string') return Buffer.from(value, 'base64');
  if (key === 'BS' && Array.isArray(value)) return value.map((text) => typed('B', text));
  if (key.endsWith('DateTime') && typeof value === 'number') return new Date(value * 1000);
  if (Array.isArray(value)) return value.map((each) => typed('', each));
  return typeof value === 'object' && value !== null ? fromJson({ ...value }) : value;
}
