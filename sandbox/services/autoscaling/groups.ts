import type {
  CreateAutoScalingGroupType,
  DeleteAutoScalingGroupType,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { ec2State } from '../ec2/state.ts';
import { zonesOf } from '../ec2/zones.ts';
import { balance, dismiss } from './balance.ts';
import { watchMembers } from './health.ts';
import { change, findGroup, type Group, groups, invalid, onGroup } from './state.ts';
import { checkedTags } from './tags.ts';

const COMMON = [
  ...['AutoScalingGroupName', 'LaunchTemplate', 'MinSize', 'MaxSize', 'DesiredCapacity', 'AvailabilityZones'],
  ...['VPCZoneIdentifier', 'HealthCheckType', 'HealthCheckGracePeriod', 'DefaultCooldown'],
  'NewInstancesProtectedFromScaleIn',
];

/** Makes a group and launches its members from a launch template. */
export const createAutoScalingGroup = operation<CreateAutoScalingGroupType, object>({
  async run(input, call) {
    refuseUnknown(input, [...COMMON, 'Tags', 'TargetGroupARNs', 'LoadBalancerNames'], '');
    const name = input.AutoScalingGroupName;
    if (!name) throw invalid('AutoScalingGroupName is required.');
    if (groups.of(call).has(name)) {
      const message = `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`;
      throw new AwsError('AlreadyExists', message);
    }
    if (!input.LaunchTemplate) {
      throw invalid(
        'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
      );
    }
    if (input.MinSize === undefined || input.MaxSize === undefined)
      throw invalid('MinSize and MaxSize are required.');
    const tags = checkedTags(
      call,
      (input.Tags ?? []).map((tag) => ({ ...tag, ResourceId: name })),
    );
    const made: Group = checkedSizes({
      name,
      arn: `arn:${call.partition}:autoscaling:${call.region}:${call.account}:autoScalingGroup:${call.world.random.uuid()}:autoScalingGroupName/${name}`,
      createdAt: call.now,
      template: input.LaunchTemplate,
      ...network(call, input),
      min: input.MinSize,
      max: input.MaxSize,
      desired: input.DesiredCapacity ?? input.MinSize,
      healthCheckType: input.HealthCheckType ?? 'EC2',
      gracePeriod: input.HealthCheckGracePeriod ?? 0,
      cooldown: input.DefaultCooldown ?? 300,
      protectsNew: input.NewInstancesProtectedFromScaleIn ?? false,
      targetGroupArns: input.TargetGroupARNs ?? [],
      loadBalancerNames: input.LoadBalancerNames ?? [],
      tags: new Map(tags.map(({ key, value, propagate }) => [key, { value, propagate }])),
      members: [],
    });
    watchMembers(call.world);
    groups.of(call).set(name, made);
    try {
      await balance(call, name);
    } catch (error) {
      if (groups.of(call).get(name)?.members.length === 0) groups.of(call).delete(name);
      throw error;
    }
    return {};
  },
  authorize: (input, call) => [
    onGroup(call, input.AutoScalingGroupName, {
      ...Object.fromEntries(
        (input.Tags ?? []).map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, [Value]]),
      ),
      ...(input.Tags?.length && { 'aws:TagKeys': input.Tags.map(({ Key = '' }) => Key) }),
    }),
  ],
});

/** Changes a group; a new size is reached at once. */
export const updateAutoScalingGroup = operation<UpdateAutoScalingGroupType, object>({
  async run(input, call) {
    refuseUnknown(input, COMMON, '');
    const { name } = findGroup(call, input.AutoScalingGroupName);
    change(call, name, (now) => {
      const min = input.MinSize ?? now.min;
      const max = input.MaxSize ?? now.max;
      const moves = input.AvailabilityZones !== undefined || input.VPCZoneIdentifier !== undefined;
      return checkedSizes({
        ...now,
        ...(moves && network(call, input)),
        template: input.LaunchTemplate ?? now.template,
        ...{ min, max },
        // A new minimum or maximum moves a capacity that was not asked for itself.
        desired: input.DesiredCapacity ?? Math.min(max, Math.max(min, now.desired)),
        healthCheckType: input.HealthCheckType ?? now.healthCheckType,
        gracePeriod: input.HealthCheckGracePeriod ?? now.gracePeriod,
        cooldown: input.DefaultCooldown ?? now.cooldown,
        protectsNew: input.NewInstancesProtectedFromScaleIn ?? now.protectsNew,
      });
    });
    await balance(call, name);
    return {};
  },
  authorize: (input, call) => [onGroup(call, input.AutoScalingGroupName)],
});

/** Deletes an empty group, or with ForceDelete one together with its members. */
export const deleteAutoScalingGroup = operation<DeleteAutoScalingGroupType, object>({
  async run(input, call) {
    refuseUnknown(input, ['AutoScalingGroupName', 'ForceDelete'], '');
    const group = findGroup(call, input.AutoScalingGroupName);
    if (group.members.length > 0 && !input.ForceDelete) {
      const message =
        'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.';
      throw new AwsError('ResourceInUse', message);
    }
    await dismiss(call, group.name, group.members);
    groups.of(call).delete(group.name);
    return {};
  },
  authorize: (input, call) => [onGroup(call, input.AutoScalingGroupName)],
});

function checkedSizes(group: Group): Group {
  const { min, max, desired } = group;
  if (min < 0 || max < min)
    throw invalid('Max bound, which was specified, must be greater than or equal to min bound.');
  if (desired < min || desired > max) {
    throw invalid(
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    );
  }
  return group;
}

/** Zones and subnets; subnets tell their zones. */
function network(
  call: Call,
  { VPCZoneIdentifier, AvailabilityZones = [] }: UpdateAutoScalingGroupType,
): Pick<Group, 'zones' | 'subnetIds'> {
  const { subnets } = ec2State.of(call);
  const subnetIds = (VPCZoneIdentifier ?? '').split(',').flatMap((id) => id.trim() || []);
  for (const id of subnetIds) {
    if (!subnets.newest.has(id)) throw invalid(`The subnet ID '${id}' does not exist`);
  }
  const known = zonesOf(call).map(({ name }) => name);
  const odd = AvailabilityZones.find((zone) => !known.includes(zone));
  if (odd) throw invalid(`Invalid Availability Zone(s) specified: ${odd}`);
  if (subnetIds.length === 0 && AvailabilityZones.length === 0) {
    throw invalid('At least one Availability Zone or VPC Subnet is required.');
  }
  const zones = subnetIds.flatMap((id) => subnets.newest.get(id)?.zone ?? []);
  return { subnetIds, zones: subnetIds.length > 0 ? [...new Set(zones)] : AvailabilityZones };
}
