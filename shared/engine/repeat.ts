import { createHash } from 'node:crypto';
import type { Run } from './context.ts';
import { isInDoubt } from './exemption-value.ts';
import { dueOf, type Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import type { Change, Resource } from './verdict.ts';

/**
 * Long enough for a message to be sent, and over when Lambda tries again what died before it was, a minute later:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html. The retry has to tell it itself, for
 * the next sweep may be a day away.
 */
const CLAIM_MS = 50_000;

/**
 * Mark what people were told already within the last day, so that an hourly sweep does not say it 24 times (B5.38).
 * What was done is always news; what cannot be looked up, or not in time, is told again rather than lost.
 */
export async function markRepeated<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  results: readonly Result[],
): Promise<readonly Result[]> {
  const { ports, limits, policy } = run;
  const until = new Date(ports.now().getTime() + CLAIM_MS);
  // All at once: the store takes thousands in a write, and none waits for AWS's answer about another.
  return inParallel(results, limits.maxResults, async (result) => {
    if (isAlwaysNews(result) || ports.remainingMs() < limits.reserveMs / 4) return result;
    try {
      const first = await ports.firstTold(result.resource.arn, tellingKey(policy.name, result), until);
      return first ? result : { ...result, repeated: true };
    } catch (error) {
      ports.log.warn('What was told before could not be looked up', { id: result.resource.id, error });
      return result;
    }
  });
}

/** Note what people have been told, once they have: what is lost on the way is told by the next run (B5.37). */
export async function noteTold<A, S, R extends Resource, F, C extends Change>(
  { ports, limits, policy }: Run<A, S, R, F, C>,
  results: readonly Result[],
): Promise<void> {
  const again = new Date(ports.now().getTime() + limits.tellAgainMs);
  const told = results.filter((result) => !result.repeated && !isAlwaysNews(result));
  await inParallel(told, limits.maxResults, async (result) => {
    if (ports.remainingMs() < limits.reserveMs / 8) return;
    // That an exemption ends is told once.
    const { exemption, ending } = result;
    const until = ending && exemption && 'until' in exemption ? exemption.until : again;
    try {
      await ports.noteTold(result.resource.arn, tellingKey(policy.name, result), until);
    } catch (error) {
      ports.log.warn('What was told could not be noted', { id: result.resource.id, error });
    }
  });
}

function isAlwaysNews({ outcome, verdict, ending }: Result): boolean {
  return outcome.outcome === 'done' || (verdict.verdict === 'exempt' && !ending);
}

/** The same for the same finding with the same end; a further rule, another end, date or fault of its exemption is news. */
function tellingKey(policy: string, { verdict, outcome, exemption, ending }: Result): string {
  if (ending)
    return `${policy}/${createHash('sha256').update(JSON.stringify(exemption)).digest('hex').slice(0, 32)}`;
  const end = [outcome.outcome, outcome.code, ...(dueOf(outcome) === undefined ? [] : [dueOf(outcome)])];
  const doubt = exemption && isInDoubt(exemption) ? [exemption.problem] : [];
  const text = JSON.stringify([verdict.reasonCode, verdict.evidence, ...end, ...doubt]);
  return `${policy}/${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
