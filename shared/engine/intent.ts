import type { Remediable, Run } from './context.ts';
import type { Intent } from './journal.ts';
import type { Ports } from './ports.ts';
import type { Change, Evidence, Resource } from './verdict.ts';

/** A dead invocation cannot act any more: the lease ends with the time that this one has. */
export function leaseEnd({ ports }: { readonly ports: Pick<Ports<unknown>, 'now' | 'remainingMs'> }): Date {
  const ms = Math.min(Math.max(ports.remainingMs(), 0), 15 * 60_000) + 5000;
  return new Date(ports.now().getTime() + ms);
}

/** What a verdict rests on is for people: it must never be what makes an entry too large to be written. */
const EVIDENCE_CHARACTERS = 20_000;

function firstOf(evidence: readonly Evidence[]): readonly Evidence[] {
  let room = EVIDENCE_CHARACTERS;
  return evidence.filter((fact) => {
    room -= JSON.stringify(fact).length;
    return room >= 0;
  });
}

/** What the journal is told before the change. */
export function intentOf<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  { verdict, resource, around }: Remediable<A, R, C>,
): Intent {
  const { remedy } = verdict;
  const at = run.ports.now();
  return {
    ...around.place,
    id: run.ports.newId(),
    run: run.id,
    policy: run.policy.name,
    resource: { type: resource.type, id: resource.id, arn: resource.arn, name: resource.name },
    fingerprint: remedy.fingerprint,
    ...(remedy.repeatKey !== undefined && { repeatKey: remedy.repeatKey }),
    action: remedy.action,
    summary: remedy.summary,
    parameters: remedy.parameters,
    before: remedy.before,
    undo: remedy.undo,
    reasonCode: verdict.reasonCode,
    reason: verdict.reason,
    evidence: firstOf(verdict.evidence),
    severity: verdict.severity,
    signalId: run.signal.id,
    cause: run.signal.cause,
    actor: run.signal.actor,
    at,
    leaseUntil: leaseEnd(run),
  };
}
