import { applyCap } from './caps.ts';
import { carryOut } from './carry-out.ts';
import { defaultLimits, type Limits, type Run } from './context.ts';
import { byTime, TOO_EARLY, wait } from './grace.ts';
import { guard, settle } from './guard.ts';
import { lapseMarks } from './lapse.ts';
import { byNotice } from './last-call.ts';
import { byMark, confirm, graceOf } from './marking.ts';
import { dueOf, type Result, type RunReport } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Policy } from './policy.ts';
import type { GuardSettings, Ports } from './ports.ts';
import { postponeResources } from './postpone.ts';
import { looksBack, reconcile } from './reconcile.ts';
import { markRepeated, noteTold } from './repeat.ts';
import { isWorthTelling, summarise } from './report.ts';
import { scan } from './scan.ts';
import { byPlace, noteScans, shrinkage } from './shrinkage.ts';
import { bySight, noteSights } from './sight.ts';
import type { Place, Signal } from './signal.ts';
import { withdrawDates } from './stale-dates.ts';
import { cancelled, closeMarks } from './unmarking.ts';
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
  const grace = await graceOf(policy, signal, guardSettings, ports);
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
    ...(grace && { grace }),
    notices: { ms: guardSettings.exemption.noticeMs ?? 0, promised: new Map() },
    ended: [],
  };
  const earlier = looksBack(run) ? await reconcile(run) : { results: [], places: [] };

  // Find, gather and judge everything first: a cap cannot be held against a plan that is not complete.
  const { tray, places: read } = await scan(run, places);
  const { judged, omitted } = tray;
  const shrunk = await shrinkage(run, read, tray.missing);

  const { due, early } = byTime(run, judged);
  await noteSights(run, early);
  const waiting = await wait(run, early);
  const guarded = await inParallel(due, limits.parallel, (each) => guard(run, each));
  const kept = guarded.flatMap((each) => ('settled' in each ? [each.settled] : []));
  const remediable = guarded.flatMap((each) => ('remediable' in each ? [each.remediable] : []));
  const { trusted, doubted } = byPlace(remediable, shrunk);
  const { ripe, unripe } = await bySight(run, trusted);
  const { noticed, held: recalled } = await byNotice(run, ripe);
  const scanned = read.reduce((sum, place) => sum + place.scanned, 0);
  const { planned, held } = await byMark(run, noticed, scanned);
  const unseen = unripe.map((each) => settle(each, TOO_EARLY));

  const total = planned.length > 0 ? planned.length + omitted.violation : 0;
  const { allowed, later, settled } = applyCap(run, planned, total, scanned);

  // Journal, act, verify, journal: batch by batch.
  const acted = await carryOut(run, allowed);
  await closeMarks(run, { tray, places: read }, cancelled(due, guarded), acted);
  await withdrawDates(run, due, held);
  const isSettled = await lapseMarks(run, { tray, places: read }, shrunk);
  const queued = await postponeResources(run, later, 'cap', 'The cap of this run was reached; it is queued.');

  const all = [
    ...earlier.results,
    ...acted,
    ...queued,
    ...waiting,
    ...unseen,
    ...recalled,
    ...held,
    ...doubted,
    ...settled,
    ...kept,
  ];
  const results = await markRepeated(run, all);
  const report = summarise(run, { tray, places: [...earlier.places, ...read] }, results, startedAt);
  const { ended, told } = isWorthTelling(report) ? await tell(run, report) : { ended: report, told: [] };
  if (!ended.undelivered) await close(run);
  await confirm(run, told);
  await noteScans(run, shrunk, isSettled);
  return ended;
}

/** Nobody has to be told again how these ended; what cannot be noted is told twice rather than never (B5.17). */
async function close<A, S, R extends Resource, F, C extends Change>({
  ended,
  ports,
}: Run<A, S, R, F, C>): Promise<void> {
  if (ended.length === 0) return;
  try {
    await ports.journal.told(ended);
  } catch (error) {
    ports.log.warn('That people were told could not be noted', { entries: ended.length, error });
  }
}

/**
 * A message that cannot be delivered changes nothing about what was done; it is said where it still can be (B5.37). Nobody
 * was told of a date that found no room in it: the next message has it.
 */
async function tell<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  report: RunReport,
): Promise<{ readonly ended: RunReport; readonly told: readonly Result[] }> {
  let untold: readonly Result[];
  try {
    untold = await run.ports.notify(report);
  } catch (error) {
    run.ports.log.error('The notification could not be delivered', { run: report.run, error });
    const warning = `The notification could not be delivered: ${brief(error)}.`;
    return { ended: { ...report, undelivered: true, warnings: [...report.warnings, warning] }, told: [] };
  }
  const without = new Set(untold.filter(({ outcome }) => dueOf(outcome) !== undefined));
  const told = report.results.filter((result) => !without.has(result));
  await noteTold(run, told);
  return { ended: report, told };
}
