import type { Carried } from './attempt.ts';
import type { Run } from './context.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import { postponeResources } from './postpone.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/**
 * Hand changes that need more time over to a later invocation. Its journal entry ends like a failed one, so that the
 * same change is taken over, with how far it came.
 */
export async function carryOn<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  unfinished: readonly Carried<A, R, C>[],
): Promise<Result[]> {
  const results = await inParallel(unfinished, run.limits.parallel, async (each) => {
    const reason = each.acted.result === 'unfinished' ? each.acted.reason : '';
    const notes = [...each.notes, ...(await close(run, each, reason))];
    const [result] = await postponeResources(run, [each.target], 'time', reason);
    return result === undefined ? [] : [{ ...result, notes: [...result.notes, ...notes] }];
  });
  return results.flat();
}

/** The journal first: the next invocation may begin as soon as it is queued. */
async function close<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { intent, acted }: Carried<A, R, C>,
  reason: string,
): Promise<readonly string[]> {
  const after = acted.result === 'unfinished' ? acted.after : null;
  try {
    await run.ports.journal.finish(intent, {
      result: 'failed',
      code: 'unfinished',
      reason,
      after,
      requestId: undefined,
      at: run.ports.now(),
    });
    run.ended.push(intent);
    return [];
  } catch (error) {
    run.ports.log.error('An outcome could not be journaled', { journalId: intent.id, error });
    const note = `The outcome could not be written to the journal (${intent.id}): ${brief(error)}.`;
    run.warnings.add(note);
    return [note];
  }
}
