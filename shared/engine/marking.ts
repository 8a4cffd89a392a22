import { capMarks } from './caps.ts';
import type { Grace, Remediable, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import { haltedBy } from './kill-switch.ts';
import { DRIFT_MS, dueAfter, findingOf, isLater, type Mark, rule } from './mark.ts';
import type { Outcome, Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { GuardSettings, Ports } from './ports.ts';
import { defer, promise, waiting } from './promise.ts';
import type { Signal } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/** The grace that the settings ask for, with what is in it; undefined where nothing waits, or nothing is changed anyway. */
export async function graceOf<A>(
  policy: { readonly name: string },
  { cause }: Signal,
  { mode, graceMs }: GuardSettings,
  { journal, log }: Ports<A>,
): Promise<Grace | undefined> {
  if (graceMs === undefined || mode !== 'enforce' || cause.kind === 'reconciliation') return undefined;
  const grace = { ms: graceMs, promised: new Map() };
  try {
    const open = await journal.marks.open(policy.name);
    return { ...grace, marks: new Map(open.map((mark) => [mark.resource.arn, mark])) };
  } catch (error) {
    log.error('What is in its grace could not be read', { error });
    return { ...grace, marks: undefined };
  }
}

/**
 * Parts what may be changed now from what its owner is given time for first (B2.13, B6.7). Only our own mark in the
 * journal counts, and only for the very same finding; without a journal nothing is changed. No more are begun than the cap.
 */
export async function byMark<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  found: readonly Remediable<A, R, C>[],
  scanned: number,
): Promise<{ readonly planned: readonly Remediable<A, R, C>[]; readonly held: readonly Result[] }> {
  const { grace, ports } = run;
  if (grace === undefined) return { planned: found, held: [] };
  const { ms, marks } = grace;
  if (marks === undefined) return { planned: [], held: found.map((each) => settle(each, UNREADABLE)) };

  const now = ports.now();
  const ruled = found.map((target) => {
    const { remedy } = target.verdict;
    if (remedy.takesBack || remedy.agreed) return { target, ruling: { state: 'over' } as const };
    const mark = marks.get(target.resource.arn);
    warnOfClock(run, mark, now);
    return { target, ruling: rule(mark, findingOf(target.verdict), now, ms) };
  });
  const fresh = ruled.flatMap(({ target, ruling }) => (ruling.state === 'new' ? [target] : []));
  const { allowed, settled } = capMarks(run, fresh, scanned);
  const isNew = allowed.length > 0 || ruled.some(({ ruling }) => isLater(ruling));
  const halted = isNew ? await haltedBy(ports) : undefined;
  const reportOnly = (target: Remediable<A, R, C>) =>
    settle(target, skip('kill-switch', `${halted} So it was only reported.`));
  const held = await inParallel(ruled, run.limits.parallel, async ({ target, ruling }) => {
    if (ruling.state === 'over') return [];
    if (ruling.state === 'waiting') {
      if (!ruling.mark.told) grace.promised.set(target.resource.arn, ruling.mark);
      else if (isLater(ruling))
        return [halted === undefined ? await defer(run, target, ruling) : reportOnly(target)];
      return [settle(target, waiting(run, ruling.due, target.verdict.remedy))];
    }
    if (!allowed.includes(target)) return [];
    if (halted !== undefined) return [reportOnly(target)];
    return [await promise(run, grace, target, ruling.instead)];
  });
  return {
    planned: ruled.flatMap(({ target, ruling }) => (ruling.state === 'over' ? [target] : [])),
    held: [...held.flat(), ...settled],
  };
}

/**
 * Notes which marks people have been told of: only those count from now on. Where that came late, because the run took
 * long, the time begins then.
 */
export async function confirm<A, S, R extends Resource, F, C extends Change>(
  { grace, notices, ports, limits, warnings }: Run<A, S, R, F, C>,
  results: readonly Result[],
): Promise<void> {
  const { ms, promised } = grace ?? notices;
  const told = results.flatMap(({ resource, repeated }) => {
    const mark = repeated ? undefined : promised.get(resource.arn);
    return mark === undefined ? [] : [mark];
  });
  const now = ports.now();
  await inParallel(told, limits.parallel, async (mark) => {
    try {
      const isLate = now.getTime() - mark.since.getTime() > DRIFT_MS;
      const from = isLate ? { ...mark, id: ports.newId(), since: now, due: dueAfter(now, ms) } : mark;
      if (isLate) await ports.journal.marks.put(from, mark);
      await ports.journal.marks.told(from);
    } catch (error) {
      // Its grace begins anew, and is told again.
      ports.log.warn('That people were told of a grace could not be noted', { id: mark.resource.id, error });
      warnings.add(`That people were told of a grace could not be noted: ${brief(error)}.`);
    }
  });
}

/** Where the marks cannot be read. */
export const UNREADABLE: Outcome = {
  outcome: 'failed',
  code: 'journal-unavailable',
  reason: 'Nothing was changed, because it could not be read how long it is still given.',
};

/** A clock that was set back never shortens a grace; that it was is worth knowing. */
function warnOfClock<A, S, R extends Resource, F, C extends Change>(
  { warnings }: Run<A, S, R, F, C>,
  mark: Mark | undefined,
  now: Date,
): void {
  if (mark !== undefined && mark.since.getTime() > now.getTime() + DRIFT_MS)
    warnings.add(`A clock is wrong: a grace began on ${mark.since.toISOString()}, which is yet to come.`);
}
