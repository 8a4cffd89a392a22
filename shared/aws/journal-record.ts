import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Intent, JournalEntry, JournalOutcome } from '../engine/journal.ts';
import { VERSION } from './factory.ts';

export type Item = { readonly [attribute: string]: AttributeValue };

/** DynamoDB refuses items above 400 KB; the outcome and the index attributes need their share. */
const LARGEST_BYTES = 350_000;

const DAY_MS = 86_400_000;

/** Where one change is kept: under its resource, by policy, action and fingerprint, so that it exists only once. */
export function keyOf(intent: Pick<Intent, 'resource' | 'policy' | 'action' | 'fingerprint'>): Item {
  const change = [intent.policy, intent.action, intent.fingerprint].join('\n');
  const digest = createHash('sha256').update(change).digest('hex').slice(0, 32);
  return { pk: { S: intent.resource.arn }, sk: { S: `${intent.policy}#${digest}` } };
}

/**
 * The item for an intent. `intent` holds it whole; the other attributes are what conditions, indexes and TTL read.
 * Throws when it is too large to be kept: then nothing may be done (B6.16).
 */
export function recordOf(intent: Intent, earlier: readonly string[], keepDays: number): Item {
  // Dates are written as ISO 8601, and read back as such.
  const text = JSON.stringify(intent);
  const { at, leaseUntil } = intent;
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_BYTES) {
    throw new RangeError(
      `the before-state of ${intent.resource.id} is too large to journal (${bytes} bytes)`,
    );
  }
  return {
    ...keyOf(intent),
    id: { S: intent.id },
    run: { S: intent.run },
    day: { S: at.toISOString().slice(0, 10) },
    at: { S: at.toISOString() },
    lease: { N: String(leaseUntil.getTime()) },
    // Only what is open has it, so that the index `by-open` holds nothing else.
    open: { S: openAs(intent.policy, intent.undoes === undefined ? 'change' : 'undo') },
    expires: { N: String(Math.ceil((at.getTime() + keepDays * DAY_MS) / 1000)) },
    intent: { S: text },
    version: { S: VERSION },
    earlier: { L: earlier.map((attempt) => ({ S: attempt })) },
  };
}

/** Under what `by-open` lists it: undos apart, for they wait a day for their person, and must not hide what is due. */
export function openAs(policy: string, kind: 'change' | 'undo'): string {
  return kind === 'change' ? policy : `${policy} undo`;
}

/** The outcome as the item keeps it. */
export function outcomeText(outcome: JournalOutcome): string {
  return JSON.stringify({ ...outcome, at: outcome.at.toISOString() });
}

/** Reads an item back. Only `recordOf` and `outcomeText` write these attributes, so their shapes are known. */
export function entryOf(record: Item): JournalEntry {
  // Our own JSON, written above.
  const intent = JSON.parse(record.intent?.S ?? '') as Omit<Intent, 'at' | 'leaseUntil' | 'exemptUntil'> & {
    readonly at: string;
    readonly leaseUntil: string;
    readonly exemptUntil?: string;
  };
  const { exemptUntil, ...rest } = intent;
  const text = record.outcome?.S;
  return {
    ...rest,
    ...(exemptUntil !== undefined && { exemptUntil: new Date(exemptUntil) }),
    actor: intent.actor ?? undefined,
    resource: { ...intent.resource, name: intent.resource.name ?? undefined },
    at: new Date(intent.at),
    // Whoever looks into an open entry prolongs its lease, and leaves the intent as it was written.
    leaseUntil: new Date(Number(record.lease?.N)),
    outcome: text === undefined ? undefined : readOutcome(text),
  };
}

function readOutcome(text: string): JournalOutcome {
  // Our own JSON, written by `outcomeText`.
  const outcome = JSON.parse(text) as Omit<JournalOutcome, 'at'> & { readonly at: string };
  return { ...outcome, requestId: outcome.requestId ?? undefined, at: new Date(outcome.at) };
}

/** What is kept of an attempt that another one takes over: who tried, when, and how it ended. */
export function attemptText(entry: JournalEntry): string {
  const { id, run, at, outcome } = entry;
  return JSON.stringify({
    id,
    run,
    at: at.toISOString(),
    result: outcome?.result ?? 'abandoned',
    code: outcome?.code,
    requestId: outcome?.requestId,
  });
}
