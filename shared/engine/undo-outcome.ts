import type { JournalEntry } from './journal.ts';
import type { Actor, Cause } from './signal.ts';

/** Who takes back, why, and how far he may go. */
export interface UndoRequest {
  /** Id of an entry or of a run. */
  readonly target: string;
  readonly actor: Actor;
  readonly cause: Cause;
  readonly signalId: string;
  readonly reason: string | undefined;
  /** Also where it opens again what a security policy closed, or where the end of the change is not known. */
  readonly force: boolean;
  readonly dryRun: boolean;
  /** So long the policy leaves what was taken back as it is, ms. */
  readonly exemptMs: number;
}

/** How taking one entry back ended. Every code is stable and every outcome carries a sentence. */
export type UndoOutcome =
  | {
      readonly outcome: 'undone';
      readonly code: 'undone' | 'would';
      readonly reason: string;
      /** Absent in a dry run. */
      readonly journalId?: string;
    }
  | {
      readonly outcome: 'refused';
      readonly code: RefusalCode;
      readonly reason: string;
    }
  | { readonly outcome: 'failed'; readonly code: string; readonly reason: string }
  /** No time was left for it: to be asked for again. */
  | { readonly outcome: 'left'; readonly code: 'time'; readonly reason: string };

export type RefusalCode =
  | 'already-undone'
  | 'an-undo'
  | 'under-way'
  | 'nothing-changed'
  | 'as-before'
  | 'changed'
  | 'gone'
  | 'lost'
  | 'needs-force'
  | 'no-way-back'
  | 'by-hand';

/** One entry, as far as a report needs it, and how taking it back ended. */
export interface UndoResult {
  readonly entry: Pick<
    JournalEntry,
    'id' | 'run' | 'policy' | 'action' | 'resource' | 'summary' | 'account' | 'region' | 'partition' | 'at'
  >;
  readonly outcome: UndoOutcome;
  readonly notes: readonly string[];
}

/** One undo of an entry or of a whole run: what people are told. */
export interface UndoReport {
  readonly run: string;
  readonly request: UndoRequest;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly exemptUntil: Date;
  /** Newest first. */
  readonly results: readonly UndoResult[];
  readonly counts: Readonly<Record<UndoOutcome['outcome'], number>>;
}
