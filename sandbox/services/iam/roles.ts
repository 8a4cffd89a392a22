import type * as iam from '@aws-sdk/client-iam';
import { operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import {
  checkedName,
  deleteConflict,
  entityAlreadyExists,
  onIdentity,
  roleNamed,
  sized,
  stateOf,
} from './refuse.ts';
import { type Role, seedRole, trustPolicyOf } from './store.ts';

export const createRole = operation<iam.CreateRoleRequest, iam.CreateRoleResponse>({
  authorize: ({ RoleName, Path }, call) => onIdentity(call, 'role', RoleName, Path),
  run(input, call) {
    const name = checkedName(input.RoleName, 'roleName', 64);
    if (stateOf(call).roles.has(name)) throw entityAlreadyExists(`Role with name ${name} already exists.`);
    const role = seedRole(call.world, call.account, {
      name,
      trust: sized(input.AssumeRolePolicyDocument, 2048),
      ...(input.Path !== undefined && { path: input.Path }),
      ...(input.Description !== undefined && { description: input.Description }),
      ...(input.MaxSessionDuration !== undefined && { maxSessionDuration: input.MaxSessionDuration }),
      ...(input.PermissionsBoundary !== undefined && { boundary: input.PermissionsBoundary }),
      tags: Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    });
    return { Role: described(call.world, role) };
  },
});

export const getRole = operation<iam.GetRoleRequest, iam.GetRoleResponse>({
  authorize: ({ RoleName }, call) => onIdentity(call, 'role', RoleName),
  run: ({ RoleName }, call) => ({ Role: described(call.world, roleNamed(call, RoleName)) }),
});

export const listRoles = operation<iam.ListRolesRequest, iam.ListRolesResponse>({
  run({ PathPrefix = '/' }, call) {
    const roles = [...stateOf(call).roles.values()].filter(({ path }) => path.startsWith(PathPrefix));
    return { Roles: roles.map((role) => described(call.world, role)), IsTruncated: false };
  },
});

export const deleteRole = operation<iam.DeleteRoleRequest, object>({
  authorize: ({ RoleName }, call) => onIdentity(call, 'role', RoleName),
  run({ RoleName }, call) {
    const { arn, name, attached, inline } = roleNamed(call, RoleName);
    if (attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    stateOf(call).roles.delete(name);
    setResourcePolicy(call.world, arn, undefined);
    return {};
  },
});

export const updateAssumeRolePolicy = operation<iam.UpdateAssumeRolePolicyRequest, object>({
  authorize: ({ RoleName }, call) => onIdentity(call, 'role', RoleName),
  run({ RoleName, PolicyDocument }, call) {
    const { arn } = roleNamed(call, RoleName);
    setResourcePolicy(call.world, arn, sized(PolicyDocument, 2048), { kind: 'trust' });
    return {};
  },
});

/** A role as IAM shows it: documents are URL-encoded (RFC 3986). */
function described(world: World, role: Role): iam.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(trustPolicyOf(world, role)),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.boundary && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
        PermissionsBoundaryArn: role.boundary,
      },
    }),
    Tags: [...role.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
