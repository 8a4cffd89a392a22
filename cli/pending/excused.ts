import type { PolicyConfig } from '../../shared/config/load.ts';
import { writtenExemption } from '../../shared/engine/exempt.ts';
import { type Exemption, isInDoubt } from '../../shared/engine/exemption-value.ts';
import type { Result } from '../../shared/engine/outcome.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Resource } from '../../shared/engine/verdict.ts';
import type { AnyPolicy } from '../policies.ts';

/** How an exemption stands, in the order in which somebody has to look. */
export const STATES = ['in doubt', 'ended', 'ends soon', 'in force'] as const;
export type State = (typeof STATES)[number];

/** Something that is out of policy by agreement, or says so. */
export interface Excused extends Place {
  readonly policy: string;
  readonly resource: Pick<Resource, 'type' | 'id' | 'arn' | 'name'>;
  readonly state: State;
  readonly reason: string;
  readonly owner: string | undefined;
  /** ARN of who set it, where the settings ask for that. */
  readonly setter: string | undefined;
  readonly until: Date | undefined;
  /** What it does now. */
  readonly note: string;
}

/** The exemptions that a policy's sweep met, those of compliant resources too, the soonest first in each state. Pure. */
export function excusedBy(
  policy: Pick<AnyPolicy, 'name' | 'kind'>,
  results: readonly Result[],
  { guard }: PolicyConfig,
  now: Date,
  withinMs: number,
): readonly Excused[] {
  return results.flatMap((result): readonly Excused[] => {
    const { partition, account, region, resource, verdict } = result;
    const about = { partition, account, region, policy: policy.name, resource };
    const exemption = result.exemption ?? writtenExemption(resource.tags, guard.exemption, now);
    if (exemption !== undefined)
      return [{ ...about, ...ofTag(exemption, result, policy.kind, now, withinMs) }];
    // By a tag of the policy's own, e.g. an objection; what only waits for its date is no exemption.
    if (verdict.verdict !== 'exempt' || verdict.until === undefined || verdict.coming !== undefined)
      return [];
    const { until, reason } = verdict;
    const nobody = { owner: undefined, setter: undefined };
    return [{ ...about, ...nobody, reason, until, state: soon(until, now, withinMs), note: 'left alone' }];
  });
}

function soon(until: Date, now: Date, withinMs: number): State {
  return until.getTime() - now.getTime() <= withinMs ? 'ends soon' : 'in force';
}

function ofTag(
  exemption: Exemption,
  { verdict }: Result,
  kind: AnyPolicy['kind'],
  now: Date,
  withinMs: number,
): Pick<Excused, 'state' | 'reason' | 'owner' | 'setter' | 'until' | 'note'> {
  const isOpen = verdict.verdict === 'violation' || verdict.verdict === 'exempt';
  if (isInDoubt(exemption)) {
    const effect = kind === 'security' ? 'it is not honoured' : 'it is left alone until that is put right';
    const note = isOpen ? effect : 'there is nothing to excuse now';
    return {
      state: 'in doubt',
      reason: exemption.problem,
      owner: undefined,
      setter: undefined,
      until: undefined,
      note,
    };
  }
  const { reason, owner, until, setter } = exemption;
  const ended = exemption.state === 'expired';
  const effect = ended ? 'it is out of policy and not excused any more' : 'left alone until then';
  const note = isOpen
    ? effect
    : verdict.verdict === 'unknown'
      ? verdict.reason
      : 'there is nothing to excuse now';
  return { state: ended ? 'ended' : soon(until, now, withinMs), reason, owner, setter, until, note };
}
