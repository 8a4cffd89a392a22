import type { Account } from '../stage/account.ts';
import type { Violation } from '../stage/audit.ts';
import type { PolicyName } from '../stage/functions.ts';
import type { Entry } from '../stage/journal.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Touch } from '../stage/touches.ts';
import { Graces } from './graces.ts';
import { KillSwitch } from './kill-switch.ts';
import { Occasions } from './occasions.ts';
import { Operators } from './operators.ts';
import type { People } from './people.ts';
import { type Respite, respitesIn } from './respite.ts';
import type { Rules } from './rules.ts';
import { Vault } from './vault.ts';

/** When a policy swept last, epoch ms, and in which mode: what it said then holds until it looks again. */
export interface Sweep {
  readonly at: number;
  readonly mode: Rules['mode'];
}

/** An account with all that goes on in it, and what those who judge it have taken note of. */
export class Scene {
  readonly account: Account;
  readonly runtime: Runtime;
  readonly people: People;
  readonly killSwitch: KillSwitch;
  readonly operators: Operators;
  readonly occasions = new Occasions();
  readonly graces: Graces;
  readonly vault: Vault;
  readonly touches: Touch[] = [];
  readonly sweeps = new Map<PolicyName, Sweep>();
  readonly violations: Violation[] = [];
  /** As deployed now. */
  rules: Rules;

  constructor(rules: Rules, runtime: Runtime, people: People) {
    this.rules = rules;
    this.account = runtime.account;
    this.runtime = runtime;
    this.people = people;
    this.killSwitch = new KillSwitch(this.account);
    this.operators = new Operators(runtime, this.killSwitch);
    this.graces = new Graces(this.account);
    this.vault = new Vault(this.account);
  }

  get now(): number {
    return this.account.world.clock.now();
  }

  add(invariant: Violation['invariant'], detail: string): void {
    this.violations.push({ invariant, detail });
  }

  respitesIn(entries: readonly Entry[]): readonly Respite[] {
    return respitesIn(entries, (run) => this.occasions.ofRun(run)?.startedAt);
  }
}
