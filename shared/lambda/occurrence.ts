import type { Aws } from '../aws/access.ts';
import { placesFor } from '../aws/places.ts';
import type { EmbeddedSettings } from '../config/embedded.ts';
import type { RunReport } from '../engine/outcome.ts';
import type { Policy } from '../engine/policy.ts';
import type { GuardSettings, Ports } from '../engine/ports.ts';
import { run } from '../engine/run.ts';
import type { Place, Signal } from '../engine/signal.ts';
import type { Change, Resource } from '../engine/verdict.ts';

/** Runs the policy for one signal: where the event happened, or everywhere for a scheduled sweep. */
export async function runSignal<S, R extends Resource, F, C extends Change>(
  policy: Policy<Aws, S, R, F, C>,
  signal: Signal,
  embedded: EmbeddedSettings<S>,
  ports: Ports<Aws>,
  home: Place,
): Promise<RunReport> {
  const { settings, regions } = embedded;
  // The settings list the accounts besides our own.
  const guard: GuardSettings = {
    ...embedded.guard,
    accounts: [...new Set([home.account, ...embedded.guard.accounts])],
    // Events of other regions can be sent here too, e.g. from bus to bus; our own are always listened to.
    ...(regions !== 'all-enabled' && {
      regions: [...new Set([home.region, ...(regions === 'own' ? [] : regions)])],
    }),
  };
  // The journal knows the places that it has to look into.
  if (signal.cause.kind === 'reconciliation') return run(policy, signal, [], settings, guard, ports);
  if (signal.scope.kind !== 'sweep' || signal.cause.kind !== 'schedule') {
    const { partition, account, region } = signal;
    return run(policy, signal, [{ partition, account, region }], settings, guard, ports);
  }

  const scope = { regions, accounts: guard.accounts };
  const { places, refused } = await placesFor(scope, home, ports.enter);
  // An account whose regions cannot be listed is a failed place of this run, so that it shows in the report.
  const enter = async (place: Place): Promise<Aws> => {
    const known = refused.find((each) => each.place.account === place.account);
    if (known !== undefined) throw known.refusal;
    return ports.enter(place);
  };
  const all = [...places, ...refused.map(({ place }) => place)];
  return run(policy, signal, all, settings, guard, { ...ports, enter });
}
