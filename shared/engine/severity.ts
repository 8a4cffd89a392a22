import type { Severity, Verdict } from './verdict.ts';

const ranks: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** Most severe first; what is no violation comes last. */
export function bySeverity(a: Verdict, b: Verdict): number {
  return rankOf(a) - rankOf(b);
}

function rankOf(verdict: Verdict): number {
  return verdict.verdict === 'violation' ? ranks[verdict.severity] : 4;
}

/** Severe enough to call somebody when it stays. */
export function isSevere(verdict: Verdict): boolean {
  return rankOf(verdict) <= ranks.high;
}
