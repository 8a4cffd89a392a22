import { attempt, type Carried } from './attempt.ts';
import { outOfTime, type Remediable, type Run } from './context.ts';
import { settle, skip } from './guard.ts';
import { haltedBy } from './kill-switch.ts';
import type { Outcome, Result } from './outcome.ts';
import { chunks, groups } from './parallel.ts';
import { postponeResources } from './postpone.ts';
import { refresh } from './refresh.ts';
import { carryOn } from './unfinished.ts';
import type { Change, Resource } from './verdict.ts';
import { verify } from './verify.ts';
import { where } from './words.ts';

/** Carry out all changes in batches: kill switch, fresh reading, journal, act, verify, journal. */
export async function carryOut<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
): Promise<Result[]> {
  const results: Result[] = [];
  const late: Remediable<A, R, C>[] = [];
  let stopped: Outcome | undefined;
  const perPlace = groups(targets, ({ around }) => where(around.place));
  for (const batch of perPlace.flatMap((inPlace) => chunks(inPlace, run.policy.batch ?? run.limits.batch))) {
    if (outOfTime(run)) {
      late.push(...batch);
      continue;
    }
    stopped ??= await askKillSwitch(run);
    if (stopped) {
      const outcome = stopped;
      results.push(...batch.map((target) => settle(target, outcome)));
      continue;
    }
    const done = await carryOutBatch(run, batch);
    results.push(...done.results);
    late.push(...done.late);
  }
  results.push(
    ...(await postponeResources(run, late, 'time', 'No time was left in this run; it is queued.')),
  );
  return results;
}

async function carryOutBatch<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  batch: readonly Remediable<A, R, C>[],
): Promise<{ results: Result[]; late: Remediable<A, R, C>[] }> {
  const { standing, settled } = await refresh(run, batch);
  const results = [...settled];
  const late: Remediable<A, R, C>[] = [];
  const carried: Carried<A, R, C>[] = [];
  for (const each of await attempt(run, standing)) {
    if ('settled' in each) results.push(each.settled);
    else if ('late' in each) late.push(each.late);
    else carried.push(each);
  }
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
