import {
  DescribeInstancesCommand,
  EC2Client,
  type Filter,
  type Instance,
  type Reservation,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** An instance with the launch that it came from: who owns it, and who asked for it. */
export interface Launched {
  readonly instance: Instance;
  readonly launch: Pick<Reservation, 'OwnerId' | 'RequesterId'>;
}

/** The instances with these ids; those that do not exist are simply absent. */
export const instancesById = verb(
  ['ec2:DescribeInstances'],
  async (aws: Aws, ids: readonly string[]): Promise<readonly Instance[]> =>
    (await launchedById(aws, ids)).map(({ instance }) => instance),
);

/** The same, with the launch of each. */
export const launchedById = verb(['ec2:DescribeInstances'], (aws: Aws, ids: readonly string[]) =>
  filtered('instance-id', ids, (filter) => collect(instancePages(aws, [filter]))),
);

/** All instances of the region but the terminated ones, a thousand a page. */
export const listInstances = verb(['ec2:DescribeInstances'], (aws: Aws) =>
  instancePages(aws, [
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ]),
);

function instancePages(aws: Aws, filters: readonly Filter[]): AsyncIterable<readonly Launched[]> {
  return pages(async (token) => {
    const { Reservations: reservations = [], NextToken: next } = await aws.send(
      EC2Client,
      new DescribeInstancesCommand({
        MaxResults: 1000,
        Filters: [...filters],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items: reservations.flatMap(launchedOf), next };
  });
}

function launchedOf({ Instances: instances = [], OwnerId, RequesterId }: Reservation): readonly Launched[] {
  const launch = {
    ...(OwnerId === undefined ? {} : { OwnerId }),
    ...(RequesterId === undefined ? {} : { RequesterId }),
  };
  return instances.map((instance) => ({ instance, launch }));
}
