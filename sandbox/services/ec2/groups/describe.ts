import type {
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  SecurityGroup as ShownGroup,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Arn } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { type Fields, filterBy, pageOf } from '../listing.ts';
import { checkId, KINDS } from '../refuse.ts';
import { type Ec2State, ec2State } from '../state.ts';
import type { Rule, SecurityGroup } from './rule.ts';
import { showPermissions, showRule } from './show.ts';

const LIMITS = { min: 5, max: 1000 };

/** Lists security groups by id, name, filters, or page by page. */
export const DescribeSecurityGroups = ec2Operation<
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult
>(['GroupIds', 'GroupNames', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    const { GroupIds: ids = [], GroupNames: names = [] } = input;
    const keep = filterBy(input.Filters, groupFields(state), (group) => group.tags);
    const used = ids.length > 0 ? 'GroupIds' : names.length > 0 ? 'GroupNames' : undefined;
    const page = pageOf(chosenGroups(state, ids, names).filter(keep), input, { ...LIMITS, ids: used });
    return { SecurityGroups: page.items.map((group) => showGroup(call, group)), NextToken: page.NextToken };
  },
});

function chosenGroups(state: Ec2State, ids: readonly string[], names: readonly string[]): SecurityGroup[] {
  const seen = state.groups.seen();
  if (ids.length === 0 && names.length === 0) return [...seen.values()];
  const chosen = new Set<SecurityGroup>();
  for (const id of ids) {
    checkId(id, KINDS.group);
    const group = seen.get(id);
    if (!group) throw new AwsError(KINDS.group.notFound, KINDS.group.says(id));
    chosen.add(group);
  }
  for (const name of names) {
    const vpcs = state.vpcs.seen();
    const group = [...seen.values()].find((one) => one.name === name && vpcs.get(one.vpcId)?.isDefault);
    if (!group) throw new AwsError(KINDS.group.notFound, KINDS.group.says(name));
    chosen.add(group);
  }
  return [...chosen];
}

/** A group as DescribeSecurityGroups shows it. */
function showGroup(call: Call, group: SecurityGroup): ShownGroup {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: group.owner,
    VpcId: group.vpcId,
    SecurityGroupArn: ec2Arn(call, 'security-group', group.id, group.owner),
    IpPermissions: showPermissions(group.rules.filter((rule) => !rule.egress)),
    IpPermissionsEgress: showPermissions(group.rules.filter((rule) => rule.egress)),
    Tags: [...group.tags],
  };
}

function groupFields(state: Ec2State): Fields<SecurityGroup> {
  return {
    description: (group) => [group.description],
    'group-id': (group) => [group.id],
    'group-name': (group) => [group.name],
    'owner-id': (group) => [group.owner],
    'vpc-id': (group) => [group.vpcId],
    ...ruleFields(state, 'ip-permission', false),
    ...ruleFields(state, 'egress.ip-permission', true),
  };
}

function ruleFields(state: Ec2State, prefix: string, egress: boolean): Fields<SecurityGroup> {
  const ofRules = (read: (rule: Rule) => string | undefined) => (group: SecurityGroup) =>
    group.rules.filter((rule) => rule.egress === egress).map(read);
  const port = (value: number) => (value === -1 ? undefined : String(value));
  return {
    [`${prefix}.cidr`]: ofRules(({ peer }) => (peer.kind === 'ipv4' ? peer.cidr : undefined)),
    [`${prefix}.ipv6-cidr`]: ofRules(({ peer }) => (peer.kind === 'ipv6' ? peer.cidr : undefined)),
    [`${prefix}.prefix-list-id`]: ofRules(({ peer }) => (peer.kind === 'prefix-list' ? peer.id : undefined)),
    [`${prefix}.group-id`]: ofRules(({ peer }) => (peer.kind === 'group' ? peer.id : undefined)),
    [`${prefix}.group-name`]: ofRules(({ peer }) =>
      peer.kind === 'group' ? state.groups.newest.get(peer.id)?.name : undefined,
    ),
    [`${prefix}.user-id`]: ofRules(({ peer }) => (peer.kind === 'group' ? peer.owner : undefined)),
    [`${prefix}.from-port`]: ofRules((rule) => port(rule.fromPort)),
    [`${prefix}.to-port`]: ofRules((rule) => port(rule.toPort)),
    [`${prefix}.protocol`]: ofRules((rule) => rule.protocol),
  };
}

interface Placed {
  readonly group: SecurityGroup;
  readonly rule: Rule;
  readonly serial: number;
}

const RULE_FIELDS: Fields<Placed> = {
  'group-id': ({ group }) => [group.id],
  'security-group-rule-id': ({ rule }) => [rule.id],
};

/** Lists rules, inbound and outbound, by id or filters, or page by page. */
export const DescribeSecurityGroupRules = ec2Operation<
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult
>(['SecurityGroupRuleIds', 'Filters', 'MaxResults', 'NextToken'], {
  run(input, call) {
    const state = ec2State.of(call);
    const ids = input.SecurityGroupRuleIds ?? [];
    const keep = filterBy(input.Filters, RULE_FIELDS, ({ rule }) => rule.tags);
    const placed = ids.length > 0 ? rulesById(state, ids) : placedRules(candidates(state, input.Filters));
    const page = pageOf(placed.filter(keep), input, {
      ...LIMITS,
      ids: ids.length > 0 ? 'SecurityGroupRuleIds' : undefined,
    });
    return {
      SecurityGroupRules: page.items.map(({ group, rule }) => showRule(call, group, rule)),
      NextToken: page.NextToken,
    };
  },
});

/** Groups that can match: the ones a plain `group-id` filter names, without walking all others. */
function candidates(
  state: Ec2State,
  filters: DescribeSecurityGroupRulesRequest['Filters'],
): Iterable<SecurityGroup> {
  const seen = state.groups.seen();
  const named = filters?.find((filter) => filter.Name === 'group-id')?.Values;
  if (!named || named.some((value) => /[*?\\]/.test(value))) return seen.values();
  return new Set(named.flatMap((id) => seen.get(id) ?? []));
}

function placedRules(groups: Iterable<SecurityGroup>): Placed[] {
  return [...groups].flatMap((group) => group.rules.map((rule) => ({ group, rule, serial: rule.serial })));
}

function rulesById(state: Ec2State, ids: readonly string[]): Placed[] {
  const seen = state.groups.seen();
  return [...new Set(ids)].map((id) => {
    checkId(id, KINDS.rule);
    const group = seen.get(state.ruleHomes.get(id) ?? '');
    const rule = group?.rules.find((one) => one.id === id);
    if (!group || !rule) throw new AwsError(KINDS.rule.notFound, KINDS.rule.says(id));
    return { group, rule, serial: rule.serial };
  });
}
