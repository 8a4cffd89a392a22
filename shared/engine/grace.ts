import type { Judged, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Result } from './outcome.ts';
import { postponeResources } from './postpone.ts';
import { bringsTime } from './signal.ts';
import type { Change, Resource, Verdict } from './verdict.ts';

type Seen<A, R extends Resource, C extends Change> = Judged<A, R, Verdict<C>>;

/** How a sweep leaves what is still in its grace. */
export const TOO_EARLY = skip(
  'grace',
  'It is too early to say anything about it; the next sweep looks again.',
);

/** Parts what can be dealt with now from what has to be given time first. */
export function byTime<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  judged: readonly Seen<A, R, C>[],
): { readonly due: readonly Seen<A, R, C>[]; readonly early: readonly Seen<A, R, C>[] } {
  const now = run.ports.now();
  const isEarly = ({ verdict }: Seen<A, R, C>) => notBefore(verdict) > now;
  return { due: judged.filter((each) => !isEarly(each)), early: judged.filter(isEarly) };
}

/**
 * Looks again when the time has come, in an invocation of its own: nothing sleeps meanwhile (B2.13). A queue holds a
 * message for a quarter of an hour at most, so a longer wait takes several turns. A sweep, or a person, leaves it to the next sweep.
 */
export async function wait<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  early: readonly Seen<A, R, C>[],
): Promise<Result[]> {
  if (early.length === 0) return [];
  if (!bringsTime(run.signal)) {
    return early.map((each) => settle(each, TOO_EARLY));
  }
  const latest = Math.max(...early.map(({ verdict }) => notBefore(verdict).getTime()));
  const seconds = Math.ceil((latest - run.ports.now().getTime()) / 1000);
  const reason = `It is looked at again after ${new Date(latest).toISOString()}, in case it comes right by itself.`;
  return postponeResources(run, early, 'grace', reason, Math.min(Math.max(seconds, 1), 900));
}

function notBefore(verdict: Verdict): Date {
  return (verdict.verdict === 'violation' && verdict.notBefore) || new Date(0);
}
