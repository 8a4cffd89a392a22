import { DescribeInstancesCommand, EC2Client, type Filter, type Instance } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** The instances with these ids; those that do not exist are simply absent. */
export const instancesById = verb(['ec2:DescribeInstances'], (aws: Aws, ids: readonly string[]) =>
  filtered('instance-id', ids, (filter) => collect(instancePages(aws, filter))),
);

function instancePages(aws: Aws, filter: Filter): AsyncIterable<readonly Instance[]> {
  return pages(async (token) => {
    const { Reservations: reservations = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeInstancesCommand({
        MaxResults: 1000,
        Filters: [filter],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items: reservations.flatMap(({ Instances: instances = [] }) => instances), next };
  });
}
