import type { IpPermission, RevokedSecurityGroupRule, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { ec2Arn } from '../demands.ts';
import type { Rule, RuleFacts, SecurityGroup } from './rule.ts';

/** A rule as DescribeSecurityGroupRules shows it. */
export function showRule(call: Call, group: SecurityGroup, rule: Rule): SecurityGroupRule {
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    GroupOwnerId: group.owner,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(peer.kind === 'ipv4' ? { CidrIpv4: peer.cidr } : {}),
    ...(peer.kind === 'ipv6' ? { CidrIpv6: peer.cidr } : {}),
    ...(peer.kind === 'prefix-list' ? { PrefixListId: peer.id } : {}),
    ...(peer.kind === 'group'
      ? { ReferencedGroupInfo: { GroupId: peer.id, UserId: peer.owner, VpcId: peer.vpcId } }
      : {}),
    Description: rule.description,
    Tags: [...rule.tags],
    SecurityGroupRuleArn: ec2Arn(call, 'security-group-rule', rule.id, group.owner),
  };
}

/** A rule as the answer of a revoke lists it. */
export function showRevoked(group: SecurityGroup, rule: Rule): RevokedSecurityGroupRule {
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(peer.kind === 'ipv4' ? { CidrIpv4: peer.cidr } : {}),
    ...(peer.kind === 'ipv6' ? { CidrIpv6: peer.cidr } : {}),
    ...(peer.kind === 'prefix-list' ? { PrefixListId: peer.id } : {}),
    ...(peer.kind === 'group' ? { ReferencedGroupId: peer.id } : {}),
    Description: rule.description,
  };
}

type Permission = Required<
  Pick<IpPermission, 'UserIdGroupPairs' | 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds'>
> &
  IpPermission;

/** Rules folded the way DescribeSecurityGroups shows them: one permission for each protocol and port range. */
export function showPermissions(
  rules: readonly (RuleFacts & { description?: string | undefined })[],
): IpPermission[] {
  const folded = new Map<string, Permission>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort}-${rule.toPort}`;
    const permission = folded.get(key) ?? emptyPermission(rule);
    folded.set(key, permission);
    addPeer(permission, rule);
  }
  return [...folded.values()];
}

function emptyPermission(rule: RuleFacts): Permission {
  const hasPorts = ['tcp', 'udp', 'icmp', 'icmpv6'].includes(rule.protocol);
  return {
    IpProtocol: rule.protocol,
    ...(hasPorts ? { FromPort: rule.fromPort, ToPort: rule.toPort } : {}),
    UserIdGroupPairs: [],
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
  };
}

function addPeer(
  permission: Permission,
  { peer, description: Description }: RuleFacts & { description?: string | undefined },
): void {
  if (peer.kind === 'ipv4') permission.IpRanges?.push({ CidrIp: peer.cidr, Description });
  else if (peer.kind === 'ipv6') permission.Ipv6Ranges?.push({ CidrIpv6: peer.cidr, Description });
  else if (peer.kind === 'prefix-list')
    permission.PrefixListIds?.push({ PrefixListId: peer.id, Description });
  else
    permission.UserIdGroupPairs?.push({
      GroupId: peer.id,
      UserId: peer.owner,
      VpcId: peer.vpcId,
      Description,
    });
}
