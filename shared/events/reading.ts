import type { Signal } from '../engine/signal.ts';
import { safe } from '../notify/escape.ts';
import type { CallTable } from './api-call.ts';
import type { MalformedEvent } from './malformed.ts';

/** Where and when the function itself runs. */
export interface Own {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly now: Date;
  /** Of the Lambda invocation; the correlation id of triggers that have none. */
  readonly requestId: string;
}

export interface Context extends Own {
  readonly calls: CallTable;
}

/** What one trigger means. */
export type SingleReading =
  | {
      readonly kind: 'signals';
      readonly signals: readonly Signal[];
      /** Parts that ask for nothing, each with a sentence: "alarm cpu-low is OK". To be counted and logged. */
      readonly ignored: readonly string[];
    }
  /** Not a trigger that Reeve knows: end normally, throwing would only repeat it (B5.13). */
  | { readonly kind: 'unhandled'; readonly why: string };

export type RecordReading = SingleReading | { readonly kind: 'malformed'; readonly error: MalformedEvent };

/**
 * What an invocation's event means. Every record of a batch stands on its own (B5.7): for SQS the entry answers with
 * `batchItemFailures`, for SNS it throws after the others were handled.
 */
export type Reading =
  | SingleReading
  | {
      readonly kind: 'batch';
      readonly from: 'sqs' | 'sns';
      readonly records: readonly { readonly messageId: string; readonly reading: RecordReading }[];
    };

export function signals(...found: readonly Signal[]): SingleReading {
  return { kind: 'signals', signals: found, ignored: [] };
}

export function ignored(why: string): SingleReading {
  return { kind: 'signals', signals: [], ignored: [oneLine(why)] };
}

export function unhandled(why: string): SingleReading {
  return { kind: 'unhandled', why: oneLine(why) };
}

/** The sentences quote what strangers wrote, and go into the log and the answer (B6.22). */
export function oneLine(why: string): string {
  return safe(why, 300);
}
