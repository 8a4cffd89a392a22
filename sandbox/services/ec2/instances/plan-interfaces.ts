import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { refuseUnknown } from '../ec2-operation.ts';
import { defaultVpcId, findGroup, groupsFor } from '../groups/find-group.ts';
import type { Subnet } from '../network/model.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { zonesOf } from '../zones.ts';
import { freeAddresses, subnetFull } from './lay-interface.ts';

const INTERFACE = [
  'AssociatePublicIpAddress',
  'DeleteOnTermination',
  'Description',
  'DeviceIndex',
  'Groups',
  'SubnetId',
];

/** An interface that every launched instance gets; its groups are known to exist. */
export interface PlannedInterface {
  readonly subnet: Subnet;
  readonly groupIds: readonly string[] | undefined;
  readonly publicIp: boolean;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly description: string | undefined;
}

/** Where each interface goes and which groups it carries: from NetworkInterfaces, or from the request's top level. */
export function interfaceWishes(
  input: RunInstancesRequest,
  call: Call,
): readonly [PlannedInterface, ...PlannedInterface[]] {
  const specified = input.NetworkInterfaces ?? [];
  if (specified.length === 0) {
    const subnet = subnetFor(input.SubnetId, call, input.Placement?.AvailabilityZone);
    const named = (input.SecurityGroups ?? []).map(
      (name) => findGroup(call, undefined, name, subnet.vpcId).id,
    );
    return [plan({ Groups: [...(input.SecurityGroupIds ?? []), ...named] }, subnet, call)];
  }
  for (const outer of ['SubnetId', 'SecurityGroupIds', 'SecurityGroups'] as const) {
    const given = input[outer];
    if (given !== undefined && given.length > 0) {
      const message = `Network interfaces and an instance-level ${outer === 'SubnetId' ? 'subnet ID' : 'security groups'} may not be specified on the same request`;
      throw new AwsError('InvalidParameterCombination', message);
    }
  }
  const planned = specified.map((specification) => {
    refuseUnknown(specification, INTERFACE, 'NetworkInterfaces.');
    return plan(
      specification,
      subnetFor(specification.SubnetId, call, input.Placement?.AvailabilityZone),
      call,
    );
  });
  const [primary, ...others] = planned.sort((a, b) => a.deviceIndex - b.deviceIndex);
  if (!primary) throw missing('NetworkInterfaces');
  return [primary, ...others];
}

/** How many instances with these interfaces fit into their subnets; fewer than `min` is refused. */
export function fitting(call: Call, planned: readonly PlannedInterface[], min: number, max: number): number {
  const state = ec2State.of(call);
  const perSubnet = Map.groupBy(planned, (one) => one.subnet);
  let count = max;
  for (const [subnet, { length }] of perSubnet) {
    count = Math.min(count, Math.floor(freeAddresses(state, subnet) / length));
    if (count < min) throw subnetFull(subnet);
  }
  return count;
}

function plan(wish: InstanceNetworkInterfaceSpecification, subnet: Subnet, call: Call): PlannedInterface {
  return {
    subnet,
    groupIds: wish.Groups && groupsFor(call, wish.Groups, subnet.vpcId),
    publicIp: wish.AssociatePublicIpAddress ?? subnet.mapPublicIp,
    deviceIndex: wish.DeviceIndex ?? 0,
    deleteOnTermination: wish.DeleteOnTermination ?? true,
    description: wish.Description,
  };
}

function subnetFor(id: string | undefined, call: Call, zone: string | undefined): Subnet {
  const state = ec2State.of(call);
  if (zone !== undefined && !zonesOf(call).some(({ name }) => name === zone)) {
    throw invalidValue(`Invalid availability zone: [${zone}]`);
  }
  if (id) {
    const subnet = resolve(state.subnets.newest, id, KINDS.subnet, 'SubnetId');
    if (zone === undefined || zone === subnet.zone) return subnet;
    throw invalidValue(`The availability zone '${zone}' is not that of the subnet '${id}'.`);
  }
  const vpcId = defaultVpcId(state);
  const first = [...state.subnets.newest.values()].find(
    (subnet) => subnet.vpcId === vpcId && subnet.defaultForAz && (!zone || subnet.zone === zone),
  );
  if (!first)
    throw new AwsError('MissingInput', 'No subnets found for the default VPC. Please specify a subnet.');
  return first;
}
