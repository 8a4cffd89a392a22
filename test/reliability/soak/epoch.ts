import { Account } from '../stage/account.ts';
import { audit, type Violation } from '../stage/audit.ts';
import { unexplainedLetters } from '../stage/dead-letters.ts';
import { type PolicyName, type Sabotage, settingsOf } from '../stage/functions.ts';
import { accountsFor, type Entry, idOf, journalOf } from '../stage/journal.ts';
import { lettersTo } from '../stage/letters.ts';
import { Runtime } from '../stage/runtime.ts';
import { differences, snapshot } from '../stage/snapshot.ts';
import { isTold } from '../stage/told.ts';
import { type Touch, touchesOf } from '../stage/touches.ts';
import { changesTheAccount, type Seen, watch } from '../stage/witness.ts';
import { objection, type Rules } from './oracle.ts';
import { type Owed, owed } from './owed.ts';
import { People } from './people.ts';
import { unreliable } from './unreliable.ts';

const HOUR = 3_600_000;
const HOURLY: readonly PolicyName[] = ['revoke-open-ssh', 'stop-idle-instances', 'enforce-tags'];
const ALL: readonly PolicyName[] = [...HOURLY, 'delete-stale-buckets'];

/** Longer than a lease, the next reconciliation and what it queues. */
const OPEN_MS = 4 * HOUR;

/** How an epoch is drawn. */
export interface Draw {
  readonly seed: number;
  readonly hours: number;
  /** Hours after that in which nothing goes wrong and nobody does anything. */
  readonly calm: number;
  readonly mode: Rules['mode'];
  readonly cap: number;
  /** Calls of Reeve's that go wrong, percent. */
  readonly faults: number;
  /** Events that come twice, percent. */
  readonly twice: number;
  /** Latest arrival of an event, minutes: they come in any order. */
  readonly lateMinutes: number;
  /** Things that people do in an hour, at most. */
  readonly deeds: number;
}

/** What came of an epoch. */
export interface Lived {
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly struck: number;
  readonly done: number;
  readonly invocations: number;
  readonly deadLetters: number;
}

/** Some days of an account in which people, controllers, faults and Reeve are at work together. */
export class Epoch {
  readonly #draw: Draw;
  readonly #rules: Rules;
  readonly #account: Account;
  readonly #runtime: Runtime;
  readonly #people: People;
  readonly #violations: Violation[] = [];
  readonly #touches: Touch[] = [];
  /** When each policy swept last, epoch ms. */
  readonly #swept = new Map<PolicyName, number>();
  readonly #faults: readonly { readonly struck: () => number; readonly remove: () => void }[];
  #calls = 0;
  #changes = 0;

  private constructor(draw: Draw, rules: Rules, account: Account, runtime: Runtime, people: People) {
    this.#draw = draw;
    this.#rules = rules;
    this.#account = account;
    this.#runtime = runtime;
    this.#people = people;
    watch(account, (call) => this.#judge(call));
    this.#faults = unreliable(runtime, draw.faults);
    runtime.parallel = 3;
    runtime.arrivals = () => {
      const { int } = account.world.random;
      const late = () => int(draw.lateMinutes * 60 + 1) * 1000;
      return int(100) < draw.twice ? [late(), late()] : [late()];
    };
  }

  /** Lives through an epoch and says what was not as it has to be. */
  static async live(draw: Draw, sabotage?: Sabotage): Promise<Lived> {
    const rules = { mode: draw.mode, windowDays: 1, waitDays: 2, bucketWindowDays: 30, graceMinutes: 10 };
    const settings = settingsOf(yaml(draw, rules));
    const account = await Account.open({ seed: draw.seed }, ALL);
    const people = new People(account, draw.hours + draw.calm);
    await people.moveIn();
    const epoch = new Epoch(draw, rules, account, new Runtime(account, settings, sabotage), people);
    for (let hour = 0; hour < draw.hours; hour++) await epoch.#hour(hour);
    return await epoch.#end();
  }

  async #hour(hour: number): Promise<void> {
    const { world } = this.#account;
    const act = async () => {
      for (let deeds = world.random.int(this.#draw.deeds + 1); deeds > 0; deeds--) await this.#people.act();
    };
    this.#touches.push(...(await touchesOf(this.#account, act)));
    this.#sweep(hour);
    if (hour % 2 === 1) for (const policy of ALL) this.#runtime.reconcile(policy);
    const before = snapshot(this.#account);
    const changes = this.#changes;
    await this.#runtime.pass(HOUR);
    this.#account.world.forgetCalls();
    if (this.#changes === changes) return;
    const entries = await journalOf(this.#account);
    for (const path of differences(before, snapshot(this.#account))) {
      if (!entries.some((entry) => accountsFor(entry, path)))
        this.#add('unexplained', `${path} changed in hour ${hour} without an entry`);
    }
    this.#checkOpen(entries);
  }

  #sweep(hour: number): void {
    for (const policy of hour % 24 === 0 ? ALL : HOURLY) {
      this.#runtime.sweep(policy);
      this.#swept.set(policy, this.#account.world.clock.now());
    }
  }

  /** Nothing goes wrong any more, nobody does anything: all is dealt with, told or explained. */
  async #end(): Promise<Lived> {
    for (const fault of this.#faults) fault.remove();
    for (let hour = 0; hour < this.#draw.calm; hour++) {
      this.#sweep(hour);
      for (const policy of ALL) this.#runtime.reconcile(policy);
      await this.#runtime.pass(HOUR);
    }
    const entries = await journalOf(this.#account);
    this.#checkOpen(entries);
    this.#checkLost(entries);
    const { invocations } = this.#runtime;
    const dead = this.#runtime.deadLetters();
    const books = { entries, letters: lettersTo(this.#account), cap: this.#draw.cap };
    this.#violations.push(...audit({ ...books, touches: this.#touches }));
    this.#violations.push(...unexplainedLetters(dead));
    return {
      violations: this.#violations,
      calls: this.#calls,
      struck: this.#faults.reduce((sum, { struck }) => sum + struck(), 0),
      done: entries.filter(({ outcome }) => outcome?.result === 'done' || outcome?.result === 'gone').length,
      invocations,
      deadLetters: dead.length,
    };
  }

  #judge(call: Seen): void {
    this.#calls += 1;
    if (!changesTheAccount(call)) return;
    this.#changes += 1;
    const why = objection(this.#account, this.#rules, this.#people.truth, call);
    if (why !== undefined) this.#add('wrong', `${call.operation}: ${why}`);
  }

  #checkOpen(entries: readonly Entry[]): void {
    const now = this.#account.world.clock.now();
    for (const { outcome, at, action, resource } of entries) {
      if (this.#draw.faults > 0 && now - at.getTime() < 26 * HOUR) continue;
      if (outcome === undefined && now - at.getTime() > OPEN_MS)
        this.#add('unexplained', `${action} on ${resource.id} is open since ${at.toISOString()}`);
    }
  }

  /** What was out of policy when its policy swept last is dealt with by now, or under way, or people were told. */
  #checkLost(entries: readonly Entry[]): void {
    const letters = lettersTo(this.#account);
    const now = this.#account.world.clock.now();
    const known = {
      account: this.#account,
      rules: this.#rules,
      truth: this.#people.truth,
      touches: this.#touches,
    };
    const standing = { now, mode: this.#rules.mode, killSwitch: 'off' } as const;
    for (const one of owed(known)) {
      const shownAt = one.since + (one.latencyMs ?? 0);
      if (shownAt > (this.#swept.get(one.policy) ?? 0) || this.#isUnderWay(one, entries)) continue;
      const { region } = this.#account.place;
      if (!isTold(letters, { ...one, region }, standing))
        this.#add('lost', `${one.policy}: ${one.id} is out of policy, and nobody was told`);
    }
  }

  /** In the queue, or begun by a run that may still be at it. */
  #isUnderWay({ id, policy }: Owed, entries: readonly Entry[]): boolean {
    const now = this.#account.world.clock.now();
    const begun = entries.some(
      ({ outcome, at, resource }) =>
        outcome === undefined && idOf(resource) === id && now - at.getTime() <= OPEN_MS,
    );
    return begun || this.#account.waiting(policy, 'work').some(({ body }) => body.includes(id));
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.#violations.push({ invariant, detail });
  }
}

function yaml({ mode, cap }: Draw, rules: Rules): string {
  const common = `mode: ${mode}, caps: { count: ${cap}, percent: 100 }, protect: { tags: [keep] }`;
  return `version: 1
policies:
  revoke-open-ssh: { ${common} }
  stop-idle-instances: { ${common}, windowDays: ${rules.windowDays}, graceHours: 0 }
  enforce-tags:
    { ${common}, types: [AWS::EC2::Instance], graceMinutes: ${rules.graceMinutes}, tags: [{ key: Owner, default: unowned }] }
  delete-stale-buckets:
    { ${common}, windowDays: ${rules.bucketWindowDays}, waitDays: ${rules.waitDays}, unknownAccessDays: ${rules.bucketWindowDays} }
`;
}
