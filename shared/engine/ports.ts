import type { Journal } from './journal.ts';
import type { Result, RunReport } from './outcome.ts';
import type { RemedyProgress } from './policy.ts';
import type { Place, Signal } from './signal.ts';
import type { Change, Resource } from './verdict.ts';

/** How careful to be, from `reeve.yml`. */
export interface GuardSettings {
  readonly mode: 'report' | 'enforce';
  /** Most resources changed in one run, in number and in percent of the scanned (percent counts from 10 scanned, B6.4). */
  readonly caps: {
    readonly count: number;
    readonly percent: number;
    /** Most changes of all runs together within so many minutes (B6.5). */
    readonly window?: { readonly minutes: number; readonly count: number };
  };
  readonly exemption: {
    /** Tag key, e.g. `reeve:exempt`. */
    readonly tag: string;
    /** Longest time an exemption may run, days. */
    readonly maxDays: number;
    /** One that names no owner is malformed. */
    readonly requireOwner?: boolean;
    /** So long before its end people are reminded, ms; absent: never. */
    readonly remindMs?: number;
    /** So long people have, from when they are told that it ended, before anything is done, ms; absent: none. */
    readonly noticeMs?: number;
    /** ARN patterns of principals that may set it; empty: whoever may tag. */
    readonly setBy: readonly string[];
  };
  readonly protect: {
    /** Resource ids and ARNs. */
    readonly ids: readonly string[];
    /** Glob patterns (`*`, `?`) on names. */
    readonly names: readonly string[];
    /** `key=value` or `key` (any value). */
    readonly tags: readonly string[];
  };
  /** So long its owner has, from when he is told, before a finding is remedied, ms; absent: none. */
  readonly graceMs?: number;
  /** Same change on the same resource: tell the owner from `escalateAt` a day, only alert from `openAt` an hour (B3.41). */
  readonly breaker: { readonly escalateAt: number; readonly openAt: number };
  /** Accounts that may be acted in; empty: only the one that the function runs in. */
  readonly accounts: readonly string[];
  /** Regions that may be acted in; absent: every one. */
  readonly regions?: readonly string[];
}

export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What the kill switch says; only `off` lets anything happen (B6.2). */
export type SwitchPosition = 'off' | 'on' | 'missing';

/** Everything outside that a run needs, injected. */
export interface Ports<A> {
  now(): Date;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, so that those who wait for the same thing do not come back at the same time. */
  random(): number;
  newId(): string;
  /** The wrapper's access for one place; throws `PlaceRefused` when the place may not or cannot be entered. */
  enter(place: Place): Promise<A>;
  readonly journal: Journal;
  /** `on` stops all actions. Throws or `missing` when it cannot be read: that stops them too. */
  killSwitch(): Promise<SwitchPosition>;
  /** ARN of the principal who gave this tag of the resource its value, undefined when it cannot be told. */
  whoTagged(resource: Resource, key: string, place: Place): Promise<string | undefined>;
  /**
   * Claim to tell this about a resource; false when it was told before, or is being told, and the time until then has
   * not passed. Throws when it cannot be noted.
   */
  firstTold(resourceArn: string, key: string, until: Date): Promise<boolean>;
  /** Note that this about a resource has been told, not to be told again until then. */
  noteTold(resourceArn: string, key: string, until: Date): Promise<void>;
  /** Hand the rest of the work to a later invocation. */
  postpone(signal: Signal, delaySeconds: number): Promise<void>;
  /** Tells people of a run; gives those of its results that there was no room for. */
  notify(report: RunReport): Promise<readonly Result[]>;
  /** Milliseconds that this invocation may still use. */
  remainingMs(): number;
  readonly log: Log;
  /** How far a remedy is that takes minutes; absent: nobody watches. */
  onProgress?(progress: RemedyProgress): void;
  /** Where only an agreed plan may be carried out: why this change is not what was agreed, or undefined (B6.20). */
  notPlanned?(resource: Resource, change: Change, place: Place): string | undefined;
  /** Who has looked why far less is read than by the last sweep, and says that it is right (B6.6). */
  readonly acceptsFewer?: string;
  /** ARNs and names that are Reeve's own and never touched (B6.10). */
  isOurs(resource: Resource): boolean;
}

/** Why an account or region is not entered: `skipped` is normal (not opted in, suspended), `failed` is not. */
export class PlaceRefused extends Error {
  readonly state: 'skipped' | 'failed';
  readonly code: string;
  constructor(state: 'skipped' | 'failed', code: string, message: string) {
    super(message);
    this.name = 'PlaceRefused';
    this.state = state;
    this.code = code;
  }
}
