import type { IpPermission, RevokeSecurityGroupIngressRequest, TagSpecification } from '@aws-sdk/client-ec2';
import type { TrailDetail } from '../../../core/service.ts';

type Items = { readonly items?: readonly unknown[] };

/**
 * CloudTrail's request parameters of Authorize… and Revoke…: what was sent, in lower camel, empty lists as `{}`; the
 * flat form stays at the top level beside an empty `ipPermissions`.
 */
export function trailOfRules(input: RevokeSecurityGroupIngressRequest): TrailDetail {
  const { GroupId, GroupName, CidrIp, FromPort, ToPort, IpProtocol } = input;
  const ids = input.SecurityGroupRuleIds?.map((securityGroupRuleId) => ({ securityGroupRuleId }));
  return {
    request: defined({
      groupId: GroupId,
      groupName: GroupName,
      ipProtocol: IpProtocol,
      fromPort: FromPort,
      toPort: ToPort,
      cidrIp: CidrIp,
      sourceSecurityGroupName: input.SourceSecurityGroupName,
      sourceSecurityGroupOwnerId: input.SourceSecurityGroupOwnerId,
      ipPermissions: items((input.IpPermissions ?? []).map(permission)),
      securityGroupRuleIds: ids && items(ids),
    }),
  };
}

function permission(given: IpPermission) {
  return defined({
    ipProtocol: given.IpProtocol,
    fromPort: given.FromPort,
    toPort: given.ToPort,
    groups: items(
      (given.UserIdGroupPairs ?? []).map((pair) =>
        defined({
          userId: pair.UserId,
          groupId: pair.GroupId,
          groupName: pair.GroupName,
          vpcId: pair.VpcId,
          description: pair.Description,
        }),
      ),
    ),
    ipRanges: items(
      (given.IpRanges ?? []).map((range) =>
        defined({ cidrIp: range.CidrIp, description: range.Description }),
      ),
    ),
    ipv6Ranges: items(
      (given.Ipv6Ranges ?? []).map((range) =>
        defined({ cidrIpv6: range.CidrIpv6, description: range.Description }),
      ),
    ),
    prefixListIds: items(
      (given.PrefixListIds ?? []).map((list) =>
        defined({ prefixListId: list.PrefixListId, description: list.Description }),
      ),
    ),
  });
}

/** CloudTrail writes a list as `{ items: […] }` and an empty one as `{}`. */
export function items(list: readonly unknown[]): Items {
  return list.length > 0 ? { items: list } : {};
}

/** Without the members that were not given. */
export function defined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** One member of CloudTrail's `tagSpecificationSet`. */
export function trailTags({ ResourceType, Tags = [] }: TagSpecification) {
  return { resourceType: ResourceType, tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) };
}

/**
 * CloudTrail's request parameters of a call that makes something: its plain members in lower camel (some under older
 * names), and the tags that it brings in `tagSpecificationSet`.
 */
export function trailOfCreation(
  input: object & { readonly TagSpecifications?: readonly TagSpecification[] | undefined },
  names: Readonly<Record<string, string>> = {},
): TrailDetail & { request: Record<string, unknown> } {
  const plain = Object.entries(input).flatMap(([name, value]) =>
    value === undefined || typeof value === 'object' || name === 'DryRun'
      ? []
      : [[names[name] ?? name.charAt(0).toLowerCase() + name.slice(1), value] as const],
  );
  const tags = input.TagSpecifications;
  return {
    request: {
      ...Object.fromEntries(plain),
      ...(tags?.length && { tagSpecificationSet: items(tags.map(trailTags)) }),
    },
  };
}
