import type { Run } from './context.ts';
import { keptSince } from './exempt.ts';
import { haltedBy } from './kill-switch.ts';
import type { PlaceReport } from './outcome.ts';
import type { Surroundings } from './policy.ts';
import { type GuardSettings, PlaceRefused } from './ports.ts';
import type { Place } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, where } from './words.ts';

/** A place that is open for reading, or why it is not. */
export type Entered<A> =
  | { readonly around: Surroundings<A> }
  | { readonly state: Exclude<PlaceReport['state'], 'scanned'>; readonly reason: string };

/** Enter an account's region, if the settings allow it (B5.26, B5.30, B5.34, B6.15). */
export async function enter<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  place: Place,
): Promise<Entered<A>> {
  const { ports } = run;
  const reason = whyForbidden(run.guard, place);
  if (reason !== undefined) {
    if (run.signal.scope.kind === 'resources' && run.signal.cause.kind !== 'reconciliation')
      run.pages.add(`${run.signal.cause.name} (${where(place)}): ${reason}`);
    return { state: 'skipped', reason };
  }
  try {
    const aws = await ports.enter(place);
    return { around: surroundings(run, place, aws) };
  } catch (error) {
    ports.log.warn('A place could not be entered', { ...place, error });
    return refusalIn(error) ?? { state: 'failed', reason: `It could not be entered: ${brief(error)}.` };
  }
}

function whyForbidden({ accounts, regions }: GuardSettings, { account, region }: Place): string | undefined {
  if (!/^\d{12}$/.test(account) || (accounts.length > 0 && !accounts.includes(account)))
    return `Account ${account} is not among the accounts in which Reeve may work.`;
  if (regions !== undefined && !regions.includes(region))
    return `Region ${region} is not among the regions in which Reeve may work (regions in reeve.yml).`;
  return undefined;
}

function surroundings<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  place: Place,
  aws: A,
): Surroundings<A> {
  const { ports } = run;
  return {
    place,
    aws,
    now: () => ports.now(),
    sleep: (ms) => ports.sleep(ms),
    random: () => ports.random(),
    remainingMs: () => ports.remainingMs(),
    halted: () => haltedBy(ports),
    onProgress: (progress) => ports.onProgress?.(progress),
    keptFrom: (judged, now) => keptSince(run.guard, judged, now),
    elsewhere: (region) => ports.enter({ ...place, region }),
    ...(run.guard.mode === 'enforce' && { history: (arn, since) => ports.journal.recent(arn, since) }),
  };
}

/**
 * Why nothing can be read in a place, where that is nobody's fault: the region is not enabled, or the organisation
 * forbids its use (B5.30). The wrapper's failures tell by their `kind`.
 */
export function refusalIn(
  error: unknown,
): { readonly state: 'skipped' | 'failed'; readonly reason: string } | undefined {
  if (error instanceof PlaceRefused) return { state: error.state, reason: brief(error.message) };
  if (!(error instanceof Error) || !('kind' in error)) return undefined;
  if (error.kind === 'not-enabled')
    return { state: 'skipped', reason: 'The region is not enabled for this account.' };
  if (error.kind === 'denied-by-organisation') {
    return { state: 'skipped', reason: 'The organisation’s policies (SCP) forbid reading here.' };
  }
  return undefined;
}
