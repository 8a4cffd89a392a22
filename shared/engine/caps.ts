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

/**
 * The same number for changes that are only announced, counted apart: an announcement writes a tag and calls an owner, and
 * what is above the cap could not be done on its date either.
 */
export function capMarks<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  fresh: readonly Remediable<A, R, C>[],
  scanned: number,
): Pick<Capped<A, R, C>, 'allowed' | 'settled'> {
  const cap = capOf(run.guard.caps, run.signal.scope.kind, scanned);
  if (fresh.length <= cap) return { allowed: fresh, settled: [] };
  const isSecurity = run.policy.kind === 'security';
  const excess = `${count(fresh.length, 'change')} to be announced, ${cap} allowed in one run (${scanned} scanned)`;
  const rest = isSecurity
    ? 'The most severe come first, later runs announce the rest.'
    : 'None was announced.';
  run.pages.add(`The cap was reached: ${excess}. ${rest}`);
  const sorted = fresh.toSorted((a, b) => bySeverity(a.verdict, b.verdict));
  const outcome = skip('cap', `It was not announced, because the cap was reached: ${excess}.`);
  const allowed = isSecurity ? sorted.slice(0, cap) : [];
  const settled = (isSecurity ? sorted.slice(cap) : sorted).map((each) => settle(each, outcome));
  return { allowed, settled };
}
