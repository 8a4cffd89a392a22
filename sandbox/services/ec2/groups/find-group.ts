import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { checkId, KINDS, missing, resolve, unauthorized } from '../refuse.ts';
import { type Ec2State, ec2State, type Place } from '../state.ts';
import type { SecurityGroup } from './rule.ts';

/** The region's default VPC, if it has one. */
export function defaultVpcId(state: Ec2State): string | undefined {
  return [...state.vpcs.newest.values()].find((vpc) => vpc.isDefault)?.id;
}

/** A group by id, or by its name inside a VPC (the default VPC unless told). */
export function findGroup(
  call: Call,
  id: string | undefined,
  name: string | undefined,
  vpcId?: string,
): SecurityGroup {
  const state = ec2State.of(call);
  if (id) return resolve(state.groups.newest, id, KINDS.group, 'GroupId');
  if (!name) throw missing('GroupId');
  const vpc = vpcId ?? defaultVpcId(state);
  const found = [...state.groups.newest.values()].find((group) => group.name === name && group.vpcId === vpc);
  if (found) return found;
  const place = vpcId ? `VPC '${vpc}'` : `default VPC '${vpc ?? 'none'}'`;
  throw new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist in ${place}`);
}

/** A group that this account may change: one shared by another account it may only use. */
export function findOwnGroup(call: Call, id: string | undefined, name?: string): SecurityGroup {
  const group = findGroup(call, id, name);
  if (group.owner !== call.account) {
    throw unauthorized();
  }
  return group;
}

/** For IAM, before anything is checked: the group that a request seems to mean. */
export function meantGroup(call: Call, id: string | undefined, name?: string): SecurityGroup | undefined {
  try {
    return findGroup(call, id, name);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** Groups that a network interface of `vpcId` may carry, each of them existing and of that VPC. */
export function groupsFor(call: Place, ids: readonly string[], vpcId: string): readonly string[] {
  const state = ec2State.of(call);
  for (const id of ids) {
    checkId(id, KINDS.group);
    const group = state.groups.newest.get(id);
    if (!group) throw new AwsError(KINDS.group.notFound, KINDS.group.says(id));
    if (group.vpcId !== vpcId) {
      throw new AwsError(
        'InvalidParameter',
        `Security group ${id} and the interface belong to different networks.`,
      );
    }
  }
  return ids;
}
