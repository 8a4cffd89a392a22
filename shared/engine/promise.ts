import { type Grace, outOfTime, type Remediable, type Run } from './context.ts';
import { TOO_EARLY } from './grace.ts';
import { settle, skip } from './guard.ts';
import { dueAfter, findingOf, type Mark, type Ruling, sinceOf } from './mark.ts';
import type { Outcome, Result } from './outcome.ts';
import type { Tag } from './policy.ts';
import { exemptedBy, exemptionSentence } from './taken-back.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/** The tag by which a mark is seen on the resource. */
export function tagOf(policy: string, { due }: Pick<Mark, 'due'>): Tag {
  return { key: tagKeyOf(policy), value: due.toISOString() };
}

export function tagKeyOf(policy: string): string {
  return `reeve:${policy}-after`;
}

/** The journal first, then the tag: a tag that cannot be written changes nothing about what was promised. */
export async function promise<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { ms, promised }: Grace,
  target: Remediable<A, R, C>,
  instead: Mark | undefined,
): Promise<Result> {
  if (outOfTime(run)) return settle(target, TOO_EARLY);
  const { resource, verdict } = target;
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
  return announced(run, target, mark, waiting(run, mark.due, verdict.remedy));
}

/** Says the date on the resource too, where its type can carry a tag. */
async function announced<A, S, R extends Resource, F, C extends Change>(
  { policy }: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  mark: Mark,
  outcome: Outcome,
): Promise<Result> {
  try {
    await policy.announce?.(target.resource, tagOf(policy.name, mark), target.around);
    return settle(target, outcome);
  } catch (error) {
    return settle(target, outcome, [`No tag on it tells so: ${brief(error)}.`]);
  }
}

/** A longer grace: the later date is kept before anybody reads it, so that it holds whatever the settings say by then. */
export async function defer<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  { mark, due }: Extract<Ruling, { readonly state: 'waiting' }>,
): Promise<Result> {
  if (outOfTime(run)) return settle(target, TOO_EARLY);
  const { resource, verdict } = target;
  const later = { ...mark, id: run.ports.newId(), due };
  const { marks } = run.ports.journal;
  try {
    if (await marks.put(later, mark)) await marks.told(later);
  } catch (error) {
    run.ports.log.error('A longer grace could not be journaled', { id: resource.id, error });
    const reason = `Its grace could not be made longer, because the journal could not be used: ${brief(error)}.`;
    return settle(target, { outcome: 'failed', code: 'journal-unavailable', reason });
  }
  return announced(run, target, later, waiting(run, due, verdict.remedy));
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

export function waiting<A, S, R extends Resource, F, C extends Change>(
  { guard: { exemption } }: Run<A, S, R, F, C>,
  due: Date,
  { summary }: Change,
): Outcome {
  const reason =
    `${summary}: not before ${due.toISOString()}, and not at all if it is in order by then or exempt ` +
    `(tag ${exemption.tag}, e.g. "TICKET-123 until ${due.toISOString().slice(0, 10)}").`;
  return { outcome: 'queued', code: 'grace', reason, due };
}
