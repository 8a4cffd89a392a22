import { assess } from './assess.ts';
import type { Judged, Run } from './context.ts';
import type { Found, Missing, Surroundings } from './policy.ts';
import { keyOf, type Place, type ResourceRef, type Signal } from './signal.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief } from './words.ts';

/** The run's signal turned to one place and to the resources named. */
export function naming(signal: Signal, place: Place, resources: readonly ResourceRef[]): Signal {
  const { partition, account, region } = place;
  return { ...signal, partition, account, region, scope: { kind: 'resources', resources } };
}

/** Those of the named resources that are, or may be, in this place. */
export function refsIn(refs: readonly ResourceRef[], { account, region }: Place): readonly ResourceRef[] {
  return refs.filter(
    ({ place }) => place === undefined || (place.account === account && place.region === region),
  );
}

/** Read the named resources; those not visible yet are tried again after each wait (B3.37). */
export async function readNamed<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  refs: readonly ResourceRef[],
  around: Surroundings<A>,
): Promise<Found<R>> {
  // To name nothing means everything in many an API.
  if (refs.length === 0) return { resources: [], missing: [] };
  const resources = new Map<string, R>();
  let missing: Missing[] = [];
  let wanted = refs;
  for (const wait of [0, ...run.limits.waits]) {
    if (wait > 0) await run.ports.sleep(wait);
    missing = missing.filter(({ why }) => why !== 'not-visible');
    for await (const page of run.policy.find(
      naming(run.signal, around.place, wanted),
      run.settings,
      around,
    )) {
      for (const resource of page.resources) resources.set(keyOf(resource), resource);
      missing.push(...page.missing);
    }
    wanted = missing.filter(({ why }) => why === 'not-visible').map(({ ref }) => ref);
    if (wanted.length === 0) break;
  }
  return { resources: [...resources.values()], missing };
}

/** What a second look at one resource shows. */
export type Again<A, R extends Resource, C extends Change> =
  | { readonly state: 'read'; readonly judged: Judged<A, R, Verdict<C>> }
  | { readonly state: 'gone'; readonly reason: string }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Read and judge these resources of one place again, in one `find`; by `keyOf`. */
export async function readAgain<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resources: readonly ResourceRef[],
  around: Surroundings<A>,
): Promise<Map<string, Again<A, R, C>>> {
  const refs = resources.map(({ type, id }) => ({ type, id }));
  const again = new Map<string, Again<A, R, C>>();
  try {
    for await (const page of run.policy.find(naming(run.signal, around.place, refs), run.settings, around)) {
      for (const { ref, why, reason } of page.missing)
        again.set(keyOf(ref), { state: why === 'gone' ? 'gone' : 'unreadable', reason });
      for (const judged of await assess(run, page.resources, around))
        again.set(keyOf(judged.resource), { state: 'read', judged });
    }
  } catch (error) {
    run.ports.log.warn('Reading again failed', { ...around.place, error });
    for (const ref of refs)
      if (!again.has(keyOf(ref)))
        again.set(keyOf(ref), { state: 'unreadable', reason: `Reading again failed: ${brief(error)}.` });
  }
  return again;
}
