import { attempt, type Carried } from './attempt.ts';
import { outOfTime, type Remediable, type Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Taking } from './journal.ts';
import { haltedBy } from './kill-switch.ts';
import type { Outcome, Result } from './outcome.ts';
import { chunks, groups } from './parallel.ts';
import { postponeResources } from './postpone.ts';
import { refresh } from './refresh.ts';
import { carryOn } from './unfinished.ts';
import type { Change, Resource } from './verdict.ts';
import { verify } from './verify.ts';
import { heldBack, takingOf, withinWindow } from './window.ts';
import { where } from './words.ts';

/** Carry out all changes in batches: kill switch, cap of the window, fresh reading, journal, act, verify, journal. */
export async function carryOut<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Promise<Result[]> {
  if (targets.length === 0) return [];
  if (outOfTime(run)) return await tooLate(run, targets);
  const stopped = await askKillSwitch(run);
  if (stopped) return targets.map((target) => settle(target, stopped));

  const { allowed, later, settled } = await withinWindow(run, targets);
  const results = [...settled, ...(await heldBack(run, later))];
  // One alone is taken out of the window with its intent.
  const taking = targets.length === 1 ? takingOf(run, targets) : undefined;
  return [...results, ...(await inBatches(run, allowed, taking))];
}

async function inBatches<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
  taking: Taking | undefined,
): Promise<Result[]> {
  const results: Result[] = [];
  const late: Remediable<A, R, C>[] = [];
  let stopped: Outcome | undefined;
  const perPlace = groups(targets, ({ around }) => where(around.place));
  const batches = perPlace.flatMap((inPlace) => chunks(inPlace, run.policy.batch ?? run.limits.batch));
  for (const [index, batch] of batches.entries()) {
    if (outOfTime(run)) {
      late.push(...batch);
      continue;
    }
    if (index > 0) stopped ??= await askKillSwitch(run);
    if (stopped) {
      const outcome = stopped;
      results.push(...batch.map((target) => settle(target, outcome)));
      continue;
    }
    const done = await carryOutBatch(run, batch, taking);
    results.push(...done.results);
    late.push(...done.late);
  }
  return [...results, ...(await tooLate(run, late))];
}

function tooLate<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Promise<Result[]> {
  return postponeResources(run, targets, 'time', 'No time was left in this run; it is queued.');
}

async function carryOutBatch<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  batch: readonly Remediable<A, R, C>[],
  taking: Taking | undefined,
): Promise<{ results: Result[]; late: Remediable<A, R, C>[] }> {
  const { standing, settled } = await refresh(run, batch);
  const results = [...settled];
  const late: Remediable<A, R, C>[] = [];
  const over: Remediable<A, R, C>[] = [];
  const carried: Carried<A, R, C>[] = [];
  for (const each of await attempt(run, standing, taking)) {
    if ('settled' in each) results.push(each.settled);
    else if ('late' in each) late.push(each.late);
    else if ('over' in each) over.push(each.over);
    else carried.push(each);
  }
  results.push(...(await heldBack(run, over)));
  const unfinished = carried.filter(({ acted }) => acted.result === 'unfinished');
  results.push(...(await carryOn(run, unfinished)));
  results.push(
    ...(await verify(
      run,
      carried.filter((each) => !unfinished.includes(each)),
    )),
  );
  return { results, late };
}

async function askKillSwitch<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
): Promise<Outcome | undefined> {
  const reason = await haltedBy(run.ports);
  if (reason === undefined) return undefined;
  run.warnings.add(`Nothing more was changed: ${reason}`);
  return skip('kill-switch', `${reason} So it was only reported.`);
}
