import type { Judged, Remediable, Run } from './context.ts';
import { exemptionOf, rulingOf } from './exempt.ts';
import { agreementText, remindText } from './exemption-value.ts';
import type { Outcome, Result, SkipCode } from './outcome.ts';
import { protectedBy } from './protect.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { shown } from './words.ts';

/** Either a result that is final, or a violation that may be remedied as far as this one resource is concerned. */
export type Guarded<A, R extends Resource, C extends Change> =
  | { readonly settled: Result }
  | { readonly remediable: Remediable<A, R, C> };

/** The final result of one judged resource. */
export function settle<A, R extends Resource>(
  judged: Judged<A, R, Verdict>,
  outcome: Outcome,
  notes: readonly string[] = [],
): Result {
  const { around, resource, verdict, exemption } = judged;
  return {
    ...around.place,
    resource: shown(resource),
    verdict,
    outcome,
    notes: [...judged.notes, ...notes],
    ...(exemption && { exemption }),
  };
}

/** Left alone, and why. */
export function skip(code: SkipCode, reason: string): Outcome {
  return { outcome: 'skipped', code, reason };
}

/**
 * Everything that keeps Reeve from touching one resource, strongest first: itself, protection, exemption, no remedy,
 * a plan that says something else, report mode. Caps, kill switch and breaker follow when it acts.
 */
export async function guard<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  judged: Judged<A, R, Verdict<C>>,
): Promise<Guarded<A, R, C>> {
  const { resource, verdict, around } = judged;
  if (verdict.verdict !== 'violation')
    return { settled: settle(judged, skip(verdict.verdict, verdict.reason)) };

  const takesBack = verdict.remedy?.takesBack === true;
  const shielded = shield(run, resource, takesBack);
  if (shielded) return { settled: settle(judged, shielded) };

  const exemption = takesBack ? undefined : await exemptionOf(run, resource, around.place);
  const known = exemption ? { ...judged, exemption } : judged;
  if (exemption?.state === 'valid') {
    const { until } = exemption;
    const reason = `Exempt until ${until.toISOString()}: ${agreementText(exemption)}.`;
    const { reasonCode, evidence } = verdict;
    const exempt = { verdict: 'exempt', reasonCode, reason, evidence, until } as const;
    const reminder = remindText(exemption, run.guard.exemption, verdict.remedy, run.ports.now());
    const notes = reminder === undefined ? [] : [reminder];
    const settled = settle({ ...known, verdict: exempt }, skip('exempt', reason), notes);
    return { settled: reminder === undefined ? settled : { ...settled, ending: true } };
  }
  const ruling = exemption && rulingOf(run, exemption);
  if (ruling?.protects) return { settled: settle(known, skip('protected', ruling.note)) };

  const noted = ruling ? { ...known, notes: [...judged.notes, ruling.note] } : known;
  const { remedy } = verdict;
  if (!remedy)
    return {
      settled: settle(noted, skip('alert-only', 'Reeve has no safe remedy here: a person has to decide.')),
    };
  const notPlanned = run.ports.notPlanned?.(resource, remedy, around.place);
  if (notPlanned !== undefined) return { settled: settle(noted, skip('not-planned', notPlanned)) };
  if (run.guard.mode !== 'enforce')
    return {
      settled: settle(noted, skip('report-mode', `Only reported (mode: report). Would: ${remedy.summary}`)),
    };
  return { remediable: { ...noted, verdict: { ...verdict, remedy } } };
}

function shield<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  resource: R,
  takesBack: boolean,
): Outcome | undefined {
  if (run.ports.isOurs(resource))
    return skip('self', 'It belongs to Reeve itself, which never touches its own parts.');
  if (takesBack) return undefined;
  const protection = protectedBy(resource, run.guard.protect);
  return protection === undefined ? undefined : skip('protected', protection);
}
