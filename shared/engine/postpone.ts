import type { Judged, Run } from './context.ts';
import { settle } from './guard.ts';
import type { Result } from './outcome.ts';
import { chunks, groups } from './parallel.ts';
import { naming } from './read.ts';
import type { Place, Signal } from './signal.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief, where } from './words.ts';

/** The same signal, to be carried on by a later invocation. */
export function continuation(signal: Signal): Signal {
  return { ...signal, cause: { kind: 'continuation', name: signal.cause.name } };
}

/** Hand a whole place over to an invocation of its own; the sentence says how that went. */
export async function postponePlace<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  place: Place,
): Promise<string> {
  const { partition, account, region } = place;
  try {
    await run.ports.postpone({ ...continuation(run.signal), partition, account, region }, 0);
    return 'No time was left in this run; a run of its own is queued for it.';
  } catch (error) {
    const reason = `No time was left in this run, and it could not be queued: ${brief(error)}.`;
    run.pages.add(`${where(place)}: ${reason}`);
    return reason;
  }
}

/** Hand resources over to a later invocation, a signal per place that names just them; none is ever dropped. */
export async function postponeResources<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  held: readonly Judged<A, R, Verdict>[],
  code: 'cap' | 'time' | 'grace',
  reason: string,
  delay = code === 'cap' ? run.limits.capDelaySeconds : 0,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const inPlace of groups(held, ({ around }) => where(around.place))) {
    for (const part of chunks(inPlace, run.limits.refsPerSignal)) {
      const refusal = await tryToPostpone(run, part, delay);
      if (refusal !== undefined)
        run.pages.add(`${part.length} found out of policy could not be queued for later: ${refusal}.`);
      const outcome =
        refusal === undefined
          ? ({ outcome: 'queued', code, reason } as const)
          : ({
              outcome: 'failed',
              code: 'not-queued',
              reason: `${reason} Queueing failed: ${refusal}.`,
            } as const);
      results.push(...part.map((each) => settle(each, outcome)));
    }
  }
  return results;
}

/** Somebody else holds this change; should they die over it, it is looked at again once their lease is over (B5.17). */
export async function lookAgainAfter<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  judged: Judged<A, R, Verdict>,
  leaseUntil: Date,
): Promise<void> {
  const seconds = Math.ceil((leaseUntil.getTime() - run.ports.now().getTime()) / 1000) + 1;
  const refusal = await tryToPostpone(run, [judged], Math.min(Math.max(seconds, 1), 900));
  if (refusal !== undefined) run.warnings.add(`A second look could not be queued: ${refusal}.`);
}

async function tryToPostpone<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  part: readonly Judged<A, R, Verdict>[],
  delaySeconds: number,
): Promise<string | undefined> {
  const [first] = part;
  if (!first) return undefined;
  const refs = part.map(({ resource: { type, id }, provenBy }) => provenBy ?? { type, id });
  try {
    await run.ports.postpone(naming(continuation(run.signal), first.around.place, refs), delaySeconds);
    return undefined;
  } catch (error) {
    run.ports.log.error('Work could not be postponed', { ...first.around.place, refs: refs.length, error });
    return brief(error);
  }
}
