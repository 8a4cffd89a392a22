import { createHash } from 'node:crypto';
import { Account } from '../stage/account.ts';
import { audit, type Violation } from '../stage/audit.ts';
import { unexplainedLetters } from '../stage/dead-letters.ts';
import type { PolicyName, Sabotage } from '../stage/functions.ts';
import { accountsFor, type Entry, idOf, journalOf } from '../stage/journal.ts';
import { type Letter, lettersTo } from '../stage/letters.ts';
import { Runtime } from '../stage/runtime.ts';
import { differences, snapshot } from '../stage/snapshot.ts';
import { isTold, isUnread, type News } from '../stage/told.ts';
import { type Touch, touchesOf } from '../stage/touches.ts';
import { changesTheAccount, type Seen, watch } from '../stage/witness.ts';
import { KillSwitch } from './kill-switch.ts';
import { type Occasion, Occasions } from './occasions.ts';
import { Operators, unfounded } from './operators.ts';
import { objection } from './oracle.ts';
import { type Owed, owed } from './owed.ts';
import { People } from './people.ts';
import { againstRespites, type Respite, respitesIn } from './respite.ts';
import { deployment, firstRules, otherRules, type Rules } from './rules.ts';
import { againstUndoing } from './taken-back.ts';
import { unreliable } from './unreliable.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOURLY: readonly PolicyName[] = ['revoke-open-ssh', 'stop-idle-instances', 'enforce-tags'];
const ALL: readonly PolicyName[] = [...HOURLY, 'delete-stale-buckets'];

/** Longer than a lease, the next reconciliation and what it queues. */
const OPEN_MS = 4 * HOUR;

/** What the SDK and Reeve draw by themselves: ids of single requests and of entries on a roll. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

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
  /** Of these, what they do to Reeve itself, percent: undos, the kill switch, other settings. */
  readonly onReeve: number;
}

/** What came of an epoch. */
export interface Lived {
  /** Of all its calls: of the same draw always the same. */
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly struck: number;
  readonly done: number;
  readonly invocations: number;
  readonly deadLetters: number;
  /** Undos asked for, and those that were carried out. */
  readonly undos: number;
  readonly undone: number;
  /** How often the kill switch was pulled, and other settings were deployed. */
  readonly pulls: number;
  readonly deployments: number;
}

/** Some days of an account in which people, controllers, faults and Reeve are at work together. */
export class Epoch {
  readonly #draw: Draw;
  /** As deployed now. */
  #rules: Rules;
  readonly #account: Account;
  readonly #runtime: Runtime;
  readonly #people: People;
  readonly #killSwitch: KillSwitch;
  readonly #operators: Operators;
  readonly #occasions = new Occasions();
  readonly #violations: Violation[] = [];
  readonly #touches: Touch[] = [];
  /** When each policy swept last, epoch ms. */
  readonly #swept = new Map<PolicyName, number>();
  /** In which mode it did: what it said then holds until it looks again. */
  readonly #sweptIn = new Map<PolicyName, Rules['mode']>();
  readonly #faults: readonly { readonly struck: () => number; readonly remove: () => void }[];
  readonly #digest = createHash('sha256');
  #calls = 0;
  #changes = 0;
  #deployments = 0;

  private constructor(draw: Draw, rules: Rules, account: Account, runtime: Runtime, people: People) {
    this.#draw = draw;
    this.#rules = rules;
    this.#account = account;
    this.#runtime = runtime;
    this.#people = people;
    watch(account, (call) => this.#judge(call));
    this.#killSwitch = new KillSwitch(account);
    this.#operators = new Operators(runtime, this.#killSwitch);
    runtime.onStart = (accessKeyId, fn, event) => {
      const asked = fn === 'undo' ? this.#operators.meantBy(event) : undefined;
      const startedAt = account.world.clock.now();
      this.#occasions.begin(accessKeyId, { fn, asked, startedAt, rules: this.#rules });
    };
    this.#faults = unreliable(runtime, draw.faults, (call) => this.#killSwitch.noteStrike(call));
    runtime.parallel = 3;
    runtime.arrivals = () => {
      const { int } = account.world.random;
      const late = () => int(draw.lateMinutes * 60 + 1) * 1000;
      return int(100) < draw.twice ? [late(), late()] : [late()];
    };
  }

  /** Lives through an epoch and says what was not as it has to be. */
  static async live(draw: Draw, sabotage?: Sabotage): Promise<Lived> {
    const rules = firstRules(draw);
    const settings = deployment(rules);
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
      for (let deeds = world.random.int(this.#draw.deeds + 1); deeds > 0; deeds--) await this.#deed();
    };
    this.#touches.push(...(await touchesOf(this.#account, act)));
    await this.#operators.hour();
    this.#sweep(hour);
    if (hour % 2 === 1) for (const policy of ALL) this.#runtime.reconcile(policy);
    const before = snapshot(this.#account);
    const changes = this.#changes;
    await this.#runtime.pass(HOUR);
    this.#account.world.forgetCalls();
    const isPulled = this.#killSwitch.position !== 'off';
    if (this.#changes === changes && !isPulled) return;
    const entries = await journalOf(this.#account);
    this.#checkPulled(entries);
    for (const path of differences(before, snapshot(this.#account))) {
      if (!entries.some((entry) => accountsFor(entry, path)))
        this.#add('unexplained', `${path} changed in hour ${hour} without an entry`);
    }
    this.#checkOpen(entries, this.#draw.faults > 0 ? 26 * HOUR : OPEN_MS);
  }

  /** Most of what people do is about the account, some of it about Reeve. */
  async #deed(): Promise<void> {
    const int = (below: number) => this.#account.world.random.int(below);
    if (int(100) >= this.#draw.onReeve) return await this.#people.act();
    const kind = int(8);
    if (kind === 0) return await this.#operators.pull();
    return kind === 1 ? this.#deploy() : await this.#operators.takeBack();
  }

  #deploy(): void {
    this.#rules = otherRules(this.#rules, (below) => this.#account.world.random.int(below));
    this.#runtime.settings = deployment(this.#rules);
    this.#deployments += 1;
  }

  #sweep(hour: number): void {
    for (const policy of hour % 24 === 0 ? ALL : HOURLY) {
      this.#runtime.sweep(policy);
      this.#swept.set(policy, this.#account.world.clock.now());
      this.#sweptIn.set(policy, this.#rules.mode);
    }
  }

  /** Nothing goes wrong any more, nobody does anything: all is dealt with, told or explained. */
  async #end(): Promise<Lived> {
    for (const fault of this.#faults) fault.remove();
    await this.#operators.release();
    for (let hour = 0; hour < this.#draw.calm; hour++) {
      await this.#operators.hour();
      this.#sweep(hour);
      for (const policy of ALL) this.#runtime.reconcile(policy);
      await this.#runtime.pass(HOUR);
    }
    const entries = await journalOf(this.#account);
    this.#checkOpen(entries, 2 * HOUR);
    this.#violations.push(...againstRespites(entries, this.#respitesIn(entries)));
    this.#checkLost(entries);
    const { untrue, claims, undosAsked, undosDone, pulls } = this.#operators;
    for (const detail of [...untrue, ...unfounded(claims, entries)]) this.#add('untrue', detail);
    const { invocations } = this.#runtime;
    const dead = this.#runtime.deadLetters();
    const books = {
      entries,
      letters: lettersTo(this.#account),
      capOf: (run: string) => this.#occasions.capOf(run),
    };
    this.#violations.push(...audit({ ...books, touches: this.#touches }));
    this.#violations.push(...unexplainedLetters(dead));
    return {
      digest: this.#digest.digest('hex'),
      violations: this.#violations,
      calls: this.#calls,
      struck: this.#faults.reduce((sum, { struck }) => sum + struck(), 0),
      done: entries.filter(({ outcome }) => outcome?.result === 'done' || outcome?.result === 'gone').length,
      invocations,
      deadLetters: dead.length,
      undos: undosAsked,
      undone: undosDone,
      pulls,
      deployments: this.#deployments,
    };
  }

  #judge(call: Seen): void {
    this.#calls += 1;
    const occasion = this.#occasions.of(call);
    const at = this.#account.world.clock.now();
    const said = JSON.stringify([at, occasion.fn, call.by, call.service, call.operation, call.input]);
    this.#digest.update(said.replaceAll(UUID, ''));
    const isChange = changesTheAccount(call);
    const halted = this.#killSwitch.objection(call, isChange, occasion.fn);
    if (halted !== undefined) this.#add('wrong', `${call.operation} by ${occasion.fn}: ${halted}`);
    if (!isChange) return;
    this.#changes += 1;
    const why =
      occasion.fn === 'undo'
        ? this.#againstUndo(occasion, call)
        : objection(this.#account, occasion.rules, this.#people.truth, call);
    if (why !== undefined) this.#add('wrong', `${call.operation} by ${occasion.fn}: ${why}`);
  }

  /** An undo is a person's deed: what it touches may be out of policy anew. */
  #againstUndo({ asked }: Occasion, call: Seen): string | undefined {
    const at = this.#account.world.clock.now();
    if (asked === undefined) return 'nobody asked for it';
    if (asked.event.dryRun) return 'only a dry run was asked for';
    for (const { resource } of asked.entries)
      if (JSON.stringify(call.input).includes(idOf(resource)))
        this.#touches.push({ path: idOf(resource), at });
    return againstUndoing(this.#account, asked.entries, call);
  }

  /** What is open for longer than this is left open for ever. */
  #checkOpen(entries: readonly Entry[], mostMs: number): void {
    const now = this.#account.world.clock.now();
    for (const { outcome, at, action, resource, exemptUntil } of entries) {
      // An undo is its own person's for as long as it is an exemption.
      const since = Math.max(at.getTime(), exemptUntil?.getTime() ?? 0);
      if (outcome === undefined && now - since > mostMs)
        this.#add('unexplained', `${action} on ${resource.id} is open since ${at.toISOString()}`);
    }
  }

  /** What was out of policy when its policy swept last is dealt with by now, or under way, or people were told. */
  #checkLost(entries: readonly Entry[]): void {
    const pulled = this.#killSwitch.position !== 'off';
    const letters = lettersTo(this.#account);
    const { undelivered } = this.#runtime;
    const respites = this.#respitesIn(entries);
    const { region } = this.#account.place;
    for (const one of owed({ ...this.#known(), respites })) {
      const shownAt = one.since + (one.latencyMs ?? 0);
      // What was not yet due at the last look waits for the next.
      const now = this.#swept.get(one.policy) ?? 0;
      if (shownAt > now || this.#isUnderWay(one, entries)) continue;
      // Nor can who looked before the switch was pulled have said anything of it.
      if (pulled && now <= this.#killSwitch.since) continue;
      const standing = { now, mode: this.#sweptIn.get(one.policy) ?? this.#rules.mode };
      // The same finding is told once a day, also where it was exempt or in order in between (B5.38).
      const since = Math.max(one.arose ?? 0, Math.min(one.since, now - DAY));
      const news = { ...one, region, since };
      const positions = pulled ? (['on', 'unreadable'] as const) : (['off'] as const);
      const isKnown = (to: readonly Letter[]) =>
        positions.some((killSwitch) => isTold(to, news, { ...standing, killSwitch }));
      if (isKnown(letters) || (pulled && this.#isExcused(news, isKnown([...letters, ...undelivered]))))
        continue;
      const meanwhile = pulled ? ' while the kill switch was pulled' : '';
      this.#add('lost', `${one.policy}: ${one.id} is out of policy, and nobody was told${meanwhile}`);
    }
  }

  /** While faults strike: told in vain where that is measured, said to be unread, or given up where an alarm watches. */
  #isExcused(news: News, isToldInVain: boolean): boolean {
    if (this.#draw.faults === 0) return false;
    const letters = [...lettersTo(this.#account), ...this.#runtime.undelivered];
    const given = this.#runtime.deadLetters().some(({ fn, event }) => {
      const text = JSON.stringify(event);
      return fn === news.policy && (text.includes(news.id) || text.includes('sweep'));
    });
    return isToldInVain || isUnread(letters, news) || given;
  }

  /** While the switch is pulled nothing is changed, and all of it has to be said: since the first sweep after that. */
  #checkPulled(entries: readonly Entry[]): void {
    const { position, since } = this.#killSwitch;
    if (position !== 'off' && HOURLY.every((policy) => (this.#swept.get(policy) ?? 0) > since))
      this.#checkLost(entries);
  }

  #known() {
    const { truth } = this.#people;
    return { account: this.#account, rules: this.#rules, truth, touches: this.#touches };
  }

  #respitesIn(entries: readonly Entry[]): readonly Respite[] {
    return respitesIn(entries, (run) => this.#occasions.ofRun(run)?.startedAt);
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
