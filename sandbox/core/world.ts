import type { Clock } from './clock.ts';
import type { Credential, Principal } from './principal.ts';
import type { Call, Where } from './service.ts';

/** One simulated AWS account. */
export interface Account {
  readonly id: string;
  readonly partition: string;
  /** Region names with their opt-in state, as DescribeRegions tells them. */
  readonly regions: ReadonlyMap<string, 'opt-in-not-required' | 'opted-in' | 'not-opted-in'>;
  /** Service control policies in force, policy documents as JSON text. */
  readonly scps: string[];
}

/** One call that the sandbox answered: the raw material of call counts, least-privilege checks and the fault matrix. */
export interface CallRecord extends Where {
  /** Simulated epoch ms. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly requestId: string;
  /** The error code answered, absent when the call succeeded. */
  readonly error?: string;
}

/** What travels on an event bus, as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds, simulated. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  readonly 'replay-name'?: string;
}

/** A fault on demand. The first fault that matches a call and is not used up strikes. */
export interface Fault {
  readonly service?: string;
  readonly operation?: string;
  /** Narrow by input, caller or place. */
  readonly when?: (input: unknown, call: Call) => boolean;
  /** Let this many matching calls pass first. Default 0. */
  readonly after?: number;
  /** Strike this many times. Default: for ever. */
  readonly times?: number;
  /**
   * `throttle`: the service's throttling code. `error`: `code` with `status`. `timeout`: no answer, nothing done.
   * `timeout-after`: no answer, but it took effect. `reset`: the connection is cut, nothing done.
   * `denied`: the service's access-denied code. `run`: call `effect` right before the operation, then go on.
   * `part`: a success about only some of what was asked for, as `part` says.
   */
  readonly kind: 'throttle' | 'error' | 'timeout' | 'timeout-after' | 'reset' | 'denied' | 'run' | 'part';
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  readonly effect?: (call: Call) => void | Promise<void>;
  readonly part?: Part;
  /** Told of each call that it strikes, whatever its kind. */
  readonly onStrike?: (call: Call) => void;
}

/** How a call does only a part of what it was asked for, and how its answer says so. */
export interface Part {
  /** What the operation is left with; undefined: nothing, so that it does not run. */
  narrow(input: unknown): unknown;
  /** Its answer, completed by what was left undone. */
  widen(input: unknown, output: object): object;
}

export interface Faults {
  add(fault: Fault): { readonly struck: () => number; readonly remove: () => void };
  clear(): void;
}

/** Behaviour that can be switched while the world runs. */
export interface Behaviour {
  /** Added to each HTTP answer, in real milliseconds. Default 0. */
  latencyMs: number;
  /** How long reads may lag behind writes, in simulated milliseconds. Default 0 (strong). */
  consistencyMs: number;
  /** AWS's request token buckets per account, region and action. Default false. */
  throttling: boolean;
  /** From a change to its CloudTrail event on the bus, in simulated milliseconds. Default 0. */
  eventDelayMs: number;
  /** Deliver every event twice, as "at least once" allows. Default false. */
  duplicateEvents: boolean;
  /** How long a function's warm environment is used again, in simulated milliseconds. Default 6 hours. */
  environmentMs: number;
  /** Most keys that S3 lists at once, whatever is asked for; it may always list fewer. Default 1000. */
  keysAPage: number;
}

/** The whole simulation: accounts, clock, faults and what happened. Services keep their state in drawers. */
export interface World {
  readonly clock: Clock;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  readonly accounts: ReadonlyMap<string, Account>;
  /** Calls answered since the start, oldest first; bounded by `forget`. */
  readonly calls: readonly CallRecord[];
  forgetCalls(): void;
  /** Allow/deny decisions that granted an action: `principal arn → action → count`. */
  readonly grantsUsed: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Count one granted action: the IAM gate calls this. */
  noteGrant(principalArn: string, action: string): void;

  /** Reproducible randomness: `hex(17)` → `0a1b…`; `uuid()`; `int(n)` in [0, n). */
  readonly random: { hex(length: number): string; uuid(): string; int(below: number): number };

  addAccount(account: { id: string; partition?: string; regions?: readonly string[] }): Account;
  issue(principal: Omit<Principal, 'accessKeyId'>, lifetimeMs?: number): Credential;
  credential(accessKeyId: string): Credential | undefined;

  /** Put an event on the account's default bus in that region. */
  emit(event: BusEvent): void;
  onEvent(listener: (event: BusEvent) => void): void;

  /** Call an operation as `principal`, through faults, IAM and CloudTrail, without the wire: for AWS's own services. */
  invoke(
    principal: Principal,
    where: Where,
    service: string,
    operation: string,
    input: unknown,
  ): Promise<unknown>;
}
