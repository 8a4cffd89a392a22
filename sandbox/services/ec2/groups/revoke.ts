import type {
  IpPermission,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupEgressResult,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { checkId, combination, KINDS, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { findOwnGroup, meantGroup } from './find-group.ts';
import { FLAT, requestedPermissions } from './flat-form.ts';
import { readPermission } from './read-rules.ts';
import { type Rule, type RuleDraft, ruleKey, type SecurityGroup } from './rule.ts';
import { showPermissions, showRevoked } from './show.ts';
import { trailOfRules } from './trail.ts';

/** Closes inbound rules, named by their ids or by their properties, never both. */
export const RevokeSecurityGroupIngress = ec2Operation<
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult
>([...FLAT, 'GroupId', 'GroupName', 'IpPermissions', 'SecurityGroupRuleIds'], {
  run: (input, call) => revoke(input, call, false),
  authorize: demands,
  trail: trailOfRules,
});

/** Closes outbound rules. */
export const RevokeSecurityGroupEgress = ec2Operation<
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupEgressResult
>(['GroupId', 'IpPermissions', 'SecurityGroupRuleIds'], {
  run: (input, call) => revoke(input, call, true),
  authorize: demands,
  trail: trailOfRules,
});

function revoke(input: RevokeSecurityGroupIngressRequest, call: Call, egress: boolean) {
  const state = ec2State.of(call);
  const group = findOwnGroup(call, input.GroupId, input.GroupName);
  const standing = group.rules.filter((rule) => rule.egress === egress);
  const permissions = requestedPermissions(input);
  const ids = input.SecurityGroupRuleIds ?? [];
  if (ids.length > 0 && permissions.length > 0) throw combination('SecurityGroupRuleIds', 'IpPermissions');
  if (ids.length === 0 && permissions.length === 0) throw missing('IpPermissions or SecurityGroupRuleIds');

  const { found, unknown } =
    ids.length > 0 ? byIds(standing, ids) : byProperties(standing, permissions, group, call);
  const gone = new Set(found.map((rule) => rule.id));
  if (gone.size > 0) {
    state.groups.set(group.id, { ...group, rules: group.rules.filter((rule) => !gone.has(rule.id)) });
  }
  return {
    Return: true,
    ...(unknown.length > 0 ? { UnknownIpPermissions: showPermissions(unknown) } : {}),
    RevokedSecurityGroupRules: found.map((rule) => showRevoked(group, rule)),
  };
}

function byIds(standing: readonly Rule[], ids: readonly string[]) {
  const byId = new Map(standing.map((rule) => [rule.id, rule]));
  const found = [...new Set(ids)].map((id) => {
    checkId(id, KINDS.rule);
    const rule = byId.get(id);
    if (!rule) throw new AwsError(KINDS.rule.notFound, KINDS.rule.says(id));
    return rule;
  });
  return { found, unknown: [] };
}

/** A default VPC lets mismatches pass and lists them; any other VPC refuses the whole call (EC2 API reference). */
function byProperties(
  standing: readonly Rule[],
  permissions: readonly IpPermission[],
  group: SecurityGroup,
  call: Call,
) {
  const byKey = new Map(standing.map((rule) => [ruleKey(rule), rule]));
  const drafts = permissions.flatMap((permission) => {
    const rules = readPermission(permission, { call, vpcId: group.vpcId });
    if (rules.length === 0) throw missing('IpPermissions.IpRanges');
    return rules;
  });
  const found = new Map<string, Rule>();
  const unknown: RuleDraft[] = [];
  for (const draft of drafts) {
    const rule = byKey.get(ruleKey(draft));
    if (rule) found.set(rule.id, rule);
    else unknown.push(draft);
  }
  const inDefaultVpc = ec2State.of(call).vpcs.newest.get(group.vpcId)?.isDefault ?? false;
  if (unknown.length > 0 && !inDefaultVpc) {
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  }
  return { found: [...found.values()], unknown };
}

function demands(input: RevokeSecurityGroupIngressRequest, call: Call): readonly Demand[] {
  const group = meantGroup(call, input.GroupId, input.GroupName);
  return [onResource(call, 'security-group', group?.id ?? input.GroupId, group)];
}
