import type { GroupIdentifier, NetworkInterface as ShownInterface } from '@aws-sdk/client-ec2';
import type { Fields } from '../listing.ts';
import type { Ec2State } from '../state.ts';
import type { NetworkInterface } from './model.ts';

/** Ids and names of groups, as EC2 lists them on interfaces and instances. */
export function showGroups(state: Ec2State, ids: readonly string[]): GroupIdentifier[] {
  return ids.map((id) => ({ GroupId: id, GroupName: state.groups.newest.get(id)?.name }));
}

/** A network interface as DescribeNetworkInterfaces shows it. */
export function showInterface(state: Ec2State, one: NetworkInterface): ShownInterface {
  const association = one.publicIp && {
    Association: {
      PublicIp: one.publicIp,
      IpOwnerId: one.elastic ? one.owner : 'amazon',
      PublicDnsName: '',
      ...(one.elastic && {
        AllocationId: one.elastic.allocationId,
        AssociationId: one.elastic.associationId,
      }),
    },
  };
  return {
    NetworkInterfaceId: one.id,
    OwnerId: one.owner,
    SubnetId: one.subnetId,
    VpcId: one.vpcId,
    AvailabilityZone: one.zone,
    AvailabilityZoneId: one.zoneId,
    Description: one.description,
    Groups: showGroups(state, one.groupIds),
    // The sandbox makes only interfaces whose types the SDK knows.
    InterfaceType: one.interfaceType as ShownInterface['InterfaceType'],
    MacAddress: one.macAddress,
    PrivateIpAddress: one.privateIp,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: one.privateIp, ...association }],
    Ipv6Addresses: [],
    RequesterManaged: one.requesterManaged,
    SourceDestCheck: one.sourceDestCheck,
    Status: one.attachment ? 'in-use' : 'available',
    TagSet: [...one.tags],
    ...association,
    ...(one.attachment && {
      Attachment: {
        AttachmentId: one.attachment.id,
        InstanceId: one.attachment.instanceId,
        InstanceOwnerId: one.owner,
        DeviceIndex: one.attachment.deviceIndex,
        DeleteOnTermination: one.attachment.deleteOnTermination,
        AttachTime: one.attachment.attachTime,
        Status: 'attached',
      },
    }),
  };
}

/** What DescribeNetworkInterfaces can filter by. */
export function interfaceFields(state: Ec2State): Fields<NetworkInterface> {
  return {
    'addresses.private-ip-address': (one) => [one.privateIp],
    'association.public-ip': (one) => [one.publicIp],
    'attachment.attachment-id': (one) => [one.attachment?.id],
    'attachment.device-index': (one) => [one.attachment && String(one.attachment.deviceIndex)],
    'attachment.instance-id': (one) => [one.attachment?.instanceId],
    'attachment.status': (one) => [one.attachment && 'attached'],
    'availability-zone': (one) => [one.zone],
    description: (one) => [one.description],
    'group-id': (one) => one.groupIds,
    'group-name': (one) => one.groupIds.map((id) => state.groups.newest.get(id)?.name),
    'interface-type': (one) => [one.interfaceType],
    'mac-address': (one) => [one.macAddress],
    'network-interface-id': (one) => [one.id],
    'owner-id': (one) => [one.owner],
    'private-ip-address': (one) => [one.privateIp],
    'requester-managed': (one) => [String(one.requesterManaged)],
    'source-dest-check': (one) => [String(one.sourceDestCheck)],
    status: (one) => [one.attachment ? 'in-use' : 'available'],
    'subnet-id': (one) => [one.subnetId],
    'vpc-id': (one) => [one.vpcId],
  };
}
