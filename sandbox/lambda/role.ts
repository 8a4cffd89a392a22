import { AwsError } from '../core/errors.ts';
import type { Credential, Principal } from '../core/principal.ts';
import type { World } from '../core/world.ts';
import { trusts } from '../iam/authorize.ts';
import { servicePrincipal } from '../iam/service-principal.ts';
import { iamOf, principalOfSession, type Role } from '../services/iam/store.ts';
import type { FunctionVersion } from './function.ts';

/** The role behind an ARN, when it exists and lets this AWS service assume it. */
export function roleFor(world: World, roleArn: string, service: Principal): Role | undefined {
  const account = roleArn.split(':')[4] ?? '';
  const role = iamOf(world, account).roles.get(roleArn.split('/').at(-1) ?? '');
  return role && role.arn === roleArn && trusts(world, role, service) ? role : undefined;
}

/** Credentials of the function's role, as Lambda puts them into the environment. */
export function assumeExecutionRole(world: World, version: FunctionVersion, lifetimeMs: number): Credential {
  const { role: roleArn } = version.configuration;
  return world.issue(executionPrincipal(world, version.arn, roleArn, version.name), lifetimeMs);
}

/** The session of the function's role under which its code and its destinations act. */
export function executionPrincipal(
  world: World,
  arn: string,
  roleArn: string,
  name: string,
): Omit<Principal, 'accessKeyId'> {
  const account = roleArn.split(':')[4] ?? '';
  const role = roleFor(world, roleArn, servicePrincipal('lambda', account, arn));
  if (role) return principalOfSession(account, role, name);
  const message = 'The role defined for the function cannot be assumed by Lambda.';
  throw new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
