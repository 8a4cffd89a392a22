import type { JournalEntry } from './journal.ts';
import type { Place, ResourceRef, Signal } from './signal.ts';
import type { Change, Json, Resource, Tags, Verdict } from './verdict.ts';

/** What the engine lends a policy for one place: the SDK wrapper's access, and time. `A` is shared/aws's, unknown here. */
export interface Surroundings<A> {
  readonly place: Place;
  readonly aws: A;
  now(): Date;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, for the jitter of waits. */
  random(): number;
  /** For a remedy that takes minutes: what the invocation has left. Absent: as long as it takes. */
  remainingMs?(): number;
  /** For the same: why nothing more may be done (the kill switch), or undefined. Absent: nobody to ask. */
  halted?(): Promise<string | undefined>;
  /** For the same: how far it is, for whoever watches. Absent: nobody does. */
  onProgress?(progress: RemedyProgress): void;
  /** The same account in another region, e.g. where a service keeps its global settings; throws `PlaceRefused`. */
  elsewhere?(region: string): Promise<A>;
  /** Why a resource with these tags by now is left alone: protected, or its exemption is not what it was. Absent: nobody asks. */
  keptFrom?(judged: Resource, now: Tags): string | undefined;
  /** What Reeve did to one resource since then, newest first; absent in report mode, which keeps no journal. */
  history?(resourceArn: string, since: Date): Promise<readonly JournalEntry[]>;
}

/** How far a long remedy is. */
export interface RemedyProgress {
  readonly resource: string;
  /** What is counted, e.g. `versions`. */
  readonly unit: string;
  readonly done: number;
  readonly perSecond: number;
  readonly secondsLeft: number | undefined;
}

/** One page of what `find` read. */
export interface Found<R extends Resource> {
  readonly resources: readonly R[];
  /** Resources that the signal named and that were not found or could not be read, each with a sentence. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly ref: ResourceRef;
  /** `gone`: deleted, nothing to do. `not-visible`: perhaps not yet readable. `unreadable`: denied or throttled. */
  readonly why: 'gone' | 'not-visible' | 'unreadable' | 'unresolved';
  readonly reason: string;
}

/** What `act` reports for one change. */
export type Acted =
  | {
      readonly result: 'done';
      readonly after: Json;
      readonly requestId: string | undefined;
      /** What a person has to look at all the same. */
      readonly attention?: readonly string[];
    }
  /** Nothing left to do, e.g. the rule or the whole group is gone. */
  | { readonly result: 'gone'; readonly reason: string }
  /** Left as it is on purpose: at the last look it had changed, or was protected. */
  | { readonly result: 'left'; readonly code: 'changed' | 'protected'; readonly reason: string }
  /** Went well as far as time allowed: queued, and carried on from what is there by then. `after`: how far it came. */
  | { readonly result: 'unfinished'; readonly reason: string; readonly after: Json }
  | {
      readonly result: 'failed';
      readonly code: string;
      readonly reason: string;
      /** The call may have taken effect all the same, e.g. it timed out. */
      readonly uncertain?: boolean;
      /** The last word, whatever reading again would show: nothing is read again. */
      readonly final?: boolean;
      /** What is known to have been done before it failed. */
      readonly after?: Json;
    };

/** A tag that says when something is going to be done. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One change to be carried out, with its resource as it was judged. */
export interface Doing<R extends Resource, C extends Change> {
  readonly change: C;
  readonly resource: R;
}

export type Shown = 'done' | 'not-done' | 'neither';

/** A fact-finding and deciding rule. Only `act` changes anything, and only the engine calls it. */
export interface Policy<A, S, R extends Resource, F, C extends Change> {
  readonly name: string;
  /** What it keeps in order, for people: "SSH is not open to the world". */
  readonly title: string;
  /** Decides how caps and malformed exemptions behave (B6.3, B6.7). */
  readonly kind: 'security' | 'cost' | 'tagging';
  /** The same change on one resource at most so often a day; then something else undoes it, and it is only told (B2.18). */
  readonly mostADay?: number;
  /** Reads what the signal points at, or everything for a sweep, page by page; always the current state. */
  find(signal: Signal, settings: S, around: Surroundings<A>): AsyncIterable<Found<R>>;
  /** Reads in few calls what the verdicts over these resources need, by resource id; of resources whose ids differ. One without facts becomes `unknown`. */
  gather(resources: readonly R[], settings: S, around: Surroundings<A>): Promise<ReadonlyMap<string, F>>;
  /** Pure. */
  judge(resource: R, facts: F, settings: S, now: Date): Verdict<C>;
  /** Carries out one change; safe to run twice. Throws nothing for what AWS answers: that is an `Acted`. */
  act(change: C, resource: R, around: Surroundings<A>): Promise<Acted>;
  /**
   * Instead of `act`, where AWS takes many in one call: carries out changes of one place together, each journaled
   * before, and reports on each by resource id; of resources whose ids differ. One that it does not report on counts as failed, perhaps with effect.
   */
  actAll?(changes: readonly Doing<R, C>[], around: Surroundings<A>): Promise<ReadonlyMap<string, Acted>>;
  /** Most changes carried out together, between two looks at the kill switch. Absent: the engine's own. */
  readonly batch?: number;
  /**
   * Shows on the resource that it is going to be changed, by a tag; for people only, the journal is what counts. Throws
   * what AWS answers. Absent: the type bears none.
   */
  announce?(resource: R, tag: Tag, around: Surroundings<A>): Promise<void>;
  /** Takes that tag off again, where it still has this value. */
  withdraw?(resource: R, tag: Tag, around: Surroundings<A>): Promise<void>;
  /**
   * What a resource shows by now of a journaled change whose end nobody wrote down: it is as that would have left it, as
   * it was before, or neither. Pure. Absent: as it would have left it.
   */
  shows?(resource: R, change: Pick<JournalEntry, 'action' | 'before' | 'parameters'>): Shown;
  /** Takes a journaled change back; safe to run twice. Called by the undo of a later version only. */
  undo?(before: Json, after: Json, around: Surroundings<A>): Promise<Acted>;
  /**
   * The last resort for a signal whose resource never became visible: a change proven by the event's own record, or
   * undefined (B3.37).
   */
  unseen?(missing: Missing, signal: Signal, settings: S): { resource: R; verdict: Verdict<C> } | undefined;
}
