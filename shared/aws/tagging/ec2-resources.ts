import {
  type Address,
  DescribeAddressesCommand,
  type DescribeAddressesCommandOutput,
  DescribeImagesCommand,
  type DescribeImagesCommandOutput,
  DescribeNatGatewaysCommand,
  type DescribeNatGatewaysCommandOutput,
  DescribeNetworkInterfacesCommand,
  type DescribeNetworkInterfacesCommandOutput,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandOutput,
  DescribeSubnetsCommand,
  type DescribeSubnetsCommandOutput,
  DescribeVolumesCommand,
  type DescribeVolumesCommandOutput,
  DescribeVpcsCommand,
  type DescribeVpcsCommandOutput,
  EC2Client,
  type Filter,
  type Image,
  type NatGateway,
  type NetworkInterface,
  type Snapshot,
  type Subnet,
  type Volume,
  type Vpc,
} from '@aws-sdk/client-ec2';
import { type Aws, type Command, type Verb, verb } from '../access.ts';
import { filtered } from '../ec2/filtered.ts';
import { collect, pages } from '../pages.ts';

/** All resources of a type in the region with their tags, a thousand a page, or those with these ids. */
export interface Resources<T> {
  readonly list: Verb<(aws: Aws) => AsyncIterable<readonly T[]>>;
  /** Those that do not exist are simply absent. */
  readonly byId: Verb<(aws: Aws, ids: readonly string[]) => Promise<readonly T[]>>;
  /** Those that are attached to these instances, where that is known of the type. */
  readonly ofInstances?: Verb<(aws: Aws, ids: readonly string[]) => Promise<readonly T[]>>;
}

interface Paged {
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: Filter[];
}

function resources<O extends { readonly NextToken?: string | undefined }, T>(
  right: string,
  filterName: string,
  command: (asked: Paged) => Command<O>,
  itemsOf: (answer: O) => readonly T[] | undefined,
  instanceFilter?: string,
): Resources<T> {
  const read = (aws: Aws, filter?: Filter): AsyncIterable<readonly T[]> =>
    pages(async (token) => {
      const answer = await aws.send(
        EC2Client,
        command({
          MaxResults: 1000,
          ...(filter === undefined ? {} : { Filters: [filter] }),
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items: itemsOf(answer) ?? [], next: answer.NextToken };
    });
  const by = (name: string) =>
    verb([right], (aws: Aws, ids: readonly string[]) =>
      filtered(name, ids, (filter) => collect(read(aws, filter))),
    );
  return {
    list: verb([right], (aws: Aws) => read(aws)),
    byId: by(filterName),
    ...(instanceFilter === undefined ? {} : { ofInstances: by(instanceFilter) }),
  };
}

export const volumes = resources<DescribeVolumesCommandOutput, Volume>(
  'ec2:DescribeVolumes',
  'volume-id',
  (asked) => new DescribeVolumesCommand(asked),
  ({ Volumes }) => Volumes,
  'attachment.instance-id',
);

/** The account's own: everybody's public ones are visible too. */
export const snapshots = resources<DescribeSnapshotsCommandOutput, Snapshot>(
  'ec2:DescribeSnapshots',
  'snapshot-id',
  (asked) => new DescribeSnapshotsCommand({ ...asked, OwnerIds: ['self'] }),
  ({ Snapshots }) => Snapshots,
);

/** The account's own. */
export const images = resources<DescribeImagesCommandOutput, Image>(
  'ec2:DescribeImages',
  'image-id',
  (asked) => new DescribeImagesCommand({ ...asked, Owners: ['self'] }),
  ({ Images }) => Images,
);

export const networkInterfaces = resources<DescribeNetworkInterfacesCommandOutput, NetworkInterface>(
  'ec2:DescribeNetworkInterfaces',
  'network-interface-id',
  (asked) => new DescribeNetworkInterfacesCommand(asked),
  ({ NetworkInterfaces }) => NetworkInterfaces,
  'attachment.instance-id',
);

/** EC2 tells all addresses at once; there are few. */
export const addresses = resources<DescribeAddressesCommandOutput & { NextToken?: string }, Address>(
  'ec2:DescribeAddresses',
  'allocation-id',
  ({ Filters }) => new DescribeAddressesCommand(Filters === undefined ? {} : { Filters }),
  ({ Addresses }) => Addresses,
);

export const natGateways = resources<DescribeNatGatewaysCommandOutput, NatGateway>(
  'ec2:DescribeNatGateways',
  'nat-gateway-id',
  ({ Filters, ...asked }) =>
    new DescribeNatGatewaysCommand({ ...asked, ...(Filters === undefined ? {} : { Filter: Filters }) }),
  ({ NatGateways }) => NatGateways,
);

export const vpcs = resources<DescribeVpcsCommandOutput, Vpc>(
  'ec2:DescribeVpcs',
  'vpc-id',
  (asked) => new DescribeVpcsCommand(asked),
  ({ Vpcs }) => Vpcs,
);

export const subnets = resources<DescribeSubnetsCommandOutput, Subnet>(
  'ec2:DescribeSubnets',
  'subnet-id',
  (asked) => new DescribeSubnetsCommand(asked),
  ({ Subnets }) => Subnets,
);
