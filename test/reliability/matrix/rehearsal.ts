import { Account } from '../stage/account.ts';
import { type Sabotage, settingsOf } from '../stage/functions.ts';
import { accountsFor, type Entry, idOf, journalOf } from '../stage/journal.ts';
import { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { differences, type Snapshot, snapshot } from '../stage/snapshot.ts';
import { changesTheAccount, type Seen, watch } from '../stage/witness.ts';

/** What must never be, and where it was. */
export interface Violation {
  readonly invariant:
    | 'wrong'
    | 'lost'
    | 'doubled'
    | 'above the cap'
    | 'unexplained'
    | 'untrue'
    | 'not settled';
  readonly detail: string;
}

/** One scenario, played once, with what somebody who knows what is right says about each call and about the end. */
export class Rehearsal {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly runtime: Runtime;
  readonly subjects: readonly Subject[];
  readonly seen: readonly Seen[];
  readonly violations: Violation[] = [];
  /** Changes that the journal holds as done. */
  done = 0;
  readonly #before: Snapshot;
  /** What people changed while Reeve was at work. */
  readonly #theirs = new Set<string>();
  /** What people deleted: whatever becomes of the rest of it is not Reeve's doing. */
  readonly #gone = new Set<string>();
  #meddled: { readonly shownBy: RegExp; shown: boolean } | undefined;

  private constructor(scenario: Scenario, account: Account, runtime: Runtime, subjects: readonly Subject[]) {
    this.scenario = scenario;
    this.account = account;
    this.runtime = runtime;
    this.subjects = subjects;
    this.#before = snapshot(account);
    this.seen = watch(account, (call) => this.#judge(call));
  }

  static async open(scenario: Scenario, seed: number, sabotage?: Sabotage): Promise<Rehearsal> {
    const settings = settingsOf(scenario.settings);
    const account = await Account.open({ seed }, [...settings.keys()]);
    const subjects = await scenario.set(account);
    return new Rehearsal(scenario, account, new Runtime(account, settings, sabotage), subjects);
  }

  /** Has people do something, and keeps apart what they changed. */
  async meddle({ name, meddle, shownBy }: Scenario['meddlings'][number]): Promise<void> {
    const before = snapshot(this.account);
    await meddle(this.account, this.subjects);
    for (const path of differences(before, snapshot(this.account))) this.#theirs.add(path);
    if (name === 'gone') for (const { id } of this.subjects.slice(0, 1)) this.#gone.add(id);
    this.#meddled = { shownBy, shown: false };
  }

  /** The next sweep that the schedule gives, and what looks after broken-off runs. */
  async sweep(): Promise<void> {
    const { policy, cadenceMs } = this.scenario;
    this.runtime.sweep(policy);
    await this.runtime.pass(cadenceMs / 2);
    this.runtime.reconcile(policy);
    await this.runtime.pass(cadenceMs / 2);
  }

  /** Whatever is out of policy is remedied, in a queue, told, or given up where an alarm watches: never silent. */
  checkLost(when: string): void {
    for (const subject of this.subjects) {
      if (subject.due === 'leave' || this.#isSomewhere(subject)) continue;
      this.violations.push({ invariant: 'lost', detail: `${subject.id} ${when}` });
    }
  }

  #isSomewhere({ id, due, isRemedied }: Subject): boolean {
    if (due === 'remedy' && isRemedied()) return true;
    const { policy } = this.scenario;
    // What could not be listed has no name yet.
    const unread = /could not be (read|listed)/i;
    const names = (text: string) => text.includes(id) || text.includes('"reeve":"sweep"');
    return (
      this.account.messages().some((message) => message.includes(id) || unread.test(message)) ||
      this.account.waiting(policy, 'work').some(({ body }) => names(body)) ||
      this.account.waiting(policy, 'dead').some(({ body }) => names(body)) ||
      this.runtime.dead.some(({ event }) => names(JSON.stringify(event))) ||
      this.runtime.undelivered > 0
    );
  }

  /** The journal explains every difference, has its difference for every done, and none twice. */
  async checkJournal(): Promise<void> {
    const entries = await journalOf(this.account);
    const changed = differences(this.#before, snapshot(this.account));
    for (const path of changed) {
      if (this.#theirs.has(path) || this.#gone.has(path.split('/')[0] ?? '')) continue;
      const about = entries.filter((entry) => accountsFor(entry, path));
      if (about.length === 0) this.#add('unexplained', `${path} changed without an entry`);
      else if (about.every(({ outcome }) => outcome === undefined))
        this.#add('unexplained', `${path}: the entry never got an outcome`);
    }
    for (const entry of entries) this.#checkEntry(entry, changed);
    for (const [run, ofRun] of Map.groupBy(entries, ({ run }) => run)) {
      if (ofRun.length > this.scenario.cap)
        this.#add('above the cap', `run ${run} planned ${ofRun.length} changes`);
    }
    const done = entries.filter(({ outcome }) => outcome?.result === 'done');
    this.done = done.length;
    const messages = this.account.messages();
    for (const { resource, action, outcome } of entries) {
      const isTold = messages.some((message) => message.includes(idOf(resource)));
      if (outcome !== undefined && outcome.result !== 'failed' && !isTold && this.runtime.undelivered === 0)
        this.#add('lost', `${action} on ${resource.id} ended as ${outcome.code}, and nobody was told`);
    }
    for (const [, same] of Map.groupBy(done, ({ resource, action }) => `${action} ${resource.arn}`)) {
      if (same.length > 1 && this.#meddled === undefined)
        this.#add('doubled', `${same[0]?.action} on ${same[0]?.resource.id} is done ${same.length} times`);
    }
  }

  #checkEntry(entry: Entry, changed: ReadonlySet<string>): void {
    const { resource, outcome, earlier, action } = entry;
    const dones = [outcome?.result, ...earlier].filter((result) => result === 'done').length;
    if (dones > 1) this.#add('doubled', `${action} on ${resource.id}: ${dones} attempts are done`);
    if (outcome?.result !== 'done' || this.#meddled !== undefined) return;
    // What was deleted since shows nothing of what was done to it before.
    if (!changed.has(idOf(resource)) && ![...changed].some((path) => accountsFor(entry, path)))
      this.#add('untrue', `${action} on ${resource.id} is done, and nothing changed`);
  }

  /** Running again changes nothing. */
  async checkSettled(): Promise<void> {
    const before = snapshot(this.account);
    const { length } = await journalOf(this.account);
    await this.sweep();
    for (const path of differences(before, snapshot(this.account)))
      if (!this.#gone.has(path.split('/')[0] ?? '')) this.#add('not settled', `${path} changed again`);
    const now = await journalOf(this.account);
    if (now.length > length) this.#add('not settled', `${now.length - length} more journal entries`);
  }

  #judge(call: Seen): void {
    if (this.#meddled?.shownBy.test(call.operation)) this.#meddled.shown = true;
    if (!changesTheAccount(call)) return;
    // What somebody changed since the last look cannot be known yet.
    if (this.#meddled?.shown === false) return;
    const text = JSON.stringify(call.input);
    const named = this.subjects.filter(({ id }) => text.includes(id));
    if (named.length === 0)
      this.#add('wrong', `${call.operation} on something foreign: ${text.slice(0, 200)}`);
    for (const subject of named) {
      if (subject.due !== 'remedy' || !subject.allows(call))
        this.#add(
          'wrong',
          `${call.operation} on ${subject.id}, which is to be ${subject.due}: ${text.slice(0, 200)}`,
        );
    }
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.violations.push({ invariant, detail });
  }
}
