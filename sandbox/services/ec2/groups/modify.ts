import type {
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult,
  SecurityGroupRuleRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { checkId, invalidValue, KINDS, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { wrappedTrail } from '../wrapped-trail.ts';
import { findOwnGroup, meantGroup } from './find-group.ts';
import { checkQuota } from './quota.ts';
import { duplicate, type RuleContext, readPermission } from './read-rules.ts';
import { type Rule, type RuleDraft, ruleKey, type SecurityGroup } from './rule.ts';

/** Rewrites rules in place: their ids and tags stay, everything else is given anew. */
export const ModifySecurityGroupRules = ec2Operation<
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult
>(['GroupId', 'SecurityGroupRules'], {
  run(input, call) {
    const state = ec2State.of(call);
    const group = findOwnGroup(call, input.GroupId);
    const updates = readUpdates(input, group, { call, vpcId: group.vpcId });
    const rules = group.rules.map((rule) => updates.get(rule.id) ?? rule);
    for (const egress of [true, false]) {
      const side = rules.filter((rule) => rule.egress === egress);
      refuseTwins(side, updates);
      checkQuota(state, side);
    }
    state.groups.set(group.id, { ...group, rules });
    return { Return: true };
  },
  authorize: demands,
  trail: wrappedTrail('ModifySecurityGroupRules', { SecurityGroupRules: 'SecurityGroupRule' }),
});

function readUpdates(
  input: ModifySecurityGroupRulesRequest,
  group: SecurityGroup,
  context: RuleContext,
): ReadonlyMap<string, Rule> {
  if (!input.SecurityGroupRules?.length) throw missing('SecurityGroupRule');
  const updates = new Map<string, Rule>();
  for (const { SecurityGroupRuleId: id = '', SecurityGroupRule: wanted } of input.SecurityGroupRules) {
    checkId(id, KINDS.rule);
    const rule = group.rules.find((standing) => standing.id === id);
    if (!rule) throw new AwsError(KINDS.rule.notFound, KINDS.rule.says(id));
    if (updates.has(id))
      throw invalidValue(`The security group rule ID '${id}' must not appear multiple times`);
    if (!wanted) throw missing('SecurityGroupRule.SecurityGroupRule');
    const draft = readWanted(wanted, context);
    if (draft.peer.kind !== rule.peer.kind) {
      throw invalidValue(
        `The type of source or destination of security group rule '${id}' cannot be changed`,
      );
    }
    updates.set(id, { ...rule, ...draft });
  }
  return updates;
}

function readWanted(wanted: SecurityGroupRuleRequest, context: RuleContext): RuleDraft {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId, Description } = wanted;
  const [draft, ...more] = readPermission(
    {
      IpProtocol: wanted.IpProtocol,
      FromPort: wanted.FromPort,
      ToPort: wanted.ToPort,
      IpRanges: CidrIpv4 === undefined ? [] : [{ CidrIp: CidrIpv4, Description }],
      Ipv6Ranges: CidrIpv6 === undefined ? [] : [{ CidrIpv6, Description }],
      PrefixListIds: PrefixListId === undefined ? [] : [{ PrefixListId, Description }],
      UserIdGroupPairs: ReferencedGroupId === undefined ? [] : [{ GroupId: ReferencedGroupId, Description }],
    },
    context,
  );
  if (!draft || more.length > 0) {
    throw invalidValue(
      'Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified',
    );
  }
  return draft;
}

function refuseTwins(rules: readonly Rule[], updates: ReadonlyMap<string, Rule>): void {
  const keys = new Set<string>();
  for (const rule of [...rules].sort((a, b) => Number(updates.has(a.id)) - Number(updates.has(b.id)))) {
    if (keys.has(ruleKey(rule))) throw duplicate(rule);
    keys.add(ruleKey(rule));
  }
}

function demands(input: ModifySecurityGroupRulesRequest, call: Call): readonly Demand[] {
  const group = meantGroup(call, input.GroupId);
  const onRules = (input.SecurityGroupRules ?? []).map(({ SecurityGroupRuleId: id }) => {
    const rule = group?.rules.find((standing) => standing.id === id);
    const target = group && rule ? { id: rule.id, owner: group.owner, tags: rule.tags } : undefined;
    return onResource(call, 'security-group-rule', id, target);
  });
  return [onResource(call, 'security-group', input.GroupId, group), ...onRules];
}
