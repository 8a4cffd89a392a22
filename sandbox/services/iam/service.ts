import type { Service } from '../../core/service.ts';
import { attachmentOperations } from './attachments.ts';
import { inlinePolicyOperations } from './inline-policies.ts';
import { createPolicy, deletePolicy, getPolicy, getPolicyVersion } from './managed-policies.ts';
import { createRole, deleteRole, getRole, listRoles, updateAssumeRolePolicy } from './roles.ts';
import { createAccessKey, createUser, deleteUser, getUser, listAccessKeys, listUsers } from './users.ts';

const inline = { role: inlinePolicyOperations('role'), user: inlinePolicyOperations('user') };
const managed = { role: attachmentOperations('role'), user: attachmentOperations('user') };

export const iam: Service = {
  name: 'iam',
  signingName: 'iam',
  iamPrefix: 'iam',
  eventSource: 'iam.amazonaws.com',
  global: true,
  load: () => import('@aws-sdk/client-iam'),
  operations: {
    AttachRolePolicy: managed.role.attach,
    AttachUserPolicy: managed.user.attach,
    CreateAccessKey: createAccessKey,
    CreatePolicy: createPolicy,
    CreateRole: createRole,
    CreateUser: createUser,
    DeletePolicy: deletePolicy,
    DeleteRole: deleteRole,
    DeleteRolePolicy: inline.role.remove,
    DeleteUser: deleteUser,
    DeleteUserPolicy: inline.user.remove,
    DetachRolePolicy: managed.role.detach,
    DetachUserPolicy: managed.user.detach,
    GetPolicy: getPolicy,
    GetPolicyVersion: getPolicyVersion,
    GetRole: getRole,
    GetRolePolicy: inline.role.get,
    GetUser: getUser,
    GetUserPolicy: inline.user.get,
    ListAccessKeys: listAccessKeys,
    ListAttachedRolePolicies: managed.role.list,
    ListAttachedUserPolicies: managed.user.list,
    ListRolePolicies: inline.role.list,
    ListRoles: listRoles,
    ListUserPolicies: inline.user.list,
    ListUsers: listUsers,
    PutRolePolicy: inline.role.put,
    PutUserPolicy: inline.user.put,
    UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  },
};
