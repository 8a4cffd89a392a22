import { AwsError } from '../../../core/errors.ts';

import { ipv4At, ipv4Span } from '../cidr.ts';
import { groupsFor } from '../groups/find-group.ts';
import type { Subnet } from '../network/model.ts';
import { type Ec2State, ec2State, newResource, type Place, type Tag } from '../state.ts';
import type { NetworkInterface } from './model.ts';

export interface InterfaceWish {
  readonly subnet: Subnet;
  /** Default: the VPC's default group. */
  readonly groupIds?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly Tag[];
  readonly publicIp?: boolean;
  readonly attachment?: NetworkInterface['attachment'];
  /** Whatever else is to be different. */
  readonly more?: Partial<NetworkInterface>;
}

/** A network interface with the next free address of its subnet. */
export function layInterface(call: Place, wish: InterfaceWish): NetworkInterface {
  const state = ec2State.of(call);
  const { subnet } = wish;
  const groupIds = wish.groupIds?.length
    ? groupsFor(call, wish.groupIds, subnet.vpcId)
    : [defaultGroupId(state, subnet.vpcId)];
  const made: NetworkInterface = {
    ...newResource(state, 'eni', call.account, wish.tags),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    zoneId: subnet.zoneId,
    description: wish.description ?? '',
    groupIds,
    privateIp: nextAddress(state, subnet),
    macAddress: `02:${(call.world.random.hex(10).match(/../g) ?? []).join(':')}`,
    interfaceType: 'interface',
    requesterManaged: false,
    sourceDestCheck: true,
    ...(wish.publicIp ? { publicIp: newPublicIp(state) } : {}),
    ...(wish.attachment ? { attachment: wish.attachment } : {}),
    ...wish.more,
  };
  state.interfaces.set(made.id, made);
  return made;
}

/** A public IPv4 address that nothing had before. */
export function newPublicIp(state: Ec2State): string {
  return ipv4At('3.248.0.0/13', state.nextSerial());
}

/** The id of a VPC's `default` group. */
export function defaultGroupId(state: Ec2State, vpcId: string): string {
  const group = [...state.groups.newest.values()].find(
    (one) => one.vpcId === vpcId && one.name === 'default',
  );
  if (!group)
    throw new AwsError(
      'InvalidGroup.NotFound',
      `The security group 'default' does not exist in VPC '${vpcId}'`,
    );
  return group.id;
}

/** How many interfaces still fit into a subnet: AWS keeps five addresses of each for itself. */
export function freeAddresses(state: Ec2State, subnet: Subnet): number {
  return ipv4Span(subnet.cidr).size - 5 - takenIn(state, subnet).size;
}

/** `InsufficientFreeAddressesInSubnet` in AWS's words. */
export function subnetFull(subnet: Subnet): AwsError {
  const message = `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`;
  return new AwsError('InsufficientFreeAddressesInSubnet', message);
}

function takenIn(state: Ec2State, subnet: Subnet): ReadonlySet<string> {
  const inside = [...state.interfaces.newest.values()].filter((one) => one.subnetId === subnet.id);
  return new Set(inside.map((one) => one.privateIp));
}

/** Counts up through fresh addresses, then takes what others gave back. The first is the subnet's fifth. */
function nextAddress(state: Ec2State, subnet: Subnet): string {
  const usable = ipv4Span(subnet.cidr).size - 5;
  const used = state.addressesUsed.get(subnet.id) ?? 0;
  if (used < usable) {
    state.addressesUsed.set(subnet.id, used + 1);
    return ipv4At(subnet.cidr, used + 4);
  }
  const taken = takenIn(state, subnet);
  for (let index = 0; index < usable; index += 1) {
    const address = ipv4At(subnet.cidr, index + 4);
    if (!taken.has(address)) return address;
  }
  throw subnetFull(subnet);
}
