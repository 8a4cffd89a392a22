import type * as iam from '@aws-sdk/client-iam';
import { operation } from '../../core/service.ts';
import {
  checkedName,
  deleteConflict,
  entityAlreadyExists,
  limitExceeded,
  onIdentity,
  stateOf,
  userNamed,
} from './refuse.ts';
import { principalOfUser, seedUser, type User } from './store.ts';

export const createUser = operation<iam.CreateUserRequest, iam.CreateUserResponse>({
  authorize: ({ UserName, Path }, call) => onIdentity(call, 'user', UserName, Path),
  run({ UserName, Path, PermissionsBoundary, Tags = [] }, call) {
    const name = checkedName(UserName, 'userName', 64);
    if (stateOf(call).users.has(name)) throw entityAlreadyExists(`User with name ${name} already exists.`);
    const user = seedUser(call.world, call.account, {
      name,
      ...(Path !== undefined && { path: Path }),
      ...(PermissionsBoundary !== undefined && { boundary: PermissionsBoundary }),
      tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    });
    return { User: described(user) };
  },
});

export const getUser = operation<iam.GetUserRequest, iam.GetUserResponse>({
  authorize: ({ UserName }, call) => onIdentity(call, 'user', UserName ?? call.principal.userName),
  run: ({ UserName }, call) => ({ User: described(userNamed(call, UserName ?? call.principal.userName)) }),
});

export const listUsers = operation<iam.ListUsersRequest, iam.ListUsersResponse>({
  run({ PathPrefix = '/' }, call) {
    const users = [...stateOf(call).users.values()].filter(({ path }) => path.startsWith(PathPrefix));
    return { Users: users.map(described), IsTruncated: false };
  },
});

export const deleteUser = operation<iam.DeleteUserRequest, object>({
  authorize: ({ UserName }, call) => onIdentity(call, 'user', UserName),
  run({ UserName }, call) {
    const { name, attached, inline, accessKeys } = userNamed(call, UserName);
    if (accessKeys.size > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
    if (attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    stateOf(call).users.delete(name);
    return {};
  },
});

export const createAccessKey = operation<iam.CreateAccessKeyRequest, iam.CreateAccessKeyResponse>({
  authorize: ({ UserName }, call) => onIdentity(call, 'user', UserName ?? call.principal.userName),
  run({ UserName }, call) {
    const user = userNamed(call, UserName ?? call.principal.userName);
    if (user.accessKeys.size >= 2) throw limitExceeded('Cannot exceed quota for AccessKeysPerUser: 2');
    const { accessKeyId, secretAccessKey } = call.world.issue(principalOfUser(call.account, user));
    user.accessKeys.set(accessKeyId, { status: 'Active', createdAt: call.now });
    return {
      AccessKey: {
        UserName: user.name,
        AccessKeyId: accessKeyId,
        Status: 'Active',
        SecretAccessKey: secretAccessKey,
        CreateDate: call.now,
      },
    };
  },
  // CloudTrail never sees the secret.
  trail: (_input, output) => ({
    ...(output?.AccessKey && {
      response: {
        accessKey: {
          userName: output.AccessKey.UserName,
          accessKeyId: output.AccessKey.AccessKeyId,
          status: 'Active',
          createDate: output.AccessKey.CreateDate,
        },
      },
    }),
  }),
});

export const listAccessKeys = operation<iam.ListAccessKeysRequest, iam.ListAccessKeysResponse>({
  authorize: ({ UserName }, call) => onIdentity(call, 'user', UserName ?? call.principal.userName),
  run({ UserName }, call) {
    const user = userNamed(call, UserName ?? call.principal.userName);
    const keys = [...user.accessKeys].map(([AccessKeyId, { status, createdAt }]) => ({
      UserName: user.name,
      AccessKeyId,
      Status: status,
      CreateDate: createdAt,
    }));
    return { AccessKeyMetadata: keys, IsTruncated: false };
  },
});

function described(user: User): iam.User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createdAt,
    Tags: [...user.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
