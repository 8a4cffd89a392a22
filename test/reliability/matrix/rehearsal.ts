import { Account } from '../stage/account.ts';
import { audit, type Violation } from '../stage/audit.ts';
import { unexplainedLetters } from '../stage/dead-letters.ts';
import { type Sabotage, settingsOf } from '../stage/functions.ts';
import { accountsFor, type Entry, journalOf } from '../stage/journal.ts';
import { Ledger } from '../stage/ledger.ts';
import { lettersTo } from '../stage/letters.ts';
import { isAnnounced, openMarksOf } from '../stage/marks.ts';
import { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { differences, type Snapshot, snapshot } from '../stage/snapshot.ts';
import { timesTold } from '../stage/untold.ts';
import { type Seen, watch } from '../stage/witness.ts';
import { CallJudge } from './call-judge.ts';
import { isExcused, isInHand } from './whereabouts.ts';

/** One scenario, played once, with what somebody who knows what is right says about each call and about the end. */
export class Rehearsal {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly runtime: Runtime;
  readonly subjects: readonly Subject[];
  readonly seen: readonly Seen[];
  readonly violations: Violation[] = [];
  /** Changes that the journal holds as done, or after which the resource was gone. */
  done = 0;
  readonly #before: Snapshot;
  readonly #openedAt: number;
  readonly #past: Past;
  /** Who changed what since. */
  readonly #ledger: Ledger;
  readonly #judge: CallJudge;

  private constructor(scenario: Scenario, runtime: Runtime, subjects: readonly Subject[], past: Past) {
    const { account } = runtime;
    this.scenario = scenario;
    this.account = account;
    this.runtime = runtime;
    this.subjects = subjects;
    this.#before = snapshot(account);
    this.#openedAt = account.world.clock.now();
    this.#past = past;
    this.#ledger = new Ledger(account);
    this.#judge = new CallJudge(scenario, runtime, subjects, this.#ledger);
    this.seen = watch(account, (call) => this.violations.push(...this.#judge.judge(call)));
  }

  static async open(scenario: Scenario, seed: number, sabotage?: Sabotage): Promise<Rehearsal> {
    const settings = settingsOf(scenario.settings);
    const account = await Account.open({ seed, ...(scenario.now && { now: scenario.now }) }, [
      ...settings.keys(),
    ]);
    const subjects = await scenario.set(account);
    const runtime = new Runtime(account, settings, sabotage);
    const ledger = new Ledger(account);
    await scenario.before?.(runtime);
    return new Rehearsal(scenario, runtime, subjects, pastOf(await journalOf(account), ledger.own()));
  }

  /** Has people do something, and keeps apart what they changed. */
  async meddle({ name, meddle, shownBy }: Scenario['meddlings'][number]): Promise<void> {
    const deleted = name === 'gone' ? this.subjects.slice(0, 1).map(({ id }) => id) : [];
    await this.meanwhile(() => meddle(this.account, this.subjects), deleted);
    this.#judge.noteMeddling(shownBy);
  }

  /** Keeps apart what people changed. */
  async meanwhile(deed: () => Promise<void>, deleted: readonly string[] = []): Promise<void> {
    await this.#ledger.others(deed, deleted);
  }

  /** The next sweep that the schedule gives, and what looks after broken-off runs. */
  async sweep(): Promise<void> {
    const { policy, cadenceMs } = this.scenario;
    this.runtime.sweep(policy);
    await this.runtime.pass(cadenceMs / 2);
    this.runtime.reconcile(policy);
    await this.runtime.pass(cadenceMs / 2);
  }

  /**
   * Whatever is out of policy is remedied, in a queue, or told; while things go wrong also given up where an alarm
   * watches. Never silent.
   */
  checkLost(when: 'while it went on' | 'in the end'): void {
    const whereabouts = { runtime: this.runtime, policy: this.scenario.policy, since: this.#openedAt };
    for (const subject of this.subjects) {
      if (subject.due === 'leave' || isInHand(whereabouts, subject)) continue;
      if (when === 'while it went on' && isExcused(whereabouts, subject)) continue;
      this.#add('lost', `${subject.id} ${when}`);
    }
  }

  /** Once nothing goes wrong any more, and people have asked again, telling is not enough. */
  checkRecovered(): void {
    if (this.scenario.recover === undefined) return;
    for (const { id, due, isRemedied } of this.subjects)
      if (due === 'remedy' && !isRemedied()) this.#add('lost', `${id} is not as it should be by now`);
    for (const detail of this.runtime.untrue) this.#add('untrue', detail);
  }

  /** What the journal, the account and the messages say about each other, after so many faults. */
  async checkJournal(struck: number): Promise<void> {
    const entries = (await journalOf(this.account)).filter(({ id }) => !this.#past.ended.has(id));
    const now = snapshot(this.account);
    const marks = await openMarksOf(this.account);
    const touches = this.#ledger.theirs;
    const theirs = new Set(touches.map(({ path }) => path));
    const since = [...differences(this.#before, now)].filter(
      (path) => !theirs.has(path) && !this.#ledger.isGone(path) && !isAnnounced(marks, path, now),
    );
    for (const { id, due, isRemedied } of this.subjects)
      if ((due === 'leave' || isRemedied()) && marks.some((mark) => mark.id === id))
        this.#add('unexplained', `${id} has a mark that is open still`);
    for (const { id, action, resource, outcome } of entries)
      if (outcome === undefined)
        this.#add('unexplained', `${action} on ${resource.id} (${id}) never got an end`);
    const changed = new Set([...since, ...this.#past.changed]);
    const own = new Set([...this.#ledger.own(), ...this.#past.changed]);
    const tracelessly = new Set([...theirs].filter((path) => !now.has(path)));
    const letters = lettersTo(this.account);
    this.done = entries.filter(
      ({ outcome }) => outcome?.result === 'done' || outcome?.result === 'gone',
    ).length;
    this.violations.push(
      ...audit({
        entries,
        changed,
        own,
        tracelessly,
        letters,
        capOf: () => this.scenario.cap,
        touches,
        struck,
      }),
      ...unexplainedLetters(this.runtime.deadLetters()),
    );
  }

  /** Running again changes nothing, and nothing that was done is told anew. */
  async checkSettled(): Promise<void> {
    const before = snapshot(this.account);
    const entries = await journalOf(this.account);
    const told = lettersTo(this.account);
    await this.sweep();
    for (const path of differences(before, snapshot(this.account)))
      if (!this.#ledger.isGone(path)) this.#add('not settled', `${path} changed again`);
    const more = (await journalOf(this.account)).length - entries.length;
    if (more > 0) this.#add('not settled', `${more} more journal entries`);
    const letters = lettersTo(this.account);
    for (const entry of entries)
      if (timesTold(entry, letters) > timesTold(entry, told))
        this.#add('not settled', `people were told again of ${entry.action} on ${entry.resource.id}`);
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.violations.push({ invariant, detail });
  }
}

/** What came before a rehearsal. */
interface Past {
  /** Entries that had their end by then. */
  readonly ended: ReadonlySet<string>;
  /** What the others had changed by then: it is for them to account for. */
  readonly changed: readonly string[];
}

function pastOf(entries: readonly Entry[], own: ReadonlySet<string>): Past {
  const open = entries.filter(({ outcome }) => outcome === undefined);
  return {
    ended: new Set(entries.filter(({ outcome }) => outcome !== undefined).map(({ id }) => id)),
    changed: [...own].filter((path) => open.some((entry) => accountsFor(entry, path))),
  };
}
