import type { Service } from '../../core/service.ts';
import { AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupIngress } from './groups/authorize.ts';
import { DescribeSecurityGroupRules, DescribeSecurityGroups } from './groups/describe.ts';
import { UpdateSecurityGroupRuleDescriptionsIngress } from './groups/descriptions.ts';
import { CreateSecurityGroup, DeleteSecurityGroup } from './groups/groups.ts';
import { ModifySecurityGroupRules } from './groups/modify.ts';
import { RevokeSecurityGroupEgress, RevokeSecurityGroupIngress } from './groups/revoke.ts';
import { DescribeInstances, ModifyInstanceAttribute } from './instances/instances.ts';
import {
  CreateNetworkInterface,
  DeleteNetworkInterface,
  DescribeNetworkInterfaces,
  ModifyNetworkInterfaceAttribute,
} from './instances/interfaces.ts';
import { StartInstances, StopInstances, TerminateInstances } from './instances/lifecycle.ts';
import { RunInstances } from './instances/run.ts';
import {
  CreateLaunchTemplateVersion,
  DescribeLaunchTemplateVersions,
} from './instances/template-versions.ts';
import { CreateLaunchTemplate, DescribeLaunchTemplates } from './instances/templates.ts';
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
import { CreateTags, DeleteTags, DescribeTags } from './tags.ts';

/** Amazon EC2, as far as networks, security groups and the instances that carry them go. */
export const ec2: Service = {
  name: 'ec2',
  signingName: 'ec2',
  iamPrefix: 'ec2',
  eventSource: 'ec2.amazonaws.com',
  load: () => import('@aws-sdk/client-ec2'),
  operations: {
    AssociateRouteTable,
    AttachInternetGateway,
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    CreateInternetGateway,
    CreateLaunchTemplate,
    CreateLaunchTemplateVersion,
    CreateManagedPrefixList,
    CreateNetworkAclEntry,
    CreateNetworkInterface,
    CreateRoute,
    CreateRouteTable,
    CreateSecurityGroup,
    CreateSubnet,
    CreateTags,
    CreateVpc,
    DeleteInternetGateway,
    DeleteManagedPrefixList,
    DeleteNetworkAclEntry,
    DeleteNetworkInterface,
    DeleteSecurityGroup,
    DeleteSubnet,
    DeleteTags,
    DeleteVpc,
    DescribeAvailabilityZones,
    DescribeInstances,
    DescribeInternetGateways,
    DescribeLaunchTemplateVersions,
    DescribeLaunchTemplates,
    DescribeManagedPrefixLists,
    DescribeNetworkAcls,
    DescribeNetworkInterfaces,
    DescribeRegions,
    DescribeRouteTables,
    DescribeSecurityGroupRules,
    DescribeSecurityGroups,
    DescribeSubnets,
    DescribeTags,
    DescribeVpcBlockPublicAccessExclusions,
    DescribeVpcBlockPublicAccessOptions,
    DescribeVpcs,
    DetachInternetGateway,
    GetManagedPrefixListAssociations,
    GetManagedPrefixListEntries,
    ModifyInstanceAttribute,
    ModifyManagedPrefixList,
    ModifyNetworkInterfaceAttribute,
    ModifySecurityGroupRules,
    ModifyVpcBlockPublicAccessOptions,
    ReplaceNetworkAclEntry,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    RunInstances,
    StartInstances,
    StopInstances,
    TerminateInstances,
    UpdateSecurityGroupRuleDescriptionsIngress,
  },
};
