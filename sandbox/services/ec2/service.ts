import type { Service } from '../../core/service.ts';
import { AllocateAddress, DescribeAddresses, ReleaseAddress } from './addresses/addresses.ts';
import { AssociateAddress, DisassociateAddress } from './addresses/associate.ts';
import { AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupIngress } from './groups/authorize.ts';
import { DescribeSecurityGroupRules, DescribeSecurityGroups } from './groups/describe.ts';
import { UpdateSecurityGroupRuleDescriptionsIngress } from './groups/descriptions.ts';
import { CreateSecurityGroup, DeleteSecurityGroup } from './groups/groups.ts';
import { ModifySecurityGroupRules } from './groups/modify.ts';
import { RevokeSecurityGroupEgress, RevokeSecurityGroupIngress } from './groups/revoke.ts';
import { CreateImage, RegisterImage } from './images/create.ts';
import { DeregisterImage, DescribeImages } from './images/describe.ts';
import { DescribeInstanceAttribute, ModifyInstanceAttribute } from './instances/attributes.ts';
import { DescribeInstanceTypes } from './instances/describe-types.ts';
import { DescribeInstances, MonitorInstances, UnmonitorInstances } from './instances/instances.ts';
import {
  CreateNetworkInterface,
  DeleteNetworkInterface,
  DescribeNetworkInterfaces,
  ModifyNetworkInterfaceAttribute,
} from './instances/interfaces.ts';
import { RebootInstances, StartInstances, TerminateInstances } from './instances/lifecycle.ts';
import { DescribeReservedInstances } from './instances/reserved.ts';
import { RunInstances } from './instances/run.ts';
import { DescribeSpotInstanceRequests } from './instances/spot.ts';
import { DescribeInstanceCreditSpecifications, DescribeInstanceStatus } from './instances/status.ts';
import { StopInstances } from './instances/stop.ts';
import {
  CreateLaunchTemplateVersion,
  DescribeLaunchTemplateVersions,
} from './instances/template-versions.ts';
import { CreateLaunchTemplate, DescribeLaunchTemplates } from './instances/templates.ts';
import { CreateKeyPair, DeleteKeyPair, DescribeKeyPairs } from './keys/key-pairs.ts';
import { CreateNatGateway, DeleteNatGateway, DescribeNatGateways } from './nat/nat-gateways.ts';
import {
  CreateNetworkAclEntry,
  DeleteNetworkAclEntry,
  ReplaceNetworkAclEntry,
} from './network/acl-entries.ts';
import {
  DescribeVpcBlockPublicAccessExclusions,
  DescribeVpcBlockPublicAccessOptions,
  ModifyVpcBlockPublicAccessOptions,
} from './network/block-public-access.ts';
import {
  AttachInternetGateway,
  CreateInternetGateway,
  DeleteInternetGateway,
  DescribeInternetGateways,
  DetachInternetGateway,
} from './network/internet-gateways.ts';
import { DescribeNetworkAcls } from './network/network-acls.ts';
import { DescribeAvailabilityZones, DescribeRegions } from './network/regions.ts';
import { CreateRouteTable, DescribeRouteTables } from './network/route-tables.ts';
import { AssociateRouteTable, CreateRoute } from './network/routes.ts';
import { CreateSubnet, DeleteSubnet, DescribeSubnets } from './network/subnets.ts';
import { CreateVpc, DeleteVpc, DescribeVpcs } from './network/vpcs.ts';
import {
  GetManagedPrefixListAssociations,
  GetManagedPrefixListEntries,
  ModifyManagedPrefixList,
} from './prefix-lists/entries.ts';
import {
  CreateManagedPrefixList,
  DeleteManagedPrefixList,
  DescribeManagedPrefixLists,
} from './prefix-lists/lists.ts';
import { AttachVolume, DetachVolume } from './storage/attachments.ts';
import { CreateSnapshot, DeleteSnapshot, DescribeSnapshots } from './storage/snapshots.ts';
import { CreateVolume, DeleteVolume, DescribeVolumes } from './storage/volumes.ts';
import { CreateTags, DeleteTags, DescribeTags } from './tags.ts';

/** Amazon EC2, as far as networks, security groups, instances and what hangs on them go. */
export const ec2: Service = {
  name: 'ec2',
  signingName: 'ec2',
  iamPrefix: 'ec2',
  eventSource: 'ec2.amazonaws.com',
  load: () => import('@aws-sdk/client-ec2'),
  operations: {
    AllocateAddress,
    AssociateAddress,
    AssociateRouteTable,
    AttachInternetGateway,
    AttachVolume,
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    CreateImage,
    CreateInternetGateway,
    CreateKeyPair,
    CreateLaunchTemplate,
    CreateLaunchTemplateVersion,
    CreateManagedPrefixList,
    CreateNatGateway,
    CreateNetworkAclEntry,
    CreateNetworkInterface,
    CreateRoute,
    CreateRouteTable,
    CreateSecurityGroup,
    CreateSnapshot,
    CreateSubnet,
    CreateTags,
    CreateVolume,
    CreateVpc,
    DeleteInternetGateway,
    DeleteKeyPair,
    DeleteManagedPrefixList,
    DeleteNatGateway,
    DeleteNetworkAclEntry,
    DeleteNetworkInterface,
    DeleteSecurityGroup,
    DeleteSnapshot,
    DeleteSubnet,
    DeleteTags,
    DeleteVolume,
    DeleteVpc,
    DeregisterImage,
    DescribeAddresses,
    DescribeAvailabilityZones,
    DescribeImages,
    DescribeInstanceAttribute,
    DescribeInstanceCreditSpecifications,
    DescribeInstanceStatus,
    DescribeInstanceTypes,
    DescribeInstances,
    DescribeInternetGateways,
    DescribeKeyPairs,
    DescribeLaunchTemplateVersions,
    DescribeLaunchTemplates,
    DescribeManagedPrefixLists,
    DescribeNatGateways,
    DescribeNetworkAcls,
    DescribeNetworkInterfaces,
    DescribeRegions,
    DescribeReservedInstances,
    DescribeRouteTables,
    DescribeSecurityGroupRules,
    DescribeSecurityGroups,
    DescribeSnapshots,
    DescribeSpotInstanceRequests,
    DescribeSubnets,
    DescribeTags,
    DescribeVolumes,
    DescribeVpcBlockPublicAccessExclusions,
    DescribeVpcBlockPublicAccessOptions,
    DescribeVpcs,
    DetachInternetGateway,
    DetachVolume,
    DisassociateAddress,
    GetManagedPrefixListAssociations,
    GetManagedPrefixListEntries,
    ModifyInstanceAttribute,
    ModifyManagedPrefixList,
    ModifyNetworkInterfaceAttribute,
    ModifySecurityGroupRules,
    ModifyVpcBlockPublicAccessOptions,
    MonitorInstances,
    RebootInstances,
    RegisterImage,
    ReleaseAddress,
    ReplaceNetworkAclEntry,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    RunInstances,
    StartInstances,
    StopInstances,
    TerminateInstances,
    UnmonitorInstances,
    UpdateSecurityGroupRuleDescriptionsIngress,
  },
};
