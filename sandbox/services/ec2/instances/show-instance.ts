import type {
  InstanceBlockDeviceMapping,
  Placement,
  PlatformValues,
  Reservation,
  Instance as ShownInstance,
  InstanceState as ShownState,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import type { Fields } from '../listing.ts';
import { type Ec2State, ec2State } from '../state.ts';
import type { Volume } from '../storage/model.ts';
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

/** Interfaces and volumes as readers see them: asked for once a listing. */
interface View {
  readonly state: Ec2State;
  readonly interfaces: ReadonlyMap<string, NetworkInterface>;
  readonly volumes: ReadonlyMap<string, Volume>;
}

function viewOf(state: Ec2State): View {
  return { state, interfaces: state.interfaces.seen(), volumes: state.volumes.seen() };
}

function interfacesOf({ interfaces }: View, instance: Instance): readonly NetworkInterface[] {
  return instance.interfaceIds.flatMap((id) => interfaces.get(id) ?? []);
}

/** Instances of one launch, as DescribeInstances and RunInstances show them. */
export function showReservation(call: Call, instances: readonly Instance[]): Reservation {
  const view = viewOf(ec2State.of(call));
  const [first] = instances;
  return {
    ReservationId: first?.reservationId,
    OwnerId: first?.owner ?? call.account,
    ...(first?.requesterId && { RequesterId: first.requesterId }),
    Groups: [],
    Instances: instances.map((instance) => showInstance(view, instance)),
  };
}

function showInstance(view: View, instance: Instance): ShownInstance {
  const interfaces = interfacesOf(view, instance);
  const primary = interfaces[0];
  const living = instance.state !== 'terminated';
  const { image } = instance;
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    State: showState(instance.state),
    InstanceType: asInstanceType(instance.instanceType),
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: instance.launchTime,
    Placement: showPlacement(instance),
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    Architecture: image.architecture,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    PlatformDetails: image.platformDetails,
    UsageOperation: image.usageOperation,
    RootDeviceType: image.rootDeviceType,
    RootDeviceName: image.rootDeviceName,
    BlockDeviceMappings: showDevices(view, instance),
    ProductCodes: image.productCodes.map((code) => ({ ProductCodeId: code, ProductCodeType: 'marketplace' })),
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    HibernationOptions: { Configured: instance.hibernation },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: instance.metadata.httpTokens,
      HttpPutResponseHopLimit: instance.metadata.hopLimit,
      HttpEndpoint: instance.metadata.httpEndpoint,
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: instance.metadata.instanceMetadataTags,
    },
    Operator: {
      Managed: instance.operator !== undefined,
      ...(instance.operator && { Principal: instance.operator }),
    },
    PrivateDnsName: '',
    PublicDnsName: '',
    StateTransitionReason: instance.transitionReason,
    SecurityGroups: primary ? showGroups(view.state, primary.groupIds) : [],
    NetworkInterfaces: interfaces.map((one) => attachedInterface(view.state, one)),
    Tags: [...instance.tags],
    // EC2 writes the value in lower case, unlike the SDK's type.
    ...(image.platform && { Platform: image.platform as unknown as PlatformValues }),
    ...(living && { SubnetId: instance.subnetId, VpcId: instance.vpcId }),
    ...(instance.keyName && { KeyName: instance.keyName }),
    ...(instance.profileArn && { IamInstanceProfile: { Arn: instance.profileArn } }),
    ...(instance.stateReason && { StateReason: instance.stateReason }),
    ...(instance.outpostArn && { OutpostArn: instance.outpostArn }),
    ...(instance.spotRequestId && {
      InstanceLifecycle: 'spot' as const,
      SpotInstanceRequestId: instance.spotRequestId,
    }),
    ...(primary && { PrivateIpAddress: primary.privateIp, SourceDestCheck: primary.sourceDestCheck }),
    ...(primary?.publicIp && { PublicIpAddress: primary.publicIp }),
  };
}

function showPlacement({ zone, groupName, tenancy, hostId, affinity }: Instance): Placement {
  return {
    AvailabilityZone: zone,
    GroupName: groupName ?? '',
    Tenancy: tenancy,
    ...(hostId && { HostId: hostId }),
    ...(affinity && { Affinity: affinity }),
  };
}

function showDevices({ volumes }: View, { id, volumeIds }: Instance): InstanceBlockDeviceMapping[] {
  return volumeIds.flatMap((volumeId) =>
    (volumes.get(volumeId)?.attachments ?? []).flatMap(
      ({ instanceId, device, attachTime, deleteOnTermination }) =>
        instanceId === id
          ? {
              DeviceName: device,
              Ebs: {
                AttachTime: attachTime,
                DeleteOnTermination: deleteOnTermination,
                Status: 'attached' as const,
                VolumeId: volumeId,
              },
            }
          : [],
    ),
  );
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
  const view = viewOf(state);
  const ofInterfaces =
    (read: (one: NetworkInterface) => readonly (string | undefined)[]) => (instance: Instance) =>
      interfacesOf(view, instance).flatMap(read);
  const primary = (instance: Instance) => interfacesOf(view, instance)[0];
  const primaryGroups = (instance: Instance) => primary(instance)?.groupIds ?? [];
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
    architecture: (instance) => [instance.image.architecture],
    'block-device-mapping.volume-id': (instance) => instance.volumeIds,
    'instance-lifecycle': (instance) => [instance.spotRequestId && 'spot'],
    'ip-address': (instance) => [primary(instance)?.publicIp],
    'launch-time': (instance) => [instance.launchTime.toISOString()],
    'operator.managed': (instance) => [String(instance.operator !== undefined)],
    'operator.principal': (instance) => [instance.operator],
    platform: (instance) => [instance.image.platform],
    'platform-details': (instance) => [instance.image.platformDetails],
    'requester-id': (instance) => [instance.requesterId],
    'root-device-type': (instance) => [instance.image.rootDeviceType],
    'source-dest-check': (instance) => [String(primary(instance)?.sourceDestCheck)],
    'spot-instance-request-id': (instance) => [instance.spotRequestId],
    tenancy: (instance) => [instance.tenancy],
    'key-name': (instance) => [instance.keyName],
    'network-interface.group-id': ofInterfaces((one) => one.groupIds),
    'network-interface.network-interface-id': ofInterfaces((one) => [one.id]),
    'network-interface.subnet-id': ofInterfaces((one) => [one.subnetId]),
    'network-interface.vpc-id': ofInterfaces((one) => [one.vpcId]),
    'owner-id': (instance) => [instance.owner],
    'private-ip-address': (instance) => [primary(instance)?.privateIp],
    'reservation-id': (instance) => [instance.reservationId],
    'subnet-id': (instance) => [instance.state === 'terminated' ? undefined : instance.subnetId],
    'vpc-id': (instance) => [instance.state === 'terminated' ? undefined : instance.vpcId],
  };
}
