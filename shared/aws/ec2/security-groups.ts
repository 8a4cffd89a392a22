import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type Filter,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { ahead } from '../../engine/parallel.ts';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

const MOST_A_PAGE = 1000;

/** All security groups of the region, a thousand a page, without the ids of their rules. */
export const listSecurityGroups = verb(['ec2:DescribeSecurityGroups'], (aws: Aws) =>
  ahead(groupPages(aws, [])),
);

/** The security groups with these ids; those that do not exist are simply absent. */
export const securityGroupsById = verb(['ec2:DescribeSecurityGroups'], (aws: Aws, ids: readonly string[]) =>
  filtered('group-id', ids, (filter) => collect(groupPages(aws, [filter]))),
);

/** The security groups that carry this tag, whatever its value. */
export const securityGroupsByTag = verb(['ec2:DescribeSecurityGroups'], (aws: Aws, key: string) =>
  collect(groupPages(aws, [{ Name: 'tag-key', Values: [key] }])),
);

/** The group of this name in the default VPC; refused with `InvalidGroup.NotFound` when there is none. */
export const securityGroupsByName = verb(
  ['ec2:DescribeSecurityGroups'],
  async (aws: Aws, name: string): Promise<readonly SecurityGroup[]> => {
    const { SecurityGroups: groups = [] } = await aws.send(
      EC2Client,
      new DescribeSecurityGroupsCommand({ GroupNames: [name] }),
    );
    return groups;
  },
);

/** Every rule of these groups, inbound and outbound, with id, description and tags. */
export const rulesOfGroups = verb(
  ['ec2:DescribeSecurityGroupRules'],
  async (aws: Aws, groupIds: readonly string[]): Promise<readonly SecurityGroupRule[]> => {
    const read = await filtered('group-id', groupIds, (filter) => collect(rulePages(aws, filter)));
    // A listing that had to begin again tells its first pages twice.
    return [...new Map(read.map((rule) => [rule.SecurityGroupRuleId, rule])).values()];
  },
);

function groupPages(aws: Aws, filters: readonly Filter[]): AsyncIterable<readonly SecurityGroup[]> {
  return pages(async (token) => {
    const { SecurityGroups: items = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeSecurityGroupsCommand({
        MaxResults: MOST_A_PAGE,
        ...(filters.length === 0 ? {} : { Filters: [...filters] }),
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}

function rulePages(aws: Aws, filter: Filter): AsyncIterable<readonly SecurityGroupRule[]> {
  return pages(async (token) => {
    const { SecurityGroupRules: items = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeSecurityGroupRulesCommand({
        MaxResults: MOST_A_PAGE,
        Filters: [filter],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}
