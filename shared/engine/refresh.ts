import type { Remediable, Run } from './context.ts';
import { guard, settle, skip } from './guard.ts';
import { findingOf } from './mark.ts';
import type { Result } from './outcome.ts';
import { type Again, readAgain } from './read.ts';
import { keyOf } from './signal.ts';
import type { Change, Resource } from './verdict.ts';

/** Which of a batch still stand as they were planned, and what became of the others. */
export interface Refreshed<A, R extends Resource, C extends Change> {
  readonly standing: readonly Remediable<A, R, C>[];
  readonly settled: readonly Result[];
}

/** Read again what was read too long ago, judge and guard it anew: only what is unchanged is acted on (B6.21, B1.46). */
export async function refresh<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  batch: readonly Remediable<A, R, C>[],
): Promise<Refreshed<A, R, C>> {
  const now = run.ports.now().getTime();
  const isOld = (each: Remediable<A, R, C>) => now - each.readAt.getTime() > run.limits.freshMs;
  const [first, ...more] = batch.filter(isOld);
  if (!first) return { standing: batch, settled: [] };

  const old = [first, ...more];
  const again = await readAgain(
    run,
    old.map(({ resource }) => resource),
    first.around,
  );
  const standing = batch.filter((each) => !isOld(each));
  const settled: Result[] = [];
  for (const each of old) {
    const looked = await compare(run, each, again.get(keyOf(each.resource)));
    if ('settled' in looked) settled.push(looked.settled);
    else standing.push(looked.remediable);
  }
  return { standing, settled };
}

async function compare<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  planned: Remediable<A, R, C>,
  again: Again<A, R, C> | undefined,
): ReturnType<typeof guard<A, S, R, F, C>> {
  if (!again || again.state === 'unreadable') {
    const reason = `It could not be read again just before acting: ${again?.reason ?? 'it was not found'}`;
    return { settled: settle(planned, { outcome: 'failed', code: 'unreadable', reason }) };
  }
  if (again.state === 'gone') return { settled: settle(planned, skip('gone', again.reason)) };

  const { verdict } = again.judged;
  if (verdict.verdict === 'compliant')
    return { settled: settle(planned, skip('changed', 'It was put in order since it was read first.')) };
  const guarded = await guard(run, { ...again.judged, notes: planned.notes });
  if ('remediable' in guarded && !isSame(run, guarded.remediable.verdict, planned.verdict))
    return {
      settled: settle(
        planned,
        skip('changed', 'It changed since it was read first; it is judged anew next time.'),
      ),
    };
  return guarded;
}

/** The same change; and where a grace was given for a finding, that very finding. */
function isSame<A, S, R extends Resource, F, C extends Change>(
  { grace }: Run<A, S, R, F, C>,
  now: Remediable<A, R, C>['verdict'],
  before: Remediable<A, R, C>['verdict'],
): boolean {
  if (now.remedy.fingerprint !== before.remedy.fingerprint) return false;
  return grace === undefined || findingOf(now) === findingOf(before);
}
