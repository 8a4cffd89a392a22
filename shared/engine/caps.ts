import type { Remediable, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Result } from './outcome.ts';
import type { GuardSettings } from './ports.ts';
import { bySeverity } from './severity.ts';
import type { Signal } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { count } from './words.ts';

/** Most resources that one run may change. A share counts only in a sweep, and from 10 scanned (B6.3, B6.4). */
export function capOf(caps: GuardSettings['caps'], scope: Signal['scope']['kind'], scanned: number): number {
  if (scope !== 'sweep' || scanned < 10) return caps.count;
  return Math.min(caps.count, Math.floor((caps.percent * scanned) / 100));
}

export interface Capped<A, R extends Resource, C extends Change> {
  readonly allowed: readonly Remediable<A, R, C>[];
  /** Above the cap of a security policy: done later, never dropped. */
  readonly later: readonly Remediable<A, R, C>[];
  readonly settled: readonly Result[];
}

/**
 * Above its cap a cost or tagging policy does nothing at all, a security policy does the most severe up to the cap and
 * queues the rest; both page. `planned` counts also what the report had no room for.
 */
export function applyCap<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  candidates: readonly Remediable<A, R, C>[],
  planned: number,
  scanned: number,
): Capped<A, R, C> {
  const cap = capOf(run.guard.caps, run.signal.scope.kind, scanned);
  if (planned <= cap) return { allowed: candidates, later: [], settled: [] };

  const excess = `${count(planned, 'change')} planned, ${cap} allowed in one run (${scanned} scanned)`;
  if (run.policy.kind !== 'security') {
    run.pages.add(`Nothing was changed, because the cap was reached: ${excess}.`);
    const outcome = skip('cap', `Nothing was changed in this run, because the cap was reached: ${excess}.`);
    return { allowed: [], later: [], settled: candidates.map((each) => settle(each, outcome)) };
  }
  run.pages.add(`The cap was reached: ${excess}. The most severe come first, the rest is queued.`);
  const sorted = candidates.toSorted((a, b) => bySeverity(a.verdict, b.verdict));
  return { allowed: sorted.slice(0, cap), later: sorted.slice(cap), settled: [] };
}
