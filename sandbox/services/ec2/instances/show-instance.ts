import type {
  Reservation,
  Instance as ShownInstance,
  InstanceState as ShownState,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import type { Fields } from '../listing.ts';
import { type Ec2State, ec2State } from '../state.ts';
import type { Instance, InstanceState, NetworkInterface } from './model.ts';
import { showGroups, showInterface } from './show-interface.ts';

const CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** `{ Code: 16, Name: 'running' }` */
export function showState(state: InstanceState): ShownState {
  return { Code: CODES[state], Name: state };
}

function interfacesOf(state: Ec2State, instance: Instance): readonly NetworkInterface[] {
  const seen = state.interfaces.seen();
  return instance.interfaceIds.flatMap((id) => seen.get(id) ?? []);
}

/** Instances of one launch, as DescribeInstances and RunInstances show them. */
export function showReservation(call: Call, instances: readonly Instance[]): Reservation {
  const state = ec2State.of(call);
  return {
    ReservationId: instances[0]?.reservationId,
    OwnerId: call.account,
    Groups: [],
    Instances: instances.map((instance) => showInstance(state, instance)),
  };
}

function showInstance(state: Ec2State, instance: Instance): ShownInstance {
  const interfaces = interfacesOf(state, instance);
  const primary = interfaces[0];
  const living = instance.state !== 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    State: showState(instance.state),
    InstanceType: asInstanceType(instance.instanceType),
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: instance.launchTime,
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: 'disabled' },
    Architecture: 'x86_64',
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    RootDeviceType: 'ebs',
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: [],
    ProductCodes: [],
    EbsOptimized: false,
    EnaSupport: true,
    PrivateDnsName: '',
    PublicDnsName: '',
    StateTransitionReason: instance.stateReason ? 'User initiated' : '',
    SecurityGroups: primary ? showGroups(state, primary.groupIds) : [],
    NetworkInterfaces: interfaces.map((one) => attachedInterface(state, one)),
    Tags: [...instance.tags],
    ...(living && { SubnetId: instance.subnetId, VpcId: instance.vpcId }),
    ...(instance.keyName && { KeyName: instance.keyName }),
    ...(instance.profileArn && { IamInstanceProfile: { Arn: instance.profileArn } }),
    ...(instance.stateReason && { StateReason: instance.stateReason }),
    ...(primary && { PrivateIpAddress: primary.privateIp, SourceDestCheck: primary.sourceDestCheck }),
    ...(primary?.publicIp && { PublicIpAddress: primary.publicIp }),
  };
}

function attachedInterface(state: Ec2State, one: NetworkInterface) {
  const { Attachment, TagSet: _, ...shown } = showInterface(state, one);
  return { ...shown, ...(Attachment && { Attachment }) };
}

// The SDK's type is a closed union of today's names; EC2 itself takes newer ones, and so does the sandbox.
function asInstanceType(name: string): ShownInstance['InstanceType'] {
  return name as ShownInstance['InstanceType'];
}

/** What DescribeInstances can filter by. */
export function instanceFields(state: Ec2State): Fields<Instance> {
  const ofInterfaces =
    (read: (one: NetworkInterface) => readonly (string | undefined)[]) => (instance: Instance) =>
      interfacesOf(state, instance).flatMap(read);
  const primaryGroups = (instance: Instance) => interfacesOf(state, instance)[0]?.groupIds ?? [];
  return {
    'availability-zone': (instance) => [instance.zone],
    'iam-instance-profile.arn': (instance) => [instance.profileArn],
    'image-id': (instance) => [instance.imageId],
    'instance-id': (instance) => [instance.id],
    'instance-state-code': (instance) => [String(CODES[instance.state])],
    'instance-state-name': (instance) => [instance.state],
    'instance-type': (instance) => [instance.instanceType],
    'instance.group-id': primaryGroups,
    'instance.group-name': (instance) =>
      primaryGroups(instance).map((id) => state.groups.newest.get(id)?.name),
    'ip-address': (instance) => [interfacesOf(state, instance)[0]?.publicIp],
    'key-name': (instance) => [instance.keyName],
    'network-interface.group-id': ofInterfaces((one) => one.groupIds),
    'network-interface.network-interface-id': ofInterfaces((one) => [one.id]),
    'network-interface.subnet-id': ofInterfaces((one) => [one.subnetId]),
    'network-interface.vpc-id': ofInterfaces((one) => [one.vpcId]),
    'owner-id': (instance) => [instance.owner],
    'private-ip-address': (instance) => [interfacesOf(state, instance)[0]?.privateIp],
    'reservation-id': (instance) => [instance.reservationId],
    'subnet-id': (instance) => [instance.state === 'terminated' ? undefined : instance.subnetId],
    'vpc-id': (instance) => [instance.state === 'terminated' ? undefined : instance.vpcId],
  };
}
