import type { Tag } from '@aws-sdk/client-ec2';
import type { Aws } from '../../../shared/aws/access.ts';
import { listSecurityGroups, securityGroupsById } from '../../../shared/aws/ec2/security-groups.ts';
import {
  addresses,
  images,
  natGateways,
  networkInterfaces,
  type Resources,
  snapshots,
  subnets,
  volumes,
  vpcs,
} from '../../../shared/aws/tagging/ec2-resources.ts';
import { tagsFrom } from '../../../shared/aws/tagging/target.ts';
import type { Place, ResourceRef } from '../../../shared/engine/signal.ts';
import type { TypeName } from '../type-names.ts';
import { ec2Writer } from './ec2-writer.ts';
import { instanceType } from './instance.ts';
import { type ArnForm, arnOf, knownById, type TagType, type Told, told } from './row.ts';

/** What a row of EC2 says about its type beside how it is listed. */
interface Ec2Row<T> {
  readonly type: TypeName;
  readonly prefix: string;
  readonly without?: ArnForm['without'];
  /** As the answer of its Describe call lists them. */
  readonly under: string;
  readonly resources: Resources<T>;
  readonly idOf: (one: T) => string | undefined;
  readonly tagsOf: (one: T) => Tag[] | undefined;
  readonly createdAt?: (one: T) => Date | undefined;
  readonly parents?: (one: T) => readonly (ResourceRef | undefined)[];
  readonly nameOf?: (one: T) => string | undefined;
  /** Whether it still counts; deleted NAT gateways are told for an hour. */
  readonly lives?: (one: T) => boolean;
}

function row<T>(given: Ec2Row<T>): TagType {
  const { type, prefix, resources, lives = () => true } = given;
  const form: ArnForm = { service: 'ec2', prefix, ...(given.without && { without: given.without }) };
  const from = (one: T, place: Place): Told => {
    const id = given.idOf(one) ?? '';
    const tags = tagsFrom(given.tagsOf(one));
    return told({
      type,
      id,
      arn: arnOf(form, id, place),
      name: given.nameOf?.(one) ?? tags.get('Name'),
      tags,
      createdAt: given.createdAt?.(one),
      parents: (given.parents?.(one) ?? []).filter((parent) => parent !== undefined),
    });
  };
  const { ofInstances } = resources;
  const livingOf = (found: readonly T[], place: Place): readonly Told[] =>
    found.filter(lives).map((one) => from(one, place));
  return {
    type,
    async *list(aws) {
      for await (const page of resources.list(aws)) yield livingOf(page, aws.place);
    },
    read: async (aws, ids) => livingOf(await resources.byId(aws, ids), aws.place),
    ...(ofInstances && {
      ofInstances: async (aws: Aws, ids: readonly string[]) =>
        livingOf(await ofInstances(aws, ids), aws.place),
    }),
    ...knownById(form),
    write: ec2Writer,
    // The typed boundary to a saved answer of the same call; whoever reads it checks ids and tags.
    saved: { under: given.under, from: (one, place) => from(one as T, place) },
    rights: { read: [...resources.list.rights, ...resources.byId.rights], write: ec2Writer.rights },
  };
}

function ref(type: TypeName, id: string | undefined): ResourceRef | undefined {
  return id === undefined || id === '' ? undefined : { type, id };
}

/** Everything in EC2 that Reeve tags; all of it is told with its tags, and tagged by one call. */
export const ec2Types: readonly TagType[] = [
  instanceType,
  row({
    type: 'AWS::EC2::Volume',
    prefix: 'volume/',
    under: 'Volumes',
    resources: volumes,
    idOf: ({ VolumeId }) => VolumeId,
    tagsOf: ({ Tags }) => Tags,
    createdAt: ({ CreateTime }) => CreateTime,
    parents: ({ Attachments = [] }) =>
      Attachments.map(({ InstanceId }) => ref('AWS::EC2::Instance', InstanceId)),
  }),
  row({
    type: 'AWS::EC2::Snapshot',
    prefix: 'snapshot/',
    without: ['account'],
    under: 'Snapshots',
    resources: snapshots,
    idOf: ({ SnapshotId }) => SnapshotId,
    tagsOf: ({ Tags }) => Tags,
    createdAt: ({ StartTime }) => StartTime,
    parents: ({ VolumeId }) => [ref('AWS::EC2::Volume', VolumeId)],
  }),
  row({
    type: 'AWS::EC2::Image',
    prefix: 'image/',
    without: ['account'],
    under: 'Images',
    resources: images,
    idOf: ({ ImageId }) => ImageId,
    tagsOf: ({ Tags }) => Tags,
    createdAt: ({ CreationDate }) => (CreationDate === undefined ? undefined : new Date(CreationDate)),
    parents: ({ SourceInstanceId }) => [ref('AWS::EC2::Instance', SourceInstanceId)],
    nameOf: ({ Name }) => Name,
  }),
  row({
    type: 'AWS::EC2::SecurityGroup',
    prefix: 'security-group/',
    under: 'SecurityGroups',
    resources: { list: listSecurityGroups, byId: securityGroupsById },
    idOf: ({ GroupId }) => GroupId,
    tagsOf: ({ Tags }) => Tags,
    parents: ({ VpcId }) => [ref('AWS::EC2::VPC', VpcId)],
    nameOf: ({ GroupName }) => GroupName,
  }),
  row({
    type: 'AWS::EC2::NetworkInterface',
    prefix: 'network-interface/',
    under: 'NetworkInterfaces',
    resources: networkInterfaces,
    idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
    tagsOf: ({ TagSet }) => TagSet,
    parents: ({ Attachment }) => [ref('AWS::EC2::Instance', Attachment?.InstanceId)],
    // Interfaces of services (load balancers, functions) are the service's to tag.
    lives: ({ RequesterManaged }) => RequesterManaged !== true,
  }),
  row({
    type: 'AWS::EC2::EIP',
    prefix: 'elastic-ip/',
    under: 'Addresses',
    resources: addresses,
    idOf: ({ AllocationId }) => AllocationId,
    tagsOf: ({ Tags }) => Tags,
    parents: ({ InstanceId, NetworkInterfaceId }) => [
      ref('AWS::EC2::Instance', InstanceId) ?? ref('AWS::EC2::NetworkInterface', NetworkInterfaceId),
    ],
    // EC2-Classic addresses have no allocation and no tags.
    lives: ({ AllocationId }) => AllocationId !== undefined,
  }),
  row({
    type: 'AWS::EC2::NatGateway',
    prefix: 'natgateway/',
    under: 'NatGateways',
    resources: natGateways,
    idOf: ({ NatGatewayId }) => NatGatewayId,
    tagsOf: ({ Tags }) => Tags,
    createdAt: ({ CreateTime }) => CreateTime,
    parents: ({ SubnetId }) => [ref('AWS::EC2::Subnet', SubnetId)],
    lives: ({ State }) => State !== 'deleting' && State !== 'deleted' && State !== 'failed',
  }),
  row({
    type: 'AWS::EC2::VPC',
    prefix: 'vpc/',
    under: 'Vpcs',
    resources: vpcs,
    idOf: ({ VpcId }) => VpcId,
    tagsOf: ({ Tags }) => Tags,
  }),
  row({
    type: 'AWS::EC2::Subnet',
    prefix: 'subnet/',
    under: 'Subnets',
    resources: subnets,
    idOf: ({ SubnetId }) => SubnetId,
    tagsOf: ({ Tags }) => Tags,
    parents: ({ VpcId }) => [ref('AWS::EC2::VPC', VpcId)],
  }),
];
