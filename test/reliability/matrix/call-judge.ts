import type { Violation } from '../stage/audit.ts';
import type { Ledger } from '../stage/ledger.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { changesTheAccount, type Seen } from '../stage/witness.ts';

/** Somebody who knows of each call, at its moment, whether it may be. */
export class CallJudge {
  readonly #scenario: Scenario;
  readonly #runtime: Runtime;
  readonly #subjects: readonly Subject[];
  readonly #ledger: Ledger;
  readonly #found: Violation[] = [];
  /** What was changed in each window, by its number. */
  readonly #windows = new Map<number, Set<string>>();
  /** What somebody changed, and to whom it was shown, after how many turns: each run has to see it by itself. */
  #meddled: { readonly shownBy: RegExp; readonly shownTo: Map<string, number> } | undefined;

  constructor(scenario: Scenario, runtime: Runtime, subjects: readonly Subject[], ledger: Ledger) {
    this.#scenario = scenario;
    this.#runtime = runtime;
    this.#subjects = subjects;
    this.#ledger = ledger;
  }

  /** Somebody changed the first of the subjects, which these operations show. */
  noteMeddling(shownBy: RegExp): void {
    this.#meddled = { shownBy, shownTo: new Map() };
  }

  /** What this call does that it must not do. */
  judge(call: Seen): readonly Violation[] {
    this.#found.length = 0;
    this.#look(call);
    return [...this.#found];
  }

  #look(call: Seen): void {
    const isUnseen = this.#meddled !== undefined && !this.#hasSeen(call);
    this.#noteShown(call);
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
    const unseen = isUnseen ? this.#subjects[0] : undefined;
    for (const subject of named.filter((each) => each !== unseen)) {
      if (subject.due !== 'remedy' || !subject.allows(call))
        this.#add(
          'wrong',
          `${call.operation} on ${subject.id}, which is to be ${subject.due}: ${text.slice(0, 200)}`,
        );
    }
  }

  #noteShown({ operation, by }: Seen): void {
    const { shownBy, shownTo } = this.#meddled ?? {};
    if (shownBy?.test(operation) && !shownTo?.has(by)) shownTo?.set(by, this.#runtime.turns.taken + 1);
  }

  /** It was asked for after the answer that showed it: what was begun before may be finished. */
  #hasSeen({ by }: Seen): boolean {
    return this.#runtime.turns.askedAt >= (this.#meddled?.shownTo.get(by) ?? Number.POSITIVE_INFINITY);
  }

  #count(id: string): void {
    const { perWindow } = this.#scenario;
    if (perWindow === undefined) return;
    const window = Math.floor(this.#runtime.account.world.clock.now() / perWindow.ms);
    const changed = this.#windows.get(window) ?? new Set();
    this.#windows.set(window, changed.add(id));
    if (changed.size > perWindow.count)
      this.#add('above the cap', `${id} is the ${changed.size}th that is changed within one window`);
  }

  #add(invariant: Violation['invariant'], detail: string): void {
    this.#found.push({ invariant, detail });
  }
}
