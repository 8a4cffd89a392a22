import type { Judged } from './context.ts';
import type { Missing } from './policy.ts';
import type { Change, Resource, Verdict } from './verdict.ts';

/** What a scan keeps: all that is not compliant, up to a bound; the compliant are only counted (B6.33). */
export class Tray<A, R extends Resource, C extends Change> {
  readonly judged: Judged<A, R, Verdict<C>>[] = [];
  /** In order, and asked for all the same. */
  readonly inOrder: Judged<A, R, Verdict<C>>[] = [];
  readonly missing: Missing[] = [];
  /** Beyond the bound: seen and counted, not kept. */
  readonly omitted = { violation: 0, exempt: 0, unknown: 0, missing: 0 };
  /** Resources about which something failed. */
  broken = 0;
  /** Places, whole or in part, left to a later invocation. */
  postponed = 0;
  readonly #most: number;
  readonly #isAskedFor: (resource: R) => boolean;

  constructor(most: number, isAskedFor: (resource: R) => boolean = () => false) {
    this.#most = most;
    this.#isAskedFor = isAskedFor;
  }

  /** Keep a page; returns how many of it were compliant. */
  add(page: readonly Judged<A, R, Verdict<C>>[]): number {
    let compliant = 0;
    for (const judged of page) {
      if (judged.broken) this.broken++;
      const { verdict } = judged.verdict;
      if (verdict === 'compliant') {
        compliant++;
        if (this.#isAskedFor(judged.resource)) this.inOrder.push(judged);
      } else if (this.judged.length < this.#most) this.judged.push(judged);
      else this.omitted[verdict]++;
    }
    return compliant;
  }

  /** Keep what could not be read. */
  miss(missing: readonly Missing[]): void {
    for (const each of missing) {
      if (this.missing.length < this.#most) this.missing.push(each);
      else this.omitted.missing++;
    }
  }
}
