import type { Remediable, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Intent, JournalEntry } from './journal.ts';
import type { Result } from './outcome.ts';
import { lookAgainAfter } from './postpone.ts';
import type { Change, Resource } from './verdict.ts';
import { called } from './words.ts';

/** Another run holds this change: left to it, and looked at again in case it dies over it. */
export async function inProgress<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  { fingerprint }: Pick<Intent, 'fingerprint'>,
  entries: readonly JournalEntry[],
): Promise<Result> {
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
export function alreadyDone<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  target: Remediable<A, R, C>,
  { fingerprint }: Pick<Intent, 'fingerprint'>,
  entries: readonly JournalEntry[],
): Result {
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
