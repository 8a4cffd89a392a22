import { keepingAlive } from './alive.ts';
import { breaker } from './breaker.ts';
import { outOfTime, type Remediable, type Run } from './context.ts';
import { settle, skip } from './guard.ts';
import { alreadyDone, inProgress } from './held.ts';
import { intentOf } from './intent.ts';
import type { Begun, Intent, JournalEntry, Taking } from './journal.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Acted } from './policy.ts';
import { apart } from './signal.ts';
import { exemptedBy, exemptionSentence, fingerprintAfter } from './taken-back.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/** How one attempt went: over before anything was changed, no time left, over the cap of the window, or carried out and to be verified. */
export type Attempt<A, R extends Resource, C extends Change> =
  | { readonly settled: Result }
  | { readonly late: Remediable<A, R, C> }
  | { readonly over: Remediable<A, R, C> }
  | Carried<A, R, C>;

type Held<A, R extends Resource, C extends Change> = Omit<Carried<A, R, C>, 'acted'>;

/** A change that was carried out (or tried) under an intent that we hold. */
export interface Carried<A, R extends Resource, C extends Change> {
  readonly target: Remediable<A, R, C>;
  readonly intent: Intent;
  readonly acted: Acted;
  readonly notes: readonly string[];
}

/** Look into the journal, write the intent, act: one by one, or together where the policy can. */
export async function attempt<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  targets: readonly Remediable<A, R, C>[],
  taking?: Taking,
): Promise<readonly Attempt<A, R, C>[]> {
  const { parallel } = run.limits;
  if (run.policy.actAll === undefined) {
    return await inParallel(targets, parallel, async (target) => {
      const begun = await begin(run, target, taking);
      return 'begun' in begun ? { ...begun.begun, acted: await act(run, begun.begun) } : begun;
    });
  }
  const begun = await inParallel(targets, parallel, (target) => begin(run, target, taking));
  const ready = begun.flatMap((each) => ('begun' in each ? [each.begun] : []));
  const over = begun.flatMap((each) => ('begun' in each ? [] : [each]));
  const carried: Carried<A, R, C>[] = [];
  for (const part of apart(ready, ({ target }) => target.resource)) {
    const acted = await actAll(run, part);
    carried.push(...part.map((each) => ({ ...each, acted: acted(each.target.resource.id) })));
  }
  return [...over, ...carried];
}

/** Begun: the journal holds our intent. Without an intent written nothing is done (B6.16). */
async function begin<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  taking: Taking | undefined,
): Promise<Exclude<Attempt<A, R, C>, Carried<A, R, C>> | { readonly begun: Held<A, R, C> }> {
  if (outOfTime(run)) return { late: target };
  const { resource } = target;
  const { journal } = run.ports;
  let intent = intentOf(run, target);

  let begun: Begun;
  let entries: readonly JournalEntry[];
  const notes: string[] = [];
  try {
    // All that is kept: what was taken back months ago is free again, too.
    const since = new Date(0);
    entries = await journal.recent(resource.arn, since);
    intent = { ...intent, fingerprint: fingerprintAfter(entries, intent) };
    const { maxDays } = run.guard.exemption;
    const exempt = target.verdict.remedy.takesBack
      ? undefined
      : exemptedBy(entries, intent, intent.at, maxDays);
    if (exempt) return { settled: settle(target, skip('exempt', exemptionSentence(exempt))) };
    const ruling = breaker(run, entries, intent, resource);
    if (ruling.state === 'open') {
      run.pages.add(ruling.reason);
      return { settled: settle(target, skip('breaker', ruling.reason)) };
    }
    begun = await journal.begin(intent, taking);
    // Who holds it, or has just done it, may have come in between.
    if (begun === 'over-cap') return { over: target };
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
  if (begun === 'in-progress') return { settled: await inProgress(run, target, intent, entries) };
  if (begun === 'already-done') return { settled: alreadyDone(run, target, intent, entries) };

  return { begun: { target, intent, notes } };
}

async function act<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { target: { verdict, resource, around }, intent }: Held<A, R, C>,
): Promise<Acted> {
  try {
    return await run.policy.act(verdict.remedy, resource, keepingAlive(run, intent, around));
  } catch (error) {
    run.ports.log.error('A remedy broke off', { id: resource.id, error });
    return { result: 'failed', code: 'act-threw', reason: `It broke off: ${brief(error)}.`, uncertain: true };
  }
}

/** All of one place in the policy's own batch; what it says nothing about may or may not have happened. */
async function actAll<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  begun: readonly Held<A, R, C>[],
): Promise<(id: string) => Acted> {
  const [first] = begun;
  let reason = 'It was not told how it ended.';
  let told: ReadonlyMap<string, Acted> = new Map();
  try {
    const changes = begun.map(({ target: { verdict, resource } }) => ({ change: verdict.remedy, resource }));
    if (first) told = (await run.policy.actAll?.(changes, first.target.around)) ?? told;
  } catch (error) {
    run.ports.log.error('Remedies broke off', { count: begun.length, error });
    reason = `It broke off: ${brief(error)}.`;
  }
  return (id) => told.get(id) ?? { result: 'failed', code: 'act-threw', reason, uncertain: true };
}
