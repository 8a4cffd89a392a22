import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { groupsFor } from '../groups/find-group.ts';
import { defined, items } from '../groups/trail.ts';
import { combination, invalidValue, KINDS, missing, resolve, unsupported } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { onGroups, onInstances } from './demands.ts';
import { mustBeIn } from './may-change.ts';
import type { Instance, NetworkInterface } from './model.ts';
import { instanceType } from './settings.ts';
import { showGroups } from './show-interface.ts';

const CHANGEABLE = [
  'Groups',
  'DisableApiTermination',
  'DisableApiStop',
  'SourceDestCheck',
  'InstanceType',
  'EbsOptimized',
  'InstanceInitiatedShutdownBehavior',
] as const;

/** Changes one attribute of an instance: groups, protection, source/destination check, type and a few more. */
export const ModifyInstanceAttribute = ec2Operation<ModifyInstanceAttributeRequest, object>(
  ['InstanceId', ...CHANGEABLE],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const instance = resolve(state.instances.newest, input.InstanceId, KINDS.instance, 'instanceId');
      const given = CHANGEABLE.filter((name) => input[name] !== undefined);
      if (given.length === 0) throw missing('groupSet');
      if (given.length > 1) {
        throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
      }
      if (input.Groups || input.SourceDestCheck) return modifyPrimary(call, instance, input);
      state.instances.set(instance.id, changed(instance, input));
      return {};
    },
    authorize: (input, call) => [
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
      ...onGroups(call, input.Groups),
    ],
    trail: (input) => ({
      request: defined({
        instanceId: input.InstanceId,
        groupSet: input.Groups && items(input.Groups.map((groupId) => ({ groupId }))),
        disableApiTermination: input.DisableApiTermination && { value: input.DisableApiTermination.Value },
        disableApiStop: input.DisableApiStop && { value: input.DisableApiStop.Value },
        sourceDestCheck: input.SourceDestCheck && { value: input.SourceDestCheck.Value },
        instanceType: input.InstanceType && { value: input.InstanceType.Value },
        ebsOptimized: input.EbsOptimized && { value: input.EbsOptimized.Value },
        instanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior && {
          value: input.InstanceInitiatedShutdownBehavior.Value,
        },
      }),
    }),
  },
);

/** Groups and the source/destination check are the primary interface's. */
function modifyPrimary(call: Call, instance: Instance, input: ModifyInstanceAttributeRequest): object {
  const { interfaces } = ec2State.of(call);
  const primary = primaryOf(call, instance);
  const what = input.Groups ? 'groups' : 'source/destination check';
  if (!primary) {
    const message = `The instance '${instance.id}' is not in a state in which its ${what} can be modified.`;
    throw new AwsError('IncorrectInstanceState', message);
  }
  interfaces.set(primary.id, {
    ...primary,
    groupIds: input.Groups ? groupsFor(call, input.Groups, instance.vpcId) : primary.groupIds,
    sourceDestCheck: input.SourceDestCheck?.Value ?? primary.sourceDestCheck,
  });
  return {};
}

function changed(instance: Instance, input: ModifyInstanceAttributeRequest): Instance {
  if (input.DisableApiTermination) {
    const on = input.DisableApiTermination.Value ?? false;
    if (on && instance.spotRequestId) throw combination('disableApiTermination', 'a Spot Instance');
    return { ...instance, apiTerminationDisabled: on };
  }
  if (input.DisableApiStop) return { ...instance, apiStopDisabled: input.DisableApiStop.Value ?? false };
  if (input.InstanceInitiatedShutdownBehavior) {
    const { Value: value } = input.InstanceInitiatedShutdownBehavior;
    if (value !== 'stop' && value !== 'terminate') {
      throw invalidValue(`Invalid value '${value}' for instanceInitiatedShutdownBehavior.`);
    }
    return { ...instance, shutdownBehavior: value };
  }
  mustBeIn([instance], ['stopped'], 'modified');
  if (input.EbsOptimized) return { ...instance, ebsOptimized: input.EbsOptimized.Value ?? false };
  const type = instanceType(input.InstanceType?.Value);
  const { cpuCredits: _, ...rest } = instance;
  return { ...rest, instanceType: type.name, ...(type.credits && { cpuCredits: type.credits }) };
}

function primaryOf(call: Call, instance: Instance): NetworkInterface | undefined {
  const [first] = instance.interfaceIds;
  return first === undefined ? undefined : ec2State.of(call).interfaces.newest.get(first);
}

/** Tells one attribute of an instance. */
export const DescribeInstanceAttribute = ec2Operation<DescribeInstanceAttributeRequest, InstanceAttribute>(
  ['InstanceId', 'Attribute'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const instance = resolve(state.instances.seen(), input.InstanceId, KINDS.instance, 'instanceId');
      if (!input.Attribute) throw missing('attribute');
      return { InstanceId: instance.id, ...attribute(call, instance, input.Attribute) };
    },
    authorize: (input, call) => onInstances(call, [input.InstanceId ?? '*']),
  },
);

function attribute(call: Call, instance: Instance, name: string): InstanceAttribute {
  const primary = primaryOf(call, instance);
  switch (name) {
    case 'disableApiStop':
      return { DisableApiStop: { Value: instance.apiStopDisabled } };
    case 'disableApiTermination':
      return { DisableApiTermination: { Value: instance.apiTerminationDisabled } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value: instance.shutdownBehavior } };
    case 'instanceType':
      return { InstanceType: { Value: instance.instanceType } };
    case 'ebsOptimized':
      return { EbsOptimized: { Value: instance.ebsOptimized } };
    case 'rootDeviceName':
      return { RootDeviceName: { Value: instance.image.rootDeviceName } };
    case 'userData':
      return { UserData: instance.userData === undefined ? {} : { Value: instance.userData } };
    case 'sourceDestCheck':
      return { SourceDestCheck: { Value: primary?.sourceDestCheck ?? true } };
    case 'groupSet':
      return { Groups: showGroups(ec2State.of(call), primary?.groupIds ?? []) };
    default:
      throw unsupported(`the attribute ${name}`);
  }
}
