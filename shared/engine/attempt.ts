import { breaker, memory } from './breaker.ts';
import { outOfTime, type Remediable, type Run } from './context.ts';
import { settle, skip } from './guard.ts';
import { alreadyDone, inProgress } from './held.ts';
import { intentOf } from './intent.ts';
import type { Intent, JournalEntry } from './journal.ts';
import type { Result } from './outcome.ts';
import type { Acted } from './policy.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

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
    const since = new Date(intent.at.getTime() - memory);
    entries = await journal.recent(resource.arn, since);
    const ruling = breaker(run, entries, intent, resource);
    if (ruling.state === 'open') {
      run.pages.add(ruling.reason);
      return { settled: settle(target, skip('breaker', ruling.reason)) };
    }
    begun = await journal.begin(intent);
    // Who holds it, or has just done it, may have come in between.
    if (begun !== 'begun') entries = await journal.recent(resource.arn, since);
    if (begun === 'begun' && ruling.state === 'escalate') {
      run.pages.add(ruling.reason);
      notes.push(ruling.reason);
    }
  } catch (error) {
    run.ports.log.error('The journal could not be used', { id: resource.id, error });
    const reason = `Nothing was changed, because the journal could not be used: ${brief(error)}.`;
    return { settled: settle(target, { outcome: 'failed', code: 'journal-unavailable', reason }) };
  }
  if (begun === 'in-progress') return { settled: await inProgress(run, target, entries) };
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
