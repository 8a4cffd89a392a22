import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Call, Demand, TrailDetail } from '../../../core/service.ts';
import { onCreated, onResource } from '../demands.ts';
import { meantGroup } from '../groups/find-group.ts';
import { defined, items, trailTags } from '../groups/trail.ts';
import { onGroups, onSubnet } from './demands.ts';

/** What IAM is asked for a launch: image, instance, interface, subnet, groups, and the tags it brings. */
export function runDemands(input: RunInstancesRequest, call: Call): readonly Demand[] {
  const instance = onCreated(call, 'instance', input.TagSpecifications).map((demand) => ({
    ...demand,
    context: { ...demand.context, 'ec2:InstanceType': [input.InstanceType ?? 'm1.small'] },
  }));
  const specified = input.NetworkInterfaces ?? [];
  const named = (input.SecurityGroups ?? []).map((name) => meantGroup(call, undefined, name)?.id ?? '*');
  const groups = [
    ...(input.SecurityGroupIds ?? []),
    ...named,
    ...specified.flatMap((one) => one.Groups ?? []),
  ];
  const subnets = new Set(
    [input.SubnetId, ...specified.map((one) => one.SubnetId)].filter((id) => id !== undefined),
  );
  return [
    onImage(call, input.ImageId),
    ...instance,
    ...onCreated(call, 'network-interface', input.TagSpecifications),
    ...(subnets.size > 0 ? [...subnets].map((id) => onSubnet(call, id)) : [onSubnet(call, undefined)]),
    ...(groups.length > 0
      ? onGroups(call, groups)
      : [onResource(call, 'security-group', undefined, undefined)]),
    ...(input.KeyName ? [onResource(call, 'key-pair', input.KeyName, undefined)] : []),
  ];
}

/** Images belong to no account in their ARN. */
function onImage(call: Call, id = '*'): Demand {
  return {
    action: `ec2:${call.operation}`,
    resources: [`arn:${call.partition}:ec2:${call.region}::image/${id}`],
    context: { 'ec2:Region': [call.region] },
  };
}

/** CloudTrail's request parameters of RunInstances. */
export function runTrail(input: RunInstancesRequest): TrailDetail {
  const launch = defined({
    imageId: input.ImageId,
    minCount: input.MinCount,
    maxCount: input.MaxCount,
    keyName: input.KeyName,
  });
  const byId = (input.SecurityGroupIds ?? []).map((groupId) => ({ groupId }));
  const byName = (input.SecurityGroups ?? []).map((groupName) => ({ groupName }));
  return {
    request: defined({
      instancesSet: items([launch]),
      groupSet: items([...byId, ...byName]),
      instanceType: input.InstanceType,
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: input.DisableApiTermination ?? false,
      clientToken: input.ClientToken,
      subnetId: input.SubnetId,
      iamInstanceProfile:
        input.IamInstanceProfile &&
        defined({ name: input.IamInstanceProfile.Name, arn: input.IamInstanceProfile.Arn }),
      networkInterfaceSet: input.NetworkInterfaces && items(input.NetworkInterfaces.map(trailInterface)),
      tagSpecificationSet: input.TagSpecifications && items(input.TagSpecifications.map(trailTags)),
    }),
  };
}

function trailInterface(one: NonNullable<RunInstancesRequest['NetworkInterfaces']>[number]) {
  return defined({
    deviceIndex: one.DeviceIndex,
    subnetId: one.SubnetId,
    description: one.Description,
    associatePublicIpAddress: one.AssociatePublicIpAddress,
    deleteOnTermination: one.DeleteOnTermination,
    groupSet: one.Groups && items(one.Groups.map((groupId) => ({ groupId }))),
  });
}
