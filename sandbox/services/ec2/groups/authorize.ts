import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult,
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
} from '@aws-sdk/client-ec2';
import type { Call, Demand } from '../../../core/service.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { invalidValue, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { findOwnGroup, meantGroup } from './find-group.ts';
import { FLAT, missingSource, requestedPermissions } from './flat-form.ts';
import { checkQuota } from './quota.ts';
import { duplicate, type RuleContext, readPermission } from './read-rules.ts';
import { newRule, type RuleDraft, ruleKey } from './rule.ts';
import { showRule } from './show.ts';
import { trailOfRules } from './trail.ts';

/** Opens inbound rules: all of the request's, or none. */
export const AuthorizeSecurityGroupIngress = ec2Operation<
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult
>([...FLAT, 'GroupId', 'GroupName', 'IpPermissions', 'TagSpecifications'], {
  run: (input, call) => authorize(input, call, false),
  authorize: demands,
  trail: trailOfRules,
});

/** Opens outbound rules; only the IpPermissions form exists for them. */
export const AuthorizeSecurityGroupEgress = ec2Operation<
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult
>(['GroupId', 'IpPermissions', 'TagSpecifications'], {
  run: (input, call) => authorize(input, call, true),
  authorize: demands,
  trail: trailOfRules,
});

function authorize(input: AuthorizeSecurityGroupIngressRequest, call: Call, egress: boolean) {
  const state = ec2State.of(call);
  const group = findOwnGroup(call, input.GroupId, input.GroupName);
  const tags = tagsFor(input.TagSpecifications, 'security-group-rule');
  const drafts = readNewRules(input, { call, vpcId: group.vpcId });

  const standing = group.rules.filter((rule) => rule.egress === egress);
  const keys = new Set(standing.map(ruleKey));
  for (const draft of drafts) if (keys.has(ruleKey(draft))) throw duplicate(draft);
  checkQuota(state, [...standing, ...drafts]);

  const added = drafts.map((draft) => newRule(state, draft, egress, tags));
  for (const rule of added) state.ruleHomes.set(rule.id, group.id);
  state.groups.set(group.id, { ...group, rules: [...group.rules, ...added] });
  return { Return: true, SecurityGroupRules: added.map((rule) => showRule(call, group, rule)) };
}

function readNewRules(input: AuthorizeSecurityGroupIngressRequest, context: RuleContext): RuleDraft[] {
  const permissions = requestedPermissions(input);
  if (permissions.length === 0) throw missing('ipPermissions');
  const drafts = permissions.flatMap((permission) => {
    const rules = readPermission(permission, context);
    if (rules.length === 0) throw missingSource();
    return rules;
  });
  if (new Set(drafts.map(ruleKey)).size < drafts.length) {
    throw invalidValue('The same permission must not appear multiple times');
  }
  return drafts;
}

function demands(input: AuthorizeSecurityGroupIngressRequest, call: Call): readonly Demand[] {
  const group = meantGroup(call, input.GroupId, input.GroupName);
  const onGroup = onResource(call, 'security-group', group?.id ?? input.GroupId, group);
  const tagged = (input.TagSpecifications ?? []).some((spec) => spec.Tags?.length);
  return tagged ? [onGroup, ...onCreated(call, 'security-group-rule', input.TagSpecifications)] : [onGroup];
}
