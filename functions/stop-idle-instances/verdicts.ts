import type { Verdict, Violation } from '../../shared/engine/verdict.ts';
import type { Power } from './remedy.ts';

/** Out of policy, so far without remedy. */
export function violated(reasonCode: string, reason: string): Violation<Power> {
  return {
    verdict: 'violation',
    reasonCode,
    reason,
    severity: 'low',
    evidence: [],
    remedy: undefined,
    advice: [],
  };
}

/** In order, and why. */
export function inOrder(reasonCode: string, reason: string): Verdict<Power> {
  return { verdict: 'compliant', reasonCode, reason, evidence: [] };
}

/** Not to be told, and why: never a reason to act. */
export function unknown(
  reasonCode: string,
  reason: string,
): Verdict<Power> & { readonly verdict: 'unknown' } {
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}
