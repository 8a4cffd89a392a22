import type { Exemption } from './exemption-value.ts';
import type { Intent } from './journal.ts';
import type { Mark } from './mark.ts';
import type { Policy, Surroundings } from './policy.ts';
import type { GuardSettings, Ports } from './ports.ts';
import type { ResourceRef, Signal } from './signal.ts';
import type { Change, Resource, Verdict, Violation } from './verdict.ts';

/** Sizes and times of a run; passed in so that tests can stand on both sides of each. */
export interface Limits {
  /** Findings kept in a report (B6.33). */
  readonly maxResults: number;
  /** Changes between two looks at the kill switch; also the batch that is verified by one read (B6.2). */
  readonly batch: number;
  /** Calls of one kind under way at once. */
  readonly parallel: number;
  /** Left of the invocation below which no further unit is begun, ms (B5.19). */
  readonly reserveMs: number;
  /** A reading older than this is repeated before acting, ms (B6.21). */
  readonly freshMs: number;
  /** Waits for what is not yet, or still, visible, ms (B3.37). */
  readonly waits: readonly number[];
  /** What people were told is told again after this time, ms (B5.38). */
  readonly tellAgainMs: number;
  /** Resources named by one postponed signal. */
  readonly refsPerSignal: number;
  /** Delay of what a cap held back, seconds; the longest that SQS offers. */
  readonly capDelaySeconds: number;
}

export const defaultLimits: Limits = {
  maxResults: 10_000,
  batch: 10,
  parallel: 5,
  reserveMs: 20_000,
  freshMs: 60_000,
  waits: [1000, 2000, 4000],
  tellAgainMs: 24 * 3_600_000,
  refsPerSignal: 1000,
  capDelaySeconds: 900,
};

/** The grace of a policy, and what is in it. */
export interface Grace {
  readonly ms: number;
  /** By ARN, as the run found them; undefined: they could not be read. */
  readonly marks: ReadonlyMap<string, Mark> | undefined;
  /** By ARN: what this run promised, and has to tell. */
  readonly promised: Map<string, Mark>;
}

/** What every step of one run shares. */
export interface Run<A, S, R extends Resource, F, C extends Change> {
  readonly id: string;
  readonly policy: Policy<A, S, R, F, C>;
  readonly signal: Signal;
  readonly settings: S;
  readonly guard: GuardSettings;
  readonly ports: Ports<A>;
  readonly limits: Limits;
  /** Filled on the way: what a human has to look at now, and what went less than well. */
  readonly pages: Set<string>;
  readonly warnings: Set<string>;
  /** Where findings are given time first. */
  readonly grace?: Grace;
  /** What was exempt until lately, and has to be told before it is changed; never with a grace. */
  readonly notices: Pick<Grace, 'ms' | 'promised'>;
  /** Journal entries that this run ended: open until people have been told. */
  readonly ended: Intent[];
}

/** A resource with its verdict and where and when it was read. */
export interface Judged<A, R extends Resource, V extends Verdict> {
  readonly around: Surroundings<A>;
  readonly resource: R;
  readonly verdict: V;
  readonly readAt: Date;
  readonly notes: readonly string[];
  /** What its exemption tag says, whatever that is worth. */
  readonly exemption?: Exemption;
  /** Never seen itself: the event's own words, without which it could not be judged again. */
  readonly provenBy?: ResourceRef;
  /** `unknown` because something failed, not because AWS has no answer. */
  readonly broken?: boolean;
}

/** A violation that the guard lets through. */
export interface Remediable<A, R extends Resource, C extends Change>
  extends Judged<A, R, Violation<C> & { readonly remedy: C }> {}

/** Less time is left than one more unit may need. */
export function outOfTime(run: {
  readonly ports: { remainingMs(): number };
  readonly limits: Limits;
}): boolean {
  return run.ports.remainingMs() < run.limits.reserveMs;
}
