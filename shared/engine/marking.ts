import { capMarks } from './caps.ts';
import type { Grace, Remediable, Run } from './context.ts';
import { outOfTime } from './context.ts';
import { TOO_EARLY } from './grace.ts';
import { settle, skip } from './guard.ts';
import { haltedBy } from './kill-switch.ts';
import { DRIFT_MS, dueAfter, findingOf, type Mark, rule, sinceOf } from './mark.ts';
import type { Outcome, Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Tag } from './policy.ts';
import type { GuardSettings, Ports } from './ports.ts';
import type { Signal } from './signal.ts';
import { exemptedBy, exemptionSentence } from './taken-back.ts';
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

/** The tag by which a mark is seen on the resource. */
export function tagOf(policy: string, { due }: Pick<Mark, 'due'>): Tag {
  return { key: tagKeyOf(policy), value: due.toISOString() };
}

export function tagKeyOf(policy: string): string {
  return `reeve:${policy}-after`;
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
  const halted = allowed.length > 0 ? await haltedBy(ports) : undefined;
  const held = await inParallel(ruled, run.limits.parallel, async ({ target, ruling }) => {
    if (ruling.state === 'over') return [];
    if (ruling.state === 'waiting') {
      if (!ruling.mark.told) grace.promised.set(target.resource.arn, ruling.mark);
      return [settle(target, waiting(run, ruling.due, target.verdict.remedy))];
    }
    if (!allowed.includes(target)) return [];
    if (halted !== undefined)
      return [settle(target, skip('kill-switch', `${halted} So it was only reported.`))];
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

/** The journal first, then the tag: a tag that cannot be written changes nothing about what was promised. */
async function promise<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { ms, promised }: Grace,
  target: Remediable<A, R, C>,
  instead: Mark | undefined,
): Promise<Result> {
  if (outOfTime(run)) return settle(target, TOO_EARLY);
  const { resource, around, verdict } = target;
  const mark = markFor(run, target, ms, instead);
  try {
    const exempt = await takenBack(run, target);
    if (exempt) return settle(target, exempt);
    const ours = await run.ports.journal.marks.put(mark, instead);
    if (!ours) return settle(target, skip('in-progress', 'Another run is marking it just now.'));
  } catch (error) {
    run.ports.log.error('A grace could not be journaled', { id: resource.id, error });
    const reason = `Its grace has not begun, because the journal could not be used: ${brief(error)}.`;
    return settle(target, { outcome: 'failed', code: 'journal-unavailable', reason });
  }
  promised.set(resource.arn, mark);
  const outcome = waiting(run, mark.due, verdict.remedy);
  try {
    await run.policy.announce?.(resource, tagOf(run.policy.name, mark), around);
    return settle(target, outcome);
  } catch (error) {
    return settle(target, outcome, [`No tag on it tells so: ${brief(error)}.`]);
  }
}

/** What a person took back is let be for a while: a date for it would be a threat that nothing comes of (B6.19). */
async function takenBack<A, S, R extends Resource, F, C extends Change>(
  { policy, ports, guard: { exemption } }: Run<A, S, R, F, C>,
  { resource, verdict: { remedy } }: Remediable<A, R, C>,
): Promise<Outcome | undefined> {
  const entries = await ports.journal.recent(resource.arn, new Date(0));
  const { action, repeatKey } = remedy;
  const next = { policy: policy.name, action, ...(repeatKey !== undefined && { repeatKey }) };
  const undo = exemptedBy(entries, next, ports.now(), exemption.maxDays);
  return undo && skip('exempt', exemptionSentence(undo));
}

/** The mark of a finding: what is going to be done, and not before when. */
export function markFor<A, S, R extends Resource, F, C extends Change>(
  { policy, ports }: Run<A, S, R, F, C>,
  { resource: { type, id, arn }, verdict, around }: Remediable<A, R, C>,
  graceMs: number,
  instead: Mark | undefined,
): Mark {
  const since = sinceOf(ports.now(), instead);
  return {
    ...around.place,
    id: ports.newId(),
    policy: policy.name,
    resource: { type, id, arn },
    finding: findingOf(verdict),
    reasonCode: verdict.reasonCode,
    fingerprint: verdict.remedy.fingerprint,
    summary: verdict.remedy.summary,
    since,
    due: dueAfter(since, graceMs),
    told: false,
  };
}

function waiting<A, S, R extends Resource, F, C extends Change>(
  { guard: { exemption } }: Run<A, S, R, F, C>,
  due: Date,
  { summary }: Change,
): Outcome {
  const reason =
    `${summary}: not before ${due.toISOString()}, and not at all if it is in order by then or exempt ` +
    `(tag ${exemption.tag}, e.g. "TICKET-123 until ${due.toISOString().slice(0, 10)}").`;
  return { outcome: 'queued', code: 'grace', reason, due };
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
