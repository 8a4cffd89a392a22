import { Account } from '../stage/account.ts';
import { audit, type Violation } from '../stage/audit.ts';
import { unexplainedLetters } from '../stage/dead-letters.ts';
import { type PolicyName, type Sabotage, settingsOf } from '../stage/functions.ts';
import { accountsFor, type Entry, journalOf } from '../stage/journal.ts';
import { lettersTo } from '../stage/letters.ts';
import { Runtime } from '../stage/runtime.ts';
import { differences, snapshot } from '../stage/snapshot.ts';
import { type Touch, touchesOf } from '../stage/touches.ts';
import { changesTheAccount, isReeve, type Seen, watch } from '../stage/witness.ts';
import { isShielded, objection, openRules, type Rules, tagsOf } from './oracle.ts';
import { People } from './people.ts';

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
    for (const policy of hour % 24 === 0 ? ALL : HOURLY) this.#runtime.sweep(policy);
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

  /** Nothing goes wrong any more, nobody does anything: all is dealt with, told or explained. */
  async #end(): Promise<Lived> {
    for (const fault of this.#faults) fault.remove();
    for (let hour = 0; hour < this.#draw.calm; hour++) {
      for (const policy of hour % 24 === 0 ? ALL : HOURLY) this.#runtime.sweep(policy);
      for (const policy of ALL) this.#runtime.reconcile(policy);
      await this.#runtime.pass(HOUR);
    }
    const entries = await journalOf(this.#account);
    this.#checkOpen(entries);
    this.#checkLost();
    const { invocations } = this.#runtime;
    const dead = this.#runtime.deadLetters();
    const books = { entries, letters: lettersTo(this.#account), cap: this.#draw.cap };
    this.#violations.push(
      ...audit({ ...books, changed: new Set(), undisturbed: false, touches: this.#touches }),
    );
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

  #checkLost(): void {
    const messages = this.#account.messages();
    const ids = new Set([...snapshot(this.#account).keys()].map((path) => path.split('/')[0] ?? ''));
    for (const id of ids) {
      if (openRules(this.#account, id).length === 0) continue;
      if (isShielded(tagsOf(this.#account, id), this.#account.world.clock.now())) continue;
      if (!messages.some((message) => message.includes(id)))
        this.#add('lost', `${id} is open, and nobody was told`);
    }
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.#violations.push({ invariant, detail });
  }
}

/** Faults on so many of Reeve's calls, of every kind. */
function unreliable(runtime: Runtime, percent: number) {
  const { faults, random } = runtime.account.world;
  const share = (part: number) => random.int(100_000) < percent * part * 10;
  const killed = () => {
    runtime.kill();
    return new Promise<never>(() => {});
  };
  const kinds = [
    { kind: 'throttle', part: 30 },
    { kind: 'error', code: 'InternalError', status: 500, part: 30 },
    { kind: 'timeout', part: 10 },
    { kind: 'timeout-after', part: 10 },
    { kind: 'denied', part: 10 },
    { kind: 'run', effect: killed, part: 10 },
  ] as const;
  return kinds.map(({ part, ...kind }) =>
    faults.add({
      ...kind,
      when: (_input, call) => isReeve(call) && share(part),
      onStrike: (call) => runtime.noteStrike(call),
    }),
  );
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
