import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ipv4At, ipv4Span } from '../cidr.ts';
import { groupsFor } from '../groups/find-group.ts';
import type { Subnet } from '../network/model.ts';
import { type Ec2State, ec2State, newResource, type Tag } from '../state.ts';
import type { NetworkInterface } from './model.ts';

export interface InterfaceWish {
  readonly subnet: Subnet;
  /** Default: the VPC's default group. */
  readonly groupIds?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly Tag[];
  readonly publicIp?: boolean;
  readonly attachment?: NetworkInterface['attachment'];
}

/** A network interface with the next free address of its subnet. */
export function layInterface(call: Call, wish: InterfaceWish): NetworkInterface {
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

/** AWS keeps the first four addresses and the last. */
function nextAddress(state: Ec2State, subnet: Subnet): string {
  const used = state.addressesUsed.get(subnet.id) ?? 0;
  if (used >= ipv4Span(subnet.cidr).size - 5) {
    const message = `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`;
    throw new AwsError('InsufficientFreeAddressesInSubnet', message);
  }
  state.addressesUsed.set(subnet.id, used + 1);
  return ipv4At(subnet.cidr, used + 4);
}
