import type { Account } from '../stage/account.ts';
import type { Violation } from '../stage/audit.ts';
import type { Ledger } from '../stage/ledger.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { changesTheAccount, type Seen } from '../stage/witness.ts';

/** Somebody who knows of each call, at its moment, whether it may be. */
export class CallJudge {
  readonly #scenario: Scenario;
  readonly #account: Account;
  readonly #subjects: readonly Subject[];
  readonly #ledger: Ledger;
  readonly #found: Violation[] = [];
  /** What was changed in each window, by its number. */
  readonly #windows = new Map<number, Set<string>>();
  /** What somebody changed, and whose calls have shown it by now: each run has to see it by itself. */
  #meddled: { readonly shownBy: RegExp; readonly shownTo: Set<string> } | undefined;

  constructor(scenario: Scenario, account: Account, subjects: readonly Subject[], ledger: Ledger) {
    this.#scenario = scenario;
    this.#account = account;
    this.#subjects = subjects;
    this.#ledger = ledger;
  }

  /** Somebody changed the first of the subjects, which these operations show. */
  noteMeddling(shownBy: RegExp): void {
    this.#meddled = { shownBy, shownTo: new Set() };
  }

  /** What this call does that it must not do. */
  judge(call: Seen): readonly Violation[] {
    this.#found.length = 0;
    this.#look(call);
    return [...this.#found];
  }

  #look(call: Seen): void {
    if (this.#meddled?.shownBy.test(call.operation)) this.#meddled.shownTo.add(call.by);
    if (!changesTheAccount(call)) return;
    this.#ledger.note();
    const text = JSON.stringify(call.input);
    const named = this.#subjects.filter(({ id, parts = [] }) =>
      [id, ...parts].some((one) => text.includes(one)),
    );
    if (named.length === 0)
      this.#add('wrong', `${call.operation} on something foreign: ${text.slice(0, 200)}`);
    for (const { id, never } of named) {
      const why = never?.(call);
      if (why !== undefined) this.#add('wrong', `${call.operation} on ${id}: ${why}`);
    }
    for (const { id } of named) this.#count(id);
    // What somebody changed since the last look cannot be known yet.
    const unseen = this.#meddled && !this.#meddled.shownTo.has(call.by) ? this.#subjects[0] : undefined;
    for (const subject of named.filter((each) => each !== unseen)) {
      if (subject.due !== 'remedy' || !subject.allows(call))
        this.#add(
          'wrong',
          `${call.operation} on ${subject.id}, which is to be ${subject.due}: ${text.slice(0, 200)}`,
        );
    }
  }

  #count(id: string): void {
    const { perWindow } = this.#scenario;
    if (perWindow === undefined) return;
    const window = Math.floor(this.#account.world.clock.now() / perWindow.ms);
    const changed = this.#windows.get(window) ?? new Set();
    this.#windows.set(window, changed.add(id));
    if (changed.size > perWindow.count)
      this.#add('above the cap', `${id} is the ${changed.size}th that is changed within one window`);
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.#found.push({ invariant, detail });
  }
}
