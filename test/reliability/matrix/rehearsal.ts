import { Account } from '../stage/account.ts';
import { audit, type Violation } from '../stage/audit.ts';
import { type Sabotage, settingsOf } from '../stage/functions.ts';
import { journalOf } from '../stage/journal.ts';
import { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { differences, type Snapshot, snapshot } from '../stage/snapshot.ts';
import { changesTheAccount, type Seen, watch } from '../stage/witness.ts';

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

  /** What the journal, the account and the messages say about each other. */
  async checkJournal(): Promise<void> {
    const entries = await journalOf(this.account);
    const { undelivered } = this.runtime;
    const all = differences(this.#before, snapshot(this.account));
    const changed = new Set([...all].filter((path) => !this.#theirs.has(path) && !this.#isGone(path)));
    const undisturbed = this.#meddled === undefined;
    const messages = this.account.messages();
    this.done = entries.filter(({ outcome }) => outcome?.result === 'done').length;
    this.violations.push(
      ...audit({ entries, changed, messages, undelivered, cap: this.scenario.cap, undisturbed }),
    );
  }

  /** Running again changes nothing. */
  async checkSettled(): Promise<void> {
    const before = snapshot(this.account);
    const { length } = await journalOf(this.account);
    await this.sweep();
    for (const path of differences(before, snapshot(this.account)))
      if (!this.#isGone(path)) this.#add('not settled', `${path} changed again`);
    const now = await journalOf(this.account);
    if (now.length > length) this.#add('not settled', `${now.length - length} more journal entries`);
  }

  #isGone(path: string): boolean {
    return this.#gone.has(path.split('/')[0] ?? '');
  }

  #judge(call: Seen): void {
    if (this.#meddled?.shownBy.test(call.operation)) this.#meddled.shown = true;
    if (!changesTheAccount(call)) return;
    const text = JSON.stringify(call.input);
    const named = this.subjects.filter(({ id }) => text.includes(id));
    if (named.length === 0)
      this.#add('wrong', `${call.operation} on something foreign: ${text.slice(0, 200)}`);
    // What somebody changed since the last look cannot be known yet.
    const unseen = this.#meddled?.shown === false ? this.subjects[0] : undefined;
    for (const subject of named.filter((each) => each !== unseen)) {
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
