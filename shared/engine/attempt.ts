import { breaker, memory } from './breaker.ts';
import { outOfTime, type Remediable, type Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Intent, JournalEntry } from './journal.ts';
import type { Result } from './outcome.ts';
import type { Acted } from './policy.ts';
import { lookAgainAfter } from './postpone.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, called } from './words.ts';

/** How one attempt went: over before anything was changed, no time left, or carried out and to be verified. */
export type Attempt<A, R extends Resource, C extends Change> =
  | { readonly settled: Result }
  | { readonly late: Remediable<A, R, C> }
  | Carried<A, R, C>;

/** A change that was carried out (or tried) under an intent that we hold. */
export interface Carried<A, R extends Resource, C extends Change> {
  readonly target: Remediable<A, R, C>;
  readonly intent: Intent;
  readonly acted: Acted;
  readonly notes: readonly string[];
}

/** Look into the journal, write the intent, act. Without an intent written nothing is done (B6.16). */
export async function attempt<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
): Promise<Attempt<A, R, C>> {
  if (outOfTime(run)) return { late: target };
  const { resource } = target;
  const { journal } = run.ports;
  const intent = intentOf(run, target);

  let begun: Awaited<ReturnType<typeof journal.begin>>;
  let entries: readonly JournalEntry[];
  const notes: string[] = [];
  try {
    entries = await journal.recent(resource.arn, new Date(intent.at.getTime() - memory));
    const ruling = breaker(run, entries, intent, resource);
    if (ruling.state !== 'closed') run.pages.add(ruling.reason);
    if (ruling.state === 'open') return { settled: settle(target, skip('breaker', ruling.reason)) };
    if (ruling.state === 'escalate') notes.push(ruling.reason);
    begun = await journal.begin(intent);
  } catch (error) {
    run.ports.log.error('The journal could not be used', { id: resource.id, error });
    const reason = `Nothing was changed, because the journal could not be used: ${brief(error)}.`;
    return { settled: settle(target, { outcome: 'failed', code: 'journal-unavailable', reason }) };
  }
  if (begun === 'in-progress')
    return {
      settled: settle(target, skip('in-progress', 'Another run is remedying the very same thing now.')),
    };
  if (begun === 'already-done') return { settled: alreadyDone(run, target, entries) };

  return { target, intent, acted: await act(run, target), notes };
}

async function act<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { verdict, resource, around }: Remediable<A, R, C>,
): Promise<Acted> {
  try {
    return await run.policy.act(verdict.remedy, resource, around);
  } catch (error) {
    run.ports.log.error('A remedy broke off', { id: resource.id, error });
    return { result: 'failed', code: 'act-threw', reason: `It broke off: ${brief(error)}.`, uncertain: true };
  }
}

async function inProgress<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  entries: readonly JournalEntry[],
): Promise<Result> {
  const { fingerprint } = target.verdict.remedy;
  const held = entries.find((entry) => entry.fingerprint === fingerprint && !entry.outcome);
  await lookAgainAfter(run, target, held?.leaseUntil ?? new Date(run.ports.now().getTime() + 60_000));
  const reason =
    'Another run is remedying the very same thing now; it is looked at again once that run is over.';
  return settle(target, skip('in-progress', reason));
}

/**
 * The journal holds this very change (same rule ids, same launch) as done, yet the state was read as if it were not.
 * Ids do not come back, so minutes later this is an old reading or a second delivery, and acting twice would write a
 * second "done" for one finding: it is left alone. Later than that the two contradict each other: a person is called.
 */
function alreadyDone<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  entries: readonly JournalEntry[],
): Result {
  const { fingerprint } = target.verdict.remedy;
  const settling = 15 * 60_000;
  const fresh = entries.some(
    ({ outcome, ...entry }) =>
      entry.fingerprint === fingerprint &&
      outcome !== undefined &&
      run.ports.now().getTime() - outcome.at.getTime() < settling,
  );
  if (fresh)
    return settle(
      target,
      skip('already-done', 'It was remedied minutes ago; what was read is still the old state.'),
    );
  const reason = 'The journal says that it was remedied earlier, yet it still stands; a person has to look.';
  run.pages.add(`${called(target.resource)}: ${reason}`);
  return settle(target, skip('already-done', reason));
}

/** A dead invocation cannot act any more: the lease ends with the time that this one has. */
function leaseMs(remainingMs: number): number {
  return Math.min(Math.max(remainingMs, 0), 15 * 60_000) + 5000;
}

function intentOf<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { verdict, resource, around }: Remediable<A, R, C>,
): Intent {
  const { remedy } = verdict;
  const at = run.ports.now();
  return {
    ...around.place,
    id: run.ports.newId(),
    run: run.id,
    policy: run.policy.name,
    resource: { type: resource.type, id: resource.id, arn: resource.arn, name: resource.name },
    fingerprint: remedy.fingerprint,
    ...(remedy.repeatKey !== undefined && { repeatKey: remedy.repeatKey }),
    action: remedy.action,
    summary: remedy.summary,
    parameters: remedy.parameters,
    before: remedy.before,
    undo: remedy.undo,
    reasonCode: verdict.reasonCode,
    reason: verdict.reason,
    signalId: run.signal.id,
    cause: run.signal.cause,
    actor: run.signal.actor,
    at,
    leaseUntil: new Date(at.getTime() + leaseMs(run.ports.remainingMs())),
  };
}
