import type { Judged, Run } from './context.ts';
import type { Surroundings } from './policy.ts';
import { apart } from './signal.ts';
import type { Change, Resource, Unknown, Verdict } from './verdict.ts';
import { brief, called } from './words.ts';

/** Gather facts about a page of resources and judge each; what cannot be judged is `unknown`, never a reason to act. */
export async function assess<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resources: readonly R[],
  around: Surroundings<A>,
): Promise<Judged<A, R, Verdict<C>>[]> {
  const judged: Judged<A, R, Verdict<C>>[] = [];
  for (const part of apart(resources, (resource) => resource))
    judged.push(...(await judgeAll(run, part, around)));
  return judged;
}

async function judgeAll<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resources: readonly R[],
  around: Surroundings<A>,
): Promise<Judged<A, R, Verdict<C>>[]> {
  const readAt = run.ports.now();
  const judged = { around, readAt, notes: [] };

  let facts: ReadonlyMap<string, F>;
  try {
    facts = await run.policy.gather(resources, run.settings, around);
  } catch (error) {
    run.ports.log.error('Facts could not be gathered', { ...around.place, error });
    const verdict = unknown('facts-unreadable', `What a verdict needs could not be read: ${brief(error)}.`);
    return resources.map((resource) => ({ ...judged, resource, verdict, broken: true }));
  }

  return resources.map((resource) => {
    const known = facts.get(resource.id);
    if (known === undefined) {
      const verdict = unknown('facts-missing', 'Nothing that a verdict needs could be read about it.');
      return { ...judged, resource, verdict };
    }
    try {
      return { ...judged, resource, verdict: run.policy.judge(resource, known, run.settings, readAt) };
    } catch (error) {
      run.ports.log.error('A resource could not be judged', { ...around.place, id: resource.id, error });
      const verdict = unknown('judge-failed', `${called(resource)} could not be judged: ${brief(error)}.`);
      return { ...judged, resource, verdict, broken: true };
    }
  });
}

function unknown(reasonCode: string, reason: string): Unknown {
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}
