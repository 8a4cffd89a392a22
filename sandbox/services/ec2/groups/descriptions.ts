import type {
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { checkId, combination, KINDS, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { findOwnGroup, meantGroup } from './find-group.ts';
import { checkedDescription, readPermissions } from './read-rules.ts';
import { ruleKey } from './rule.ts';

/** Gives inbound rules new descriptions; a rule named without one loses its own. */
export const UpdateSecurityGroupRuleDescriptionsIngress = ec2Operation<
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult
>(['GroupId', 'GroupName', 'IpPermissions', 'SecurityGroupRuleDescriptions'], {
  run(input, call) {
    const group = findOwnGroup(call, input.GroupId, input.GroupName);
    const { IpPermissions: permissions = [], SecurityGroupRuleDescriptions: byId = [] } = input;
    if (permissions.length > 0 && byId.length > 0) {
      throw combination('SecurityGroupRuleDescriptions', 'IpPermissions');
    }
    if (permissions.length === 0 && byId.length === 0) throw missing('ipPermissions');

    const inbound = group.rules.filter((rule) => !rule.egress);
    const texts = new Map<string, string | undefined>();
    for (const draft of readPermissions(permissions, { call, vpcId: group.vpcId })) {
      const rule = inbound.find((standing) => ruleKey(standing) === ruleKey(draft));
      if (!rule) {
        throw new AwsError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      }
      texts.set(rule.id, draft.description);
    }
    for (const { SecurityGroupRuleId: id = '', Description } of byId) {
      checkId(id, KINDS.rule);
      if (!inbound.some((rule) => rule.id === id))
        throw new AwsError(KINDS.rule.notFound, KINDS.rule.says(id));
      texts.set(id, checkedDescription(Description));
    }
    const rules = group.rules.map((rule) =>
      texts.has(rule.id) ? { ...rule, description: texts.get(rule.id) } : rule,
    );
    ec2State.of(call).groups.set(group.id, { ...group, rules });
    return { Return: true };
  },
  authorize(input, call) {
    const group = meantGroup(call, input.GroupId, input.GroupName);
    return [onResource(call, 'security-group', group?.id ?? input.GroupId, group)];
  },
});
