import type {
  IpPermission,
  Tag,
  SecurityGroup as ToldGroup,
  SecurityGroupRule as ToldRule,
} from '@aws-sdk/client-ec2';
import { formatArn } from '../../shared/aws/arn.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Rule, SecurityGroup, Source } from './rule.ts';

/** A group as DescribeSecurityGroups (or the AWS CLI's saved answer) tells it: rules without ids and tags. */
export function groupFrom(told: ToldGroup, place: Place, callerAddress?: string | undefined): SecurityGroup {
  const { GroupId: id = '', OwnerId: ownerId = place.account } = told;
  const { partition, region } = place;
  const resource = `security-group/${id}`;
  return {
    type: 'AWS::EC2::SecurityGroup',
    id,
    arn: formatArn({ partition, service: 'ec2', region, account: ownerId, resource }),
    name: told.GroupName,
    tags: tagsFrom(told.Tags),
    vpcId: told.VpcId,
    ownerId,
    ownedHere: ownerId === place.account,
    callerAddress,
    rules: (told.IpPermissions ?? []).flatMap(rulesFrom),
  };
}

/** A rule as DescribeSecurityGroupRules tells it. */
export function ruleFrom(told: ToldRule): Rule {
  return {
    id: told.SecurityGroupRuleId,
    protocol: told.IpProtocol ?? '',
    fromPort: told.FromPort,
    toPort: told.ToPort,
    source: sourceFrom(told),
    description: told.Description,
    tags: tagsFrom(told.Tags),
  };
}

function sourceFrom(told: ToldRule): Source {
  const cidr = told.CidrIpv4 ?? told.CidrIpv6;
  if (cidr !== undefined) return { kind: 'cidr', cidr };
  if (told.PrefixListId !== undefined) return { kind: 'prefix-list', id: told.PrefixListId };
  return { kind: 'security-group', id: told.ReferencedGroupInfo?.GroupId ?? '' };
}

function rulesFrom(permission: IpPermission): readonly Rule[] {
  const rule = (source: Source, description: string | undefined): Rule => ({
    id: undefined,
    protocol: permission.IpProtocol ?? '',
    fromPort: permission.FromPort,
    toPort: permission.ToPort,
    source,
    description,
    tags: new Map(),
  });
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  return [
    ...IpRanges.map(({ CidrIp = '', Description }) => rule({ kind: 'cidr', cidr: CidrIp }, Description)),
    ...Ipv6Ranges.map(({ CidrIpv6 = '', Description }) =>
      rule({ kind: 'cidr', cidr: CidrIpv6 }, Description),
    ),
    ...PrefixListIds.map(({ PrefixListId = '', Description }) =>
      rule({ kind: 'prefix-list', id: PrefixListId }, Description),
    ),
    ...UserIdGroupPairs.map(({ GroupId = '', Description }) =>
      rule({ kind: 'security-group', id: GroupId }, Description),
    ),
  ];
}

/** Tag keys are written by strangers: a Map keeps `__proto__` plain. */
export function tagsFrom(tags: readonly Tag[] = []): Tags {
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
