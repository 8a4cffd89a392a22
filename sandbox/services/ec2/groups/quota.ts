import { AwsError } from '../../../core/errors.ts';
import type { Ec2State } from '../state.ts';
import type { Rule, RuleDraft } from './rule.ts';

/** Rules per security group, for inbound and outbound and for IPv4 and IPv6 on their own (VPC quotas). */
export const RULES_PER_GROUP = 60;

/** Refuses a set of rules of one direction that is over the quota; a prefix list weighs its maximum of entries. */
export function checkQuota(state: Ec2State, rules: readonly (Rule | RuleDraft)[]): void {
  const weight = { ipv4: 0, ipv6: 0 };
  for (const { peer } of rules) {
    if (peer.kind === 'ipv4' || peer.kind === 'ipv6') weight[peer.kind] += 1;
    else if (peer.kind === 'group') {
      weight.ipv4 += 1;
      weight.ipv6 += 1;
    } else {
      const list = state.prefixLists.newest.get(peer.id);
      weight[list?.family === 'IPv6' ? 'ipv6' : 'ipv4'] += list?.weight ?? 1;
    }
  }
  if (Math.max(weight.ipv4, weight.ipv6) > RULES_PER_GROUP) {
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
}
