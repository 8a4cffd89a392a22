import type { Marks } from './mark.ts';
import type { LastScans } from './shrinkage.ts';
import type { Actor, Cause, Place } from './signal.ts';
import type { Evidence, Json, Severity } from './verdict.ts';

/** What is written before acting: enough to explain the change and to take it back, even if nothing follows. */
export interface Intent extends Place {
  readonly id: string;
  readonly run: string;
  readonly policy: string;
  readonly resource: {
    readonly type: string;
    readonly id: string;
    readonly arn: string;
    readonly name: string | undefined;
  };
  readonly fingerprint: string;
  /** The change's own `repeatKey`; has to come back from `recent` as it was written. */
  readonly repeatKey?: string;
  readonly action: string;
  readonly summary: string;
  readonly parameters: { readonly [key: string]: Json };
  readonly before: Json;
  readonly undo: string;
  readonly reasonCode: string;
  readonly reason: string;
  /** The first facts that the verdict rested on, for people. */
  readonly evidence?: readonly Evidence[];
  readonly severity?: Severity;
  readonly signalId: string;
  readonly cause: Cause;
  readonly actor: Actor | undefined;
  readonly at: Date;
  /** Until then no one else may take the same change over. */
  readonly leaseUntil: Date;
  /** Of an undo: the id of the entry that it takes back. */
  readonly undoes?: string;
  /** Of an undo: until then the policy leaves what was taken back as it is (B6.19). */
  readonly exemptUntil?: Date;
}

export interface JournalOutcome {
  readonly result: 'done' | 'gone' | 'failed';
  readonly code: string;
  readonly reason: string;
  readonly after: Json;
  readonly requestId: string | undefined;
  readonly at: Date;
}

export interface JournalEntry extends Intent {
  readonly outcome: JournalOutcome | undefined;
}

/** Changes that are taken out of what a policy may do within a window of time, over all runs (B6.5). */
export interface Taking {
  readonly policy: string;
  readonly from: Date;
  readonly until: Date;
  /** Most changes of the window. */
  readonly most: number;
  /** A key for each change; the same for the same change. */
  readonly changes: readonly string[];
}

/** How an intent was taken up; `over-cap`: the window has no room for it. */
export type Begun = 'begun' | 'in-progress' | 'already-done' | 'over-cap';

/** Another run has the entry in hand by now: how it ends is for that one to say. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** Append-only memory of what was changed. The store is shared/aws's. */
export interface Journal {
  /** Entries about one resource since then, newest first, whatever their policy. */
  recent(resourceArn: string, since: Date): Promise<readonly JournalEntry[]>;
  /**
   * Write the intent, unless the same change (resource and fingerprint) is already done (`already-done`) or somebody
   * else holds its lease (`in-progress`). A failed or abandoned one is taken over, and one that found nothing left to
   * do: the same state may be back under the same id. With `taking`, of this one change, only if its window has room, in
   * the same write. Throws when the store cannot be written.
   */
  begin(intent: Intent, taking?: Taking): Promise<Begun>;
  /**
   * Take changes out of their window before they are begun: all or none where `whole`, else the first that fit. Says
   * which may be done; one that was taken before is not counted again. Throws when it cannot be counted.
   */
  reserve(taking: Taking, whole: boolean): Promise<ReadonlySet<string>>;
  /**
   * Write the outcome of an intent that we hold; `told` where people hear of it anyway, so that it is open no more. Throws
   * `TakenOver` where we hold it no longer, another error when it cannot be written.
   */
  finish(intent: Intent, outcome: JournalOutcome, told?: 'told'): Promise<void>;
  /** What waits for its grace to be over. */
  readonly marks: Marks;
  /** When a policy first saw that it would change this resource; `at`, and noted, where it did not before. */
  firstSeen(resourceArn: string, policy: string, at: Date): Promise<Date>;
  /** It was made or touched at this time: whatever was seen under its name before counts no more. */
  seenAnew(resourceArn: string, policy: string, at: Date): Promise<void>;
  /** What the last sweeps of a policy read in each place (B6.6). */
  lastScans(policy: string): Promise<LastScans>;
  noteScans(policy: string, scans: LastScans, at: Date): Promise<void>;
  /**
   * Entries of a policy whose run is over by then and which nobody was told about: without an outcome, or with one whose
   * message was lost. An undo that broke off is left to its own person for as long as it is an exemption. At most so
   * many, the oldest first.
   */
  open(policy: string, by: Date, most: number): Promise<readonly JournalEntry[]>;
  /** Take an open entry in hand until then; false when another run has it, or it is open no more. */
  claim(entry: JournalEntry, until: Date): Promise<boolean>;
  /** People know how these ended: they are open no more. What another run has taken over since stays open. */
  told(intents: readonly Intent[]): Promise<void>;
}
