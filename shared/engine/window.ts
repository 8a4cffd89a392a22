import { createHash } from 'node:crypto';
import type { Capped } from './caps.ts';
import type { Remediable, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Taking } from './journal.ts';
import type { Result } from './outcome.ts';
import { postponeResources } from './postpone.ts';
import { bySeverity } from './severity.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, count } from './words.ts';

/**
 * What these changes take out of what the policy may do within the present window (B6.5); undefined where nothing bounds
 * it. The same change tried again is the same, so that it is counted once.
 */
export function takingOf<A, S, R extends Resource, F, C extends Change>(
  { guard, policy, ports }: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Taking | undefined {
  const { window } = guard.caps;
  if (window === undefined) return undefined;
  const ms = window.minutes * 60_000;
  const from = Math.floor(ports.now().getTime() / ms) * ms;
  return {
    policy: policy.name,
    from: new Date(from),
    until: new Date(from + ms),
    most: window.count,
    changes: targets.map(keyOf),
  };
}

function keyOf<A, R extends Resource, C extends Change>({ resource, verdict }: Remediable<A, R, C>): string {
  const { action, planKey, fingerprint } = verdict.remedy;
  const change = JSON.stringify([resource.arn, action, planKey ?? fingerprint]);
  return createHash('sha256').update(change).digest('base64url').slice(0, 16);
}

/**
 * Take many changes out of the window at once: of a security policy the most severe that fit, of another all or none. One
 * alone is taken with its intent, in the same write. What cannot be counted is not done.
 */
export async function withinWindow<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Promise<Capped<A, R, C>> {
  const sorted = targets.toSorted((a, b) => bySeverity(a.verdict, b.verdict));
  const taking = takingOf(run, sorted);
  if (taking === undefined || targets.length < 2) return { allowed: targets, later: [], settled: [] };
  try {
    const taken = await run.ports.journal.reserve(taking, run.policy.kind !== 'security');
    const isTaken = (each: Remediable<A, R, C>) => taken.has(keyOf(each));
    const allowed = targets.filter(isTaken);
    return { allowed, later: sorted.filter((each) => !isTaken(each)), settled: [] };
  } catch (error) {
    run.ports.log.error('Changes could not be counted', { count: targets.length, error });
    const reason = `Nothing was changed, because it could not be told how much was changed lately: ${brief(error)}.`;
    const outcome = { outcome: 'failed', code: 'window-unreadable', reason } as const;
    return { allowed: [], later: [], settled: targets.map((each) => settle(each, outcome)) };
  }
}

/** What the window has no room for: queued until it is over for a security policy, else left; a person is told once. */
export async function heldBack<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Promise<readonly Result[]> {
  const taking = takingOf(run, targets);
  if (taking === undefined || targets.length === 0) return [];
  const { until, most } = taking;
  const cap = `${count(most, 'change')} allowed until ${until.toISOString()}, over all runs`;
  const security = run.policy.kind === 'security';
  if (run.signal.cause.kind !== 'continuation')
    run.pages.add(
      `The cap was reached: ${cap}. ${count(targets.length, 'change')} ${security ? 'queued' : 'left'}.`,
    );
  if (!security) {
    const outcome = skip('cap', `Nothing was changed, because the cap was reached: ${cap}.`);
    return targets.map((each) => settle(each, outcome));
  }
  const seconds = Math.ceil((until.getTime() - run.ports.now().getTime()) / 1000);
  const delay = Math.min(Math.max(seconds, 1), run.limits.capDelaySeconds);
  return postponeResources(run, targets, 'cap', `The cap was reached (${cap}); it is queued.`, delay);
}
