import { createHash } from 'node:crypto';
import type { Place } from './signal.ts';
import type { Change, Violation } from './verdict.ts';

/** A finding that is remedied only after its owner had time: what was promised, and since when. */
export interface Mark extends Place {
  readonly id: string;
  readonly policy: string;
  readonly resource: { readonly type: string; readonly id: string; readonly arn: string };
  /** The same for the same finding; another one starts anew. */
  readonly finding: string;
  readonly reasonCode: string;
  readonly fingerprint: string;
  readonly summary: string;
  readonly since: Date;
  readonly due: Date;
  /** People have been told; until then it counts for nothing. */
  readonly told: boolean;
  /** What is told is that an exemption ended: given once for each, also without a grace. */
  readonly notice?: true;
  /** Since no grace is given any more it counts for nothing, whatever people were told; kept to know its tag by. */
  readonly lapsed?: Lapse;
}

/** Why no grace is given any more. */
export type Lapse = 'report-mode' | 'no-grace';

/** The marks of all policies; at most one of a policy on a resource is open. */
export interface Marks {
  /** The open ones of a policy. Throws when they cannot be read. */
  open(policy: string): Promise<readonly Mark[]>;
  /** Write a mark where none is open, or just `instead`; false when another run was faster. */
  put(mark: Mark, instead: Mark | undefined): Promise<boolean>;
  /** People know of it. */
  told(mark: Mark): Promise<void>;
  /** It holds no longer, and why; one that another run has replaced meanwhile stays. */
  close(mark: Mark, why: string, at: Date): Promise<void>;
}

/** What a mark allows now. */
export type Ruling =
  | { readonly state: 'over' }
  | { readonly state: 'waiting'; readonly mark: Mark; readonly due: Date }
  /** None that counts: the grace begins now. */
  | { readonly state: 'new'; readonly instead: Mark | undefined };

const MINUTE_MS = 60_000;

/**
 * As far apart as two clocks can be: AWS takes a request only within five minutes of its time stamp
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html).
 */
export const DRIFT_MS = 10 * MINUTE_MS;

/** Longer than any run takes to tell what it marked. */
const TELLING_MS = 20 * MINUTE_MS;

/** A sweep a month comes back to it in time; a promise that nothing came of for longer is given anew. */
const LAPSE_MS = 35 * 24 * 60 * MINUTE_MS;

/** The same for the same change to the same state for the same reason, whatever the time. */
export function findingOf<C extends Change>({
  reasonCode,
  remedy,
}: Violation<C> & { readonly remedy: C }): string {
  const { action, planKey, fingerprint, repeatKey } = remedy;
  const text = JSON.stringify([reasonCode, action, planKey ?? fingerprint, repeatKey]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** When a grace that begins now is over: whole minutes, and more than any two clocks differ. */
export function dueAfter(since: Date, graceMs: number): Date {
  return new Date(Math.ceil((since.getTime() + graceMs + DRIFT_MS) / MINUTE_MS) * MINUTE_MS);
}

/** When a new grace begins: now, and never before the one that it takes the place of, though the clock may say so. */
export function sinceOf(now: Date, instead: Mark | undefined): Date {
  return new Date(Math.max(now.getTime(), instead?.since.getTime() ?? 0));
}

/** Whether the time of this finding has come. A setting that was raised since counts, one that was lowered does not. Pure. */
export function rule(mark: Mark | undefined, finding: string, now: Date, graceMs: number): Ruling {
  if (mark === undefined || mark.finding !== finding || mark.lapsed !== undefined)
    return { state: 'new', instead: mark };
  const due = new Date(Math.max(mark.due.getTime(), dueAfter(mark.since, graceMs).getTime()));
  if (mark.told && now < due) return { state: 'waiting', mark, due };
  if (mark.told)
    return now.getTime() - due.getTime() <= LAPSE_MS ? { state: 'over' } : { state: 'new', instead: mark };
  // Its run is telling it just now, or died over it.
  const isFresh = Math.abs(now.getTime() - mark.since.getTime()) < TELLING_MS;
  return isFresh ? { state: 'waiting', mark, due } : { state: 'new', instead: mark };
}

/** The setting was raised since: people are going to read a later date than the mark has. */
export function isLater(ruling: Ruling): ruling is Extract<Ruling, { readonly state: 'waiting' }> {
  return ruling.state === 'waiting' && ruling.mark.told && ruling.due > ruling.mark.due;
}
