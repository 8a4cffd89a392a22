import type { Judged, Remediable, Run } from './context.ts';
import { inParallel } from './parallel.ts';
import { bringsTime } from './signal.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief } from './words.ts';

/** Asked for at once: the store takes many in a call. */
const AT_ONCE = 500;

/**
 * Parts what may be changed now from what a sweep saw for the first time too recently: where nobody tells how old a
 * resource is, whoever made it may still be at it. What cannot be looked up is too recent. An event brings a time of its
 * own.
 */
export async function bySight<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  planned: readonly Remediable<A, R, C>[],
): Promise<{
  readonly ripe: readonly Remediable<A, R, C>[];
  readonly unripe: readonly Remediable<A, R, C>[];
}> {
  if (bringsTime(run.signal)) return { ripe: planned, unripe: [] };
  const isRipe = await inParallel(planned, AT_ONCE, (each) => hasStoodLongEnough(run, each));
  return {
    ripe: planned.filter((_, index) => isRipe[index] === true),
    unripe: planned.filter((_, index) => isRipe[index] !== true),
  };
}

async function hasStoodLongEnough<A, S, R extends Resource, F, C extends Change>(
  { ports, policy, warnings }: Run<A, S, R, F, C>,
  { verdict, resource }: Remediable<A, R, C>,
): Promise<boolean> {
  const { afterSightMs } = verdict;
  if (afterSightMs === undefined) return true;
  const now = ports.now();
  try {
    const first = await ports.journal.firstSeen(resource.arn, policy.name, now);
    return now.getTime() - first.getTime() >= afterSightMs;
  } catch (error) {
    warnings.add(`When a resource was seen first could not be looked up, so it was left: ${brief(error)}.`);
    return false;
  }
}

/**
 * Notes that resources of unknown age have just been made or touched, as an event told: sweeps wait from now on, whatever
 * they saw under the same name before. What cannot be noted counts from the first sight.
 */
export async function noteSights<A, S, R extends Resource, F, C extends Change>(
  { ports, policy, signal, guard, warnings }: Run<A, S, R, F, C>,
  early: readonly Judged<A, R, Verdict<C>>[],
): Promise<void> {
  const isNews = bringsTime(signal) && signal.cause.kind !== 'continuation';
  if (!isNews || guard.mode !== 'enforce') return;
  const ageless = early.filter(({ verdict }) => verdict.verdict === 'violation' && verdict.afterSightMs);
  await inParallel(ageless, AT_ONCE, async ({ resource }) => {
    try {
      await ports.journal.seenAnew(resource.arn, policy.name, ports.now());
    } catch (error) {
      warnings.add(`That a resource is new could not be noted: ${brief(error)}.`);
    }
  });
}
