import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Arn, onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { layGroup } from '../network/default-network.ts';
import { dependency, invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { defaultVpcId, findOwnGroup, meantGroup } from './find-group.ts';
import type { SecurityGroup } from './rule.ts';
import { defined, items, trailTags } from './trail.ts';

const CHARACTERS = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** Makes a group in a VPC (the default VPC unless told) with the one rule that lets all traffic out. */
export const CreateSecurityGroup = ec2Operation<CreateSecurityGroupRequest, CreateSecurityGroupResult>(
  ['Description', 'GroupName', 'VpcId', 'TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const { name, description } = checkedTexts(input);
      const tags = tagsFor(input.TagSpecifications, 'security-group');
      const vpcId = input.VpcId ?? defaultVpcId(state);
      if (!vpcId) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
      resolve(state.vpcs.newest, vpcId, KINDS.vpc, 'VpcId');
      for (const group of state.groups.newest.values()) {
        if (group.name === name && group.vpcId === vpcId) {
          const message = `The security group '${name}' already exists for VPC '${vpcId}'`;
          throw new AwsError('InvalidGroup.Duplicate', message);
        }
      }
      const group = layGroup(state, call.account, { name, description, vpcId, tags });
      return {
        GroupId: group.id,
        SecurityGroupArn: ec2Arn(call, 'security-group', group.id),
        Tags: [...tags],
      };
    },
    authorize(input, call) {
      const state = ec2State.of(call);
      const vpcId = input.VpcId ?? defaultVpcId(state);
      const vpc = vpcId ? state.vpcs.newest.get(vpcId) : undefined;
      return [
        ...onCreated(call, 'security-group', input.TagSpecifications),
        onResource(call, 'vpc', vpcId, vpc),
      ];
    },
    trail: (input, output, call) => ({
      request: defined({
        groupName: input.GroupName,
        groupDescription: input.Description,
        vpcId: input.VpcId,
        tagSpecificationSet: input.TagSpecifications && items(input.TagSpecifications.map(trailTags)),
      }),
      ...(output && { response: { requestId: call.requestId, _return: true, groupId: output.GroupId } }),
    }),
  },
);

function checkedTexts({ GroupName: name, Description: description }: CreateSecurityGroupRequest) {
  if (!name) throw missing('GroupName');
  if (!description) throw missing('GroupDescription');
  if (/^sg-/i.test(name))
    throw invalidValue(`Invalid value '${name}' for GroupName. Group names may not begin with sg-.`);
  if (!CHARACTERS.test(name)) {
    throw invalidValue(
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (!CHARACTERS.test(description)) {
    throw invalidValue(
      `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (name === 'default')
    throw new AwsError('InvalidParameterValue', 'Cannot use reserved security group name: default');
  return { name: name.trimEnd(), description };
}

/** Deletes a group that nothing uses. */
export const DeleteSecurityGroup = ec2Operation<DeleteSecurityGroupRequest, DeleteSecurityGroupResult>(
  ['GroupId', 'GroupName'],
  {
    run(input, call) {
      const group = findOwnGroup(call, input.GroupId, input.GroupName);
      if (group.name === 'default') {
        throw new AwsError(
          'CannotDelete',
          `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
        );
      }
      if (inUse(call, group)) throw dependency(`resource ${group.id} has a dependent object`);
      ec2State.of(call).groups.delete(group.id);
      return { Return: true, GroupId: group.id };
    },
    authorize(input, call) {
      const group = meantGroup(call, input.GroupId, input.GroupName);
      return [onResource(call, 'security-group', group?.id ?? input.GroupId, group)];
    },
  },
);

/** By a network interface, or by a rule of another group. */
function inUse(call: Call, group: SecurityGroup): boolean {
  const state = ec2State.of(call);
  for (const { groupIds } of state.interfaces.newest.values()) if (groupIds.includes(group.id)) return true;
  for (const other of state.groups.newest.values()) {
    if (other.id === group.id) continue;
    if (other.rules.some(({ peer }) => peer.kind === 'group' && peer.id === group.id)) return true;
  }
  return false;
}
