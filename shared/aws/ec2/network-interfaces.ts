import {
  DescribeNetworkInterfacesCommand,
  EC2Client,
  type Filter,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** The network interfaces that use any of these security groups, whatever service they belong to. */
export const interfacesOfGroups = verb(
  ['ec2:DescribeNetworkInterfaces'],
  (aws: Aws, groupIds: readonly string[]) =>
    filtered('group-id', groupIds, (filter) => collect(interfacePages(aws, filter))),
);

/** The network interfaces with these ids; those that do not exist are simply absent. */
export const interfacesById = verb(['ec2:DescribeNetworkInterfaces'], (aws: Aws, ids: readonly string[]) =>
  filtered('network-interface-id', ids, (filter) => collect(interfacePages(aws, filter))),
);

function interfacePages(aws: Aws, filter: Filter): AsyncIterable<readonly NetworkInterface[]> {
  return pages(async (token) => {
    const { NetworkInterfaces: items = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeNetworkInterfacesCommand({
        MaxResults: 1000,
        Filters: [filter],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}
