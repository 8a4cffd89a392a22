import {
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  EC2Client,
  type Filter,
  type NetworkAcl,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** All route tables of these VPCs, main ones included. */
export const routeTablesOfVpcs = verb(
  ['ec2:DescribeRouteTables'],
  (aws: Aws, vpcIds: readonly string[]): Promise<readonly RouteTable[]> =>
    filtered('vpc-id', vpcIds, (filter) =>
      collect(
        pages(async (token) => {
          const { RouteTables: items = [], NextToken: next } = await aws.send(
            EC2Client,
            new DescribeRouteTablesCommand({
              MaxResults: 100,
              Filters: [filter],
              ...(token === undefined ? {} : { NextToken: token }),
            }),
          );
          return { items, next };
        }),
      ),
    ),
);

/** The network ACLs of these subnets. */
export const aclsOfSubnets = verb(['ec2:DescribeNetworkAcls'], (aws: Aws, subnetIds: readonly string[]) =>
  filtered('association.subnet-id', subnetIds, (filter) => collect(aclPages(aws, filter))),
);

/** The network ACLs with these ids; those that do not exist are simply absent. */
export const aclsById = verb(['ec2:DescribeNetworkAcls'], (aws: Aws, ids: readonly string[]) =>
  filtered('network-acl-id', ids, (filter) => collect(aclPages(aws, filter))),
);

function aclPages(aws: Aws, filter: Filter): AsyncIterable<readonly NetworkAcl[]> {
  return pages(async (token) => {
    const { NetworkAcls: items = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeNetworkAclsCommand({
        MaxResults: 1000,
        Filters: [filter],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}

/**
 * Whether VPC Block Public Access shuts every VPC of the account in this region against inbound connections, without
 * an exclusion that lets some of them in again.
 */
export const isShutToInternet = verb(
  ['ec2:DescribeVpcBlockPublicAccessOptions', 'ec2:DescribeVpcBlockPublicAccessExclusions'],
  async (aws: Aws): Promise<boolean> => {
    const { VpcBlockPublicAccessOptions: options } = await aws.send(
      EC2Client,
      new DescribeVpcBlockPublicAccessOptionsCommand({}),
    );
    if ((options?.InternetGatewayBlockMode ?? 'off') === 'off') return false;
    if (options?.ExclusionsAllowed === 'not-allowed') return true;
    const { VpcBlockPublicAccessExclusions: exclusions = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeVpcBlockPublicAccessExclusionsCommand({ MaxResults: 100 }),
    );
    const over: readonly (string | undefined)[] = ['delete-complete', 'disable-complete', 'create-failed'];
    return next === undefined && exclusions.every(({ State }) => over.includes(State));
  },
);
