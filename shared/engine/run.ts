import { applyCap } from './caps.ts';
import { carryOut } from './carry-out.ts';
import { defaultLimits, type Limits, type Run } from './context.ts';
import { byTime, TOO_EARLY, wait } from './grace.ts';
import { guard, settle } from './guard.ts';
import type { RunReport } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Policy } from './policy.ts';
import type { GuardSettings, Ports } from './ports.ts';
import { postponeResources } from './postpone.ts';
import { markRepeated, noteTold } from './repeat.ts';
import { isWorthTelling, summarise } from './report.ts';
import { scan } from './scan.ts';
import { bySight, noteSights } from './sight.ts';
import type { Place, Signal } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/**
 * Run one policy over what a signal points at, in the places given: find, gather, judge, guard, journal, act, verify,
 * journal, notify. Never throws for what one resource, page or place does: the report says how each ended.
 */
export async function run<A, S, R extends Resource, F, C extends Change>(
  policy: Policy<A, S, R, F, C>,
  signal: Signal,
  places: readonly Place[],
  settings: S,
  guardSettings: GuardSettings,
  ports: Ports<A>,
  limits: Limits = defaultLimits,
): Promise<RunReport> {
  const startedAt = ports.now();
  const run: Run<A, S, R, F, C> = {
    id: ports.newId(),
    policy,
    signal,
    settings,
    guard: guardSettings,
    ports,
    limits,
    pages: new Set(),
    warnings: new Set(),
  };

  // Find, gather and judge everything first: a cap cannot be held against a plan that is not complete.
  const scanned = await scan(run, places);
  const { judged, omitted } = scanned.tray;

  const { due, early } = byTime(run, judged);
  await noteSights(run, early);
  const waiting = await wait(run, early);
  const guarded = await inParallel(due, limits.parallel, (each) => guard(run, each));
  const kept = guarded.flatMap((each) => ('settled' in each ? [each.settled] : []));
  const remediable = guarded.flatMap((each) => ('remediable' in each ? [each.remediable] : []));
  const { ripe: planned, unripe } = await bySight(run, remediable);
  const unseen = unripe.map((each) => settle(each, TOO_EARLY));

  const total = planned.length > 0 ? planned.length + omitted.violation : 0;
  const read = scanned.places.reduce((sum, place) => sum + place.scanned, 0);
  const { allowed, later, settled } = applyCap(run, planned, total, read);

  // Journal, act, verify, journal: batch by batch.
  const acted = await carryOut(run, allowed);
  const queued = await postponeResources(run, later, 'cap', 'The cap of this run was reached; it is queued.');

  const results = await markRepeated(run, [...acted, ...queued, ...waiting, ...unseen, ...settled, ...kept]);
  const report = summarise(run, scanned, results, startedAt);
  return isWorthTelling(report) ? await tell(run, report) : report;
}

/** A message that cannot be delivered changes nothing about what was done; it is said where it still can be (B5.37). */
async function tell<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  report: RunReport,
): Promise<RunReport> {
  try {
    await run.ports.notify(report);
  } catch (error) {
    run.ports.log.error('The notification could not be delivered', { run: report.run, error });
    const warning = `The notification could not be delivered: ${brief(error)}.`;
    return { ...report, undelivered: true, warnings: [...report.warnings, warning] };
  }
  await noteTold(run, report.results);
  return report;
}
