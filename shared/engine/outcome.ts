import type { Exemption } from './exemption-value.ts';
import type { Missing } from './policy.ts';
import type { Place, Signal } from './signal.ts';
import type { Change, Resource, Verdict } from './verdict.ts';

/** How the handling of one resource ended. Every code is stable and every outcome carries a sentence. */
export type Outcome =
  | { readonly outcome: 'done'; readonly code: string; readonly reason: string; readonly journalId: string }
  | { readonly outcome: 'skipped'; readonly code: SkipCode; readonly reason: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly reason: string }
  | {
      readonly outcome: 'queued';
      readonly code: string;
      readonly reason: string;
      /** In its grace: it is not changed before. */
      readonly due?: Date;
    };

/** When what is in its grace is going to be changed. */
export function dueOf(outcome: Outcome): Date | undefined {
  return outcome.outcome === 'queued' ? outcome.due : undefined;
}

export type SkipCode =
  | 'compliant'
  | 'exempt'
  | 'unknown'
  | 'alert-only'
  | 'report-mode'
  | 'kill-switch'
  | 'cap'
  | 'breaker'
  | 'protected'
  | 'self'
  | 'changed'
  | 'not-planned'
  | 'gone'
  | 'in-progress'
  | 'grace'
  | 'few-scanned'
  | 'already-done'
  | 'not-allowed-place';

/** One resource that is worth telling about, and how it ended. */
export interface Result extends Place {
  readonly resource: Pick<Resource, 'type' | 'id' | 'arn' | 'name' | 'tags'>;
  readonly verdict: Verdict<Change>;
  readonly outcome: Outcome;
  /** Notes that arose on the way: exemption expired, journal outcome not written, third time this week. */
  readonly notes: readonly string[];
  /** What its exemption tag says, where one was looked for and found. */
  readonly exemption?: Exemption;
  /** Its exemption ends soon, which is told once. */
  readonly ending?: boolean;
  /** Told within the last day with the same end: not told again (B5.38). */
  readonly repeated?: boolean;
}

/** What was read in one account and region. Zero results are said too ("where did my instances go"). */
export interface PlaceReport extends Place {
  readonly state: 'scanned' | 'skipped' | 'failed';
  /** Why it was not (fully) scanned. */
  readonly reason: string | undefined;
  readonly scanned: number;
  readonly compliant: number;
}

/** One run of one policy: what people, logs and metrics are told. */
export interface RunReport {
  readonly run: string;
  readonly policy: string;
  readonly title: string;
  readonly mode: 'report' | 'enforce';
  readonly signal: Signal;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly places: readonly PlaceReport[];
  /** Everything but the compliant ones; at most `maxResults`, `omitted` counts the rest. */
  readonly results: readonly Result[];
  readonly omitted: number;
  readonly missing: readonly Missing[];
  readonly counts: {
    readonly scanned: number;
    readonly compliant: number;
    readonly violations: number;
    readonly exempt: number;
    readonly unknown: number;
    readonly done: number;
    readonly skipped: number;
    readonly failed: number;
    readonly queued: number;
  };
  /** `partial`: something could not be read, failed, or was queued. `failed`: nothing could be read at all. */
  readonly state: 'complete' | 'partial' | 'failed';
  /** A human has to look now: cap reached, breaker open, critical finding not remedied. */
  readonly pages: readonly string[];
  readonly warnings: readonly string[];
  /** Worth telling, and the message could not be delivered. */
  readonly undelivered?: boolean;
}

/** Something that people have not been told yet: not what is exempt, unless that ends soon. */
export function isNews({ repeated, verdict, ending }: Result): boolean {
  return !repeated && (verdict.verdict !== 'exempt' || ending === true);
}
