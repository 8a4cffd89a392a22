import { createHash } from 'node:crypto';
import type { Run } from './context.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Change, Resource } from './verdict.ts';

/**
 * Mark what people were told already within the last day, so that an hourly sweep does not say it 24 times (B5.38).
 * What was done is always news; what cannot be looked up is told again rather than lost.
 */
export async function markRepeated<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  results: readonly Result[],
): Promise<readonly Result[]> {
  const until = new Date(run.ports.now().getTime() + run.limits.tellAgainMs);
  return inParallel(results, run.limits.parallel, async (result) => {
    if (result.outcome.outcome === 'done' || result.verdict.verdict === 'exempt') return result;
    try {
      const first = await run.ports.firstTold(
        result.resource.arn,
        tellingKey(run.policy.name, result),
        until,
      );
      return first ? result : { ...result, repeated: true };
    } catch (error) {
      run.ports.log.warn('What was told before could not be looked up', { id: result.resource.id, error });
      return result;
    }
  });
}

/** The same for the same finding with the same end; a further rule or another end is news. */
function tellingKey(policy: string, { verdict, outcome }: Result): string {
  const text = JSON.stringify([verdict.reasonCode, verdict.evidence, outcome.outcome, outcome.code]);
  return `${policy}/${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
