import type { Run } from './context.ts';
import { rulingOf } from './exempt.ts';
import { isInDoubt } from './exemption-value.ts';
import { dueOf, isNews, type PlaceReport, type Result, type RunReport } from './outcome.ts';
import type { Scan } from './scan.ts';
import { isSevere } from './severity.ts';
import type { Signal } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { called, count } from './words.ts';

/** Sum a run up: counts, state, and whether a human has to look now. */
export function summarise<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { tray, places }: Scan<A, R, C>,
  results: readonly Result[],
  startedAt: Date,
): RunReport {
  const { omitted } = tray;
  // What has its date is dealt with as far as this run goes.
  const inGrace = results.filter(({ outcome }) => dueOf(outcome) !== undefined).length;
  const verdicts = (wanted: Result['verdict']['verdict']) =>
    results.filter(({ verdict }) => verdict.verdict === wanted).length;
  const outcomes = (wanted: Result['outcome']['outcome']) =>
    results.filter(({ outcome }) => outcome.outcome === wanted).length;
  const counts = {
    scanned: sum(places, ({ scanned }) => scanned),
    compliant: sum(places, ({ compliant }) => compliant),
    violations: verdicts('violation') + omitted.violation,
    exempt: verdicts('exempt') + omitted.exempt,
    unknown: verdicts('unknown') + omitted.unknown,
    done: outcomes('done'),
    skipped: outcomes('skipped'),
    failed: outcomes('failed'),
    queued: outcomes('queued'),
  };
  for (const result of results)
    for (const call of callsOf(run, result)) run.pages.add(`${called(result.resource)}: ${call}`);
  if (omitted.violation > 0)
    run.pages.add(
      `${count(omitted.violation, 'further violation')} found, too many for one report; nothing was done about them.`,
    );

  return {
    run: run.id,
    policy: run.policy.name,
    title: run.policy.title,
    mode: run.guard.mode,
    signal: run.signal,
    startedAt,
    finishedAt: run.ports.now(),
    places,
    results,
    omitted: omitted.violation + omitted.exempt + omitted.unknown + omitted.missing,
    missing: tray.missing,
    counts,
    state: stateOf(run.signal, places, { ...counts, queued: counts.queued - inGrace }, tray),
    pages: [...run.pages],
    warnings: [...run.warnings],
  };
}

function sum(places: readonly PlaceReport[], of: (place: PlaceReport) => number): number {
  return places.reduce((total, place) => total + of(place), 0);
}

/** What a person has to do about one resource; said once, not each hour. */
function callsOf<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  result: Result,
): readonly string[] {
  const { exemption, outcome, repeated } = result;
  if (repeated) return [];
  const doubt = exemption && isInDoubt(exemption) ? [rulingOf(run, exemption).note] : [];
  return callsForSomebody(result) ? [outcome.reason, ...doubt] : doubt;
}

/** Severe, and Reeve was meant to remedy it but could not. */
function callsForSomebody({ verdict, outcome }: Result): boolean {
  return isSevere(verdict) && (outcome.outcome === 'failed' || outcome.code === 'alert-only');
}

function stateOf<A, R extends Resource, C extends Change>(
  { cause }: Signal,
  places: readonly PlaceReport[],
  counts: RunReport['counts'],
  tray: Scan<A, R, C>['tray'],
): RunReport['state'] {
  // Only looking back reads no place as such.
  const nowhere = places.length === 0 && cause.kind === 'reconciliation';
  const allFailed = !nowhere && places.every(({ state }) => state === 'failed');
  if (allFailed && counts.scanned === 0) return 'failed';
  const incomplete =
    places.some(({ state }) => state === 'failed') ||
    tray.missing.some(({ why }) => why !== 'gone') ||
    tray.broken +
      tray.postponed +
      tray.omitted.violation +
      tray.omitted.missing +
      counts.failed +
      counts.queued >
      0;
  return incomplete ? 'partial' : 'complete';
}

/** What another run has in hand, or may still come right by itself. */
const NO_NEWS: readonly string[] = ['in-progress', 'already-done', 'grace'];

/** Runs that found all in order, or only what is no news yet, are quiet (B5.38). */
export function isWorthTelling(report: RunReport): boolean {
  const news = report.results.some(
    (result) =>
      isNews(result) && (!NO_NEWS.includes(result.outcome.code) || dueOf(result.outcome) !== undefined),
  );
  const unread = report.missing.some(({ why }) => why === 'unreadable' || why === 'unresolved');
  const failed = report.places.some(({ state }) => state === 'failed');
  return news || unread || failed || report.omitted > 0 || report.pages.length > 0;
}
