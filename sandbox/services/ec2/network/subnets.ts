import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  Subnet as ShownSubnet,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { canonicalIpv4, ipv4Contains, ipv4Overlaps, prefixLength } from '../cidr.ts';
import { ec2Arn, onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { freeAddresses } from '../instances/lay-interface.ts';
import { filterBy, pageOf } from '../listing.ts';
import { dependency, invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { type Ec2State, ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { zonesOf } from '../zones.ts';
import { laySubnet } from './default-network.ts';
import type { Subnet } from './model.ts';

/** Makes a subnet of /16 to /28 inside its VPC's block, apart from its other subnets. */
export const CreateSubnet = ec2Operation<CreateSubnetRequest, CreateSubnetResult>(
  ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId', 'TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const vpc = resolve(state.vpcs.newest, input.VpcId, KINDS.vpc, 'VpcId');
      if (!input.CidrBlock) throw missing('cidrBlock');
      const cidr = canonicalIpv4(input.CidrBlock);
      if (prefixLength(cidr) < 16 || prefixLength(cidr) > 28 || !ipv4Contains(vpc.cidr, cidr)) {
        throw new AwsError('InvalidSubnet.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
      }
      for (const other of state.subnets.newest.values()) {
        if (other.vpcId === vpc.id && ipv4Overlaps(other.cidr, cidr)) {
          const message = `The CIDR '${input.CidrBlock}' conflicts with another subnet`;
          throw new AwsError('InvalidSubnet.Conflict', message);
        }
      }
      const zone = zoneFor(input, call);
      const tags = tagsFor(input.TagSpecifications, 'subnet');
      const made = laySubnet(state, call.account, {
        vpcId: vpc.id,
        cidr,
        zone: zone.name,
        zoneId: zone.id,
        defaultForAz: false,
        mapPublicIp: false,
        tags,
      });
      return { Subnet: showSubnet(call, made) };
    },
    authorize: (input, call) => [
      ...onCreated(call, 'subnet', input.TagSpecifications),
      onResource(call, 'vpc', input.VpcId, ec2State.of(call).vpcs.newest.get(input.VpcId ?? '')),
    ],
    trail: (input) => trailOfCreation(input),
  },
);

function zoneFor({ AvailabilityZone: name, AvailabilityZoneId: id }: CreateSubnetRequest, call: Call) {
  const zones = zonesOf(call);
  const zone = zones.find((one) => (name ? one.name === name : id ? one.id === id : true));
  if (!zone) {
    const allowed = zones.map((one) => one.name).join(', ');
    throw invalidValue(
      `Value (${name ?? id}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${allowed}.`,
    );
  }
  return zone;
}

/** Lists subnets with the addresses they have left. */
export const DescribeSubnets = ec2Operation<DescribeSubnetsRequest, DescribeSubnetsResult>(
  ['SubnetIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const keep = filterBy<Subnet>(
        input.Filters,
        {
          'availability-zone': (subnet) => [subnet.zone],
          'availability-zone-id': (subnet) => [subnet.zoneId],
          'cidr-block': (subnet) => [subnet.cidr],
          'default-for-az': (subnet) => [String(subnet.defaultForAz)],
          'map-public-ip-on-launch': (subnet) => [String(subnet.mapPublicIp)],
          'owner-id': (subnet) => [subnet.owner],
          state: () => ['available'],
          'subnet-id': (subnet) => [subnet.id],
          'vpc-id': (subnet) => [subnet.vpcId],
        },
        (subnet) => subnet.tags,
      );
      const found = chosen(ec2State.of(call).subnets.seen(), input.SubnetIds, KINDS.subnet).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 1000, ids: input.SubnetIds && 'SubnetIds' });
      return { Subnets: page.items.map((subnet) => showSubnet(call, subnet)), NextToken: page.NextToken };
    },
  },
);

/** Deletes a subnet in which nothing runs. */
export const DeleteSubnet = ec2Operation<DeleteSubnetRequest, object>(['SubnetId'], {
  run(input, call) {
    const state = ec2State.of(call);
    const subnet = resolve(state.subnets.newest, input.SubnetId, KINDS.subnet, 'SubnetId');
    if (interfacesIn(state, subnet.id) > 0) {
      throw dependency(`The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
    }
    for (const table of state.routeTables.newest.values()) {
      const associations = table.associations.filter((one) => one.subnetId !== subnet.id);
      if (associations.length < table.associations.length)
        state.routeTables.set(table.id, { ...table, associations });
    }
    for (const acl of state.acls.newest.values()) {
      const associations = acl.associations.filter((one) => one.subnetId !== subnet.id);
      if (associations.length < acl.associations.length) state.acls.set(acl.id, { ...acl, associations });
    }
    state.subnets.delete(subnet.id);
    return {};
  },
  authorize: (input, call) => [
    onResource(call, 'subnet', input.SubnetId, ec2State.of(call).subnets.newest.get(input.SubnetId ?? '')),
  ],
});

function interfacesIn(state: Ec2State, subnetId: string): number {
  return [...state.interfaces.newest.values()].filter((one) => one.subnetId === subnetId).length;
}

function showSubnet(call: Call, subnet: Subnet): ShownSubnet {
  return {
    SubnetId: subnet.id,
    SubnetArn: ec2Arn(call, 'subnet', subnet.id, subnet.owner),
    OwnerId: subnet.owner,
    VpcId: subnet.vpcId,
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: freeAddresses(ec2State.of(call), subnet),
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    DefaultForAz: subnet.defaultForAz,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    AssignIpv6AddressOnCreation: false,
    State: 'available',
    Tags: [...subnet.tags],
  };
}
