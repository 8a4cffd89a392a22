import { AwsError } from '../core/errors.ts';
import type { Shape, TimestampFormat } from './shape.ts';

type Scalar = Exclude<Shape, { kind: 'structure' | 'list' | 'map' }>;

/** Reads a scalar written as text: a form parameter, a header, a query parameter or a piece of path. */
export function parseScalar(shape: Scalar, written: string, name: string, stamp: TimestampFormat): unknown {
  switch (shape.kind) {
    case 'string':
    case 'document':
      return written;
    case 'boolean':
      if (/^(true|false)$/i.test(written)) return written.toLowerCase() === 'true';
      throw malformed(name, written, 'a boolean');
    case 'number':
    case 'decimal': {
      const value = Number(written);
      if (written.trim() === '' || Number.isNaN(value)) throw malformed(name, written, 'a number');
      return value;
    }
    case 'bigint':
      if (!/^-?\d+$/.test(written)) throw malformed(name, written, 'a whole number');
      return BigInt(written);
    case 'blob':
      return Buffer.from(written, 'base64');
    case 'timestamp':
      return parseTimestamp(written, name, shape.format ?? stamp);
    case 'unit':
      return undefined;
  }
}

/** Writes a scalar as the text that XML, headers and query strings carry. */
export function printScalar(shape: Scalar, value: unknown, stamp: TimestampFormat): string {
  if (shape.kind === 'timestamp') return printTimestamp(value, shape.format ?? stamp);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

function parseTimestamp(written: string, name: string, format: TimestampFormat): Date {
  const numeric = /^-?\d+(\.\d+)?$/.test(written);
  const date = numeric && format !== 'http-date' ? new Date(Number(written) * 1000) : new Date(written);
  if (Number.isNaN(date.getTime())) throw malformed(name, written, 'a timestamp');
  return date;
}

function printTimestamp(value: unknown, format: TimestampFormat): string {
  if (!(value instanceof Date)) throw new TypeError(`A timestamp has to be a Date, not ${typeof value}.`);
  if (format === 'epoch-seconds') return String(value.getTime() / 1000);
  if (format === 'http-date') return value.toUTCString();
  return value.toISOString();
}

function malformed(name: string, written: string, expected: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${written}) for parameter ${name} is invalid. It must be ${expected}.`,
  );
}
