import type { Service } from '../../core/service.ts';
import { AuthorizeSecurityGroupEgress, AuthorizeSecurityGroupIngress } from './groups/authorize.ts';
import { DescribeSecurityGroupRules, DescribeSecurityGroups } from './groups/describe.ts';
import { UpdateSecurityGroupRuleDescriptionsIngress } from './groups/descriptions.ts';
import { CreateSecurityGroup, DeleteSecurityGroup } from './groups/groups.ts';
import { ModifySecurityGroupRules } from './groups/modify.ts';
import { RevokeSecurityGroupEgress, RevokeSecurityGroupIngress } from './groups/revoke.ts';
import { CreateVpc, DeleteVpc, DescribeVpcs } from './network/vpcs.ts';

/** Amazon EC2, as far as networks, security groups and the instances that carry them go. */
export const ec2: Service = {
  name: 'ec2',
  signingName: 'ec2',
  iamPrefix: 'ec2',
  eventSource: 'ec2.amazonaws.com',
  load: () => import('@aws-sdk/client-ec2'),
  operations: {
    AuthorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress,
    CreateSecurityGroup,
    CreateVpc,
    DeleteSecurityGroup,
    DeleteVpc,
    DescribeSecurityGroupRules,
    DescribeSecurityGroups,
    DescribeVpcs,
    ModifySecurityGroupRules,
    RevokeSecurityGroupEgress,
    RevokeSecurityGroupIngress,
    UpdateSecurityGroupRuleDescriptionsIngress,
  },
};
