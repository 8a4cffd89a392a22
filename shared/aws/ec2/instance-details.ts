import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceStatusCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  type InstanceStatus,
  type InstanceTypeInfo,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** What these instance types are made of; by a filter, so that one that is not known here does not refuse the others. */
export const instanceTypes = verb(
  ['ec2:DescribeInstanceTypes'],
  async (aws: Aws, names: readonly string[]): Promise<readonly InstanceTypeInfo[]> => {
    const parts: (readonly InstanceTypeInfo[])[] = [];
    for (const values of chunks([...new Set(names)], 100)) {
      parts.push(await collect(typePages(aws, values)));
    }
    return parts.flat();
  },
);

function typePages(aws: Aws, names: readonly string[]): AsyncIterable<readonly InstanceTypeInfo[]> {
  return pages(async (token) => {
    const { InstanceTypes: items = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeInstanceTypesCommand({
        Filters: [{ Name: 'instance-type', Values: [...names] }],
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}

const EVENTS = [
  'instance-reboot',
  'system-reboot',
  'system-maintenance',
  'instance-retirement',
  'instance-stop',
];

/** The instances of the region for which AWS has planned, or just finished, an event. */
export const instancesWithEvents = verb(['ec2:DescribeInstanceStatus'], (aws: Aws) =>
  collect(
    pages<InstanceStatus>(async (token) => {
      const { InstanceStatuses: items = [], NextToken: next } = await aws.send(
        EC2Client,
        new DescribeInstanceStatusCommand({
          Filters: [{ Name: 'event.code', Values: EVENTS }],
          IncludeAllInstances: true,
          MaxResults: 1000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    }),
  ),
);

/** These Spot requests; those that do not exist are simply absent. */
export const spotRequestsById = verb(
  ['ec2:DescribeSpotInstanceRequests'],
  (aws: Aws, ids: readonly string[]): Promise<readonly SpotInstanceRequest[]> =>
    filtered('spot-instance-request-id', ids, async (filter) => {
      const { SpotInstanceRequests: requests = [] } = await aws.send(
        EC2Client,
        new DescribeSpotInstanceRequestsCommand({ Filters: [filter] }),
      );
      return requests;
    }),
);

/** Whether an instance may not be stopped (DisableApiStop): one call an instance, there is no other way to ask. */
export const isStopProtected = verb(
  ['ec2:DescribeInstanceAttribute'],
  async (aws: Aws, id: string): Promise<boolean> => {
    const { DisableApiStop: setting } = await aws.send(
      EC2Client,
      new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiStop' }),
    );
    // Without an answer it counts as protected.
    return setting?.Value !== false;
  },
);
