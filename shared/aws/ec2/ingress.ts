import {
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandOutput,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type RevokeSecurityGroupIngressCommandOutput,
  type Tag,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';

/** Closes inbound rules by their ids, all or none. */
export const revokeIngressById = verb(
  ['ec2:RevokeSecurityGroupIngress'],
  (aws: Aws, groupId: string, ruleIds: readonly string[]): Promise<RevokeSecurityGroupIngressCommandOutput> =>
    aws.send(
      EC2Client,
      new RevokeSecurityGroupIngressCommand({ GroupId: groupId, SecurityGroupRuleIds: [...ruleIds] }),
    ),
);

/**
 * Closes inbound rules by what they let in, where no ids are known. A default VPC answers a mismatch with
 * `UnknownIpPermissions` instead of an error, so the answer has to be looked at.
 */
export const revokeIngressExactly = verb(
  ['ec2:RevokeSecurityGroupIngress'],
  (
    aws: Aws,
    groupId: string,
    permissions: readonly IpPermission[],
  ): Promise<RevokeSecurityGroupIngressCommandOutput> =>
    aws.send(
      EC2Client,
      new RevokeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [...permissions] }),
    ),
);

/** Opens one inbound rule with its tags; `aws:` tags are AWS's own to set. */
export const authorizeIngress = verb(
  ['ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'],
  (
    aws: Aws,
    groupId: string,
    permission: IpPermission,
    tags: readonly Tag[],
  ): Promise<AuthorizeSecurityGroupIngressCommandOutput> => {
    const own = tags.filter(({ Key = '' }) => !/^aws:/i.test(Key));
    return aws.send(
      EC2Client,
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: groupId,
        IpPermissions: [permission],
        ...(own.length === 0
          ? {}
          : { TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [...own] }] }),
      }),
    );
  },
);
