import type { Account } from './account.ts';
import type { PolicyName } from './functions.ts';
import type { Runtime } from './runtime.ts';
import type { Seen } from './witness.ts';

/** A resource of a scenario, and what is right to become of it. */
export interface Subject {
  readonly id: string;
  /** Ids of what belongs to it: a call that names one of them names it. */
  readonly parts?: readonly string[];
  /** `remedy`: out of policy; `tell`: a person has to know; `leave`: not to be touched, nothing to be said. */
  due: 'remedy' | 'tell' | 'leave';
  /** What people have to read about it while it is not remedied; absent: any finding of its policy. */
  readonly says?: RegExp;
  /** Only the journal tells of it: while that fails, people have to know so. */
  readonly byJournal?: true;
  /** Since when it is out of policy, epoch ms; absent: from the beginning. */
  readonly since?: number;
  /** Whether this call does to it only what is due. Asked for calls that name it while a remedy is due. */
  allows(call: Seen): boolean;
  /** Why this call, which names it, is wrong whatever anybody has seen by then; absent: none is. */
  never?(call: Seen): string | undefined;
  isRemedied(): boolean;
  /** Whether what takes several steps waits for the next one; absent: its remedy is one step. */
  isUnderWay?(): boolean;
}

/** Somebody changes a resource just before one of Reeve's calls. */
export interface Meddling {
  readonly name:
    | 'gone'
    | 'changed'
    | 'tagged'
    | 'opened'
    | 'used'
    | 'closed'
    | 'exempted'
    | 'started'
    | 'stopped';
  /** The calls whose answers show it: whatever comes after one of them has to respect it. */
  readonly shownBy: RegExp;
  meddle(account: Account, subjects: readonly Subject[]): Promise<void>;
}

/** What a scenario of several acts needs between them. */
export interface Intermission {
  /** Looks whether all is as it should be by now. */
  look(): void;
  /** Has people do something while Reeve is not at work. */
  meanwhile(deed: () => Promise<void>): Promise<void>;
}

/** An account, what happens in it, and what is right to become of it. */
export interface Scenario {
  readonly name: string;
  readonly policy: PolicyName;
  /** When it begins; absent: a Monday at noon. */
  readonly now?: Date;
  /** A `reeve.yml`. */
  readonly settings: string;
  /** Most resources that one run may change. */
  readonly cap: number;
  /** Most resources that all runs together may change in each such span of the clock. */
  readonly perWindow?: { readonly count: number; readonly ms: number };
  /** From one sweep to the next. */
  readonly cadenceMs: number;
  readonly meddlings: readonly Meddling[];
  set(account: Account): Promise<readonly Subject[]>;
  /** What came before, with nothing going wrong: none of its calls is tried. */
  before?(runtime: Runtime): Promise<void>;
  /** What sets Reeve off, up to where the clean run is over. */
  play(runtime: Runtime, subjects: readonly Subject[], between: Intermission): Promise<void>;
  /** What people do once nothing goes wrong any more: after it, all that is due has to be done, not only told. */
  recover?(runtime: Runtime, subjects: readonly Subject[], between: Intermission): Promise<void>;
}
