import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';
import { malformed } from '../../iam/syntax.ts';
import { type IamState, iamOf, type ManagedPolicy, managedPolicy, type Role, type User } from './store.ts';

/** "The role with name X cannot be found.", as IAM says it. */
export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntityException', message, 404);
}

export function entityAlreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExistsException', message, 409);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', message, 409);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message, 409);
}

/** Names of roles, users and policies: what IAM accepts, checked before anything is made. */
export function checkedName(name: string | undefined, member: string, longest: number): string {
  if (name !== undefined && /^[\w+=,.@-]+$/.test(name) && name.length <= longest) return name;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length less than or equal to ${longest}`,
  );
}

export function required(value: string | undefined, member: string): string {
  if (value) return value;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A policy document within IAM's size, which does not count white space. */
export function sized(text: string | undefined, longest: number): string {
  const document = required(text, 'policyDocument');
  if (document.replace(/\s/g, '').length > longest) {
    throw limitExceeded(`Maximum policy size of ${longest} bytes exceeded`);
  }
  if (/[^\t\n\r\u0020-\u00ff]/.test(document)) throw malformed('Syntax errors in policy.');
  return document;
}

export const stateOf = (call: Call): IamState => iamOf(call.world, call.account);

export function roleNamed(call: Call, name: string | undefined): Role {
  const role = stateOf(call).roles.get(required(name, 'roleName'));
  if (role) return role;
  throw noSuchEntity(`The role with name ${name} cannot be found.`);
}

export function userNamed(call: Call, name: string | undefined): User {
  const user = stateOf(call).users.get(required(name, 'userName'));
  if (user) return user;
  throw noSuchEntity(`The user with name ${name} cannot be found.`);
}

export function policyAt(call: Call, arn: string | undefined): ManagedPolicy {
  const policy = managedPolicy(call.world, call.account, required(arn, 'policyArn'));
  if (policy) return policy;
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

/** The demand of an operation on one role, user or policy, by its full ARN. */
export function onIdentity(
  call: Call,
  kind: 'role' | 'user' | 'policy',
  name = '',
  path?: string,
): readonly Demand[] {
  const { roles, users } = stateOf(call);
  const known = kind === 'role' ? roles.get(name) : kind === 'user' ? users.get(name) : undefined;
  const arn = known?.arn ?? `arn:${call.partition}:iam::${call.account}:${kind}${path ?? '/'}${name}`;
  return [{ action: `iam:${call.operation}`, resources: [arn] }];
}
