import type { BlockDeviceMapping, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand, TrailDetail } from '../../../core/service.ts';
import { onCreated, onResource } from '../demands.ts';
import { meantGroup } from '../groups/find-group.ts';
import { defined, items, trailTags } from '../groups/trail.ts';
import { onGroups, onSubnet } from './demands.ts';
import { meantTemplate } from './find-template.ts';
import { withTemplate } from './from-template.ts';

/** What IAM is asked for a launch: image, instance, interface, subnet, groups, and the tags it brings. */
export function runDemands(asked: RunInstancesRequest, call: Call): readonly Demand[] {
  const input = meant(asked, call);
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
    ...onCreated(call, 'volume', input.TagSpecifications),
    ...(input.InstanceMarketOptions
      ? onCreated(call, 'spot-instances-request', input.TagSpecifications)
      : []),
    ...onTemplate(call, input),
    ...onProfile(call, input),
    ...(subnets.size > 0 ? [...subnets].map((id) => onSubnet(call, id)) : [onSubnet(call, undefined)]),
    ...(groups.length > 0
      ? onGroups(call, groups)
      : [onResource(call, 'security-group', undefined, undefined)]),
    ...(input.KeyName ? [onResource(call, 'key-pair', input.KeyName, undefined)] : []),
  ];
}

function onTemplate(call: Call, { LaunchTemplate: wish }: RunInstancesRequest): readonly Demand[] {
  if (!wish) return [];
  const template = meantTemplate(call, wish.LaunchTemplateId, wish.LaunchTemplateName);
  return [onResource(call, 'launch-template', template?.id ?? wish.LaunchTemplateId, template)];
}

/** Whoever hands a role to an instance must be allowed to pass it; the sandbox's profiles are named like their roles. */
function onProfile(call: Call, { IamInstanceProfile: profile }: RunInstancesRequest): readonly Demand[] {
  if (!profile) return [];
  const name = profile.Name ?? profile.Arn?.split('/').at(-1) ?? '*';
  const role = `arn:${call.partition}:iam::${call.account}:role/${name}`;
  const context = {
    'iam:PassedToService': [call.partition === 'aws-cn' ? 'ec2.amazonaws.com.cn' : 'ec2.amazonaws.com'],
  };
  return [{ action: 'iam:PassRole', resources: [role], context }];
}

/** Images belong to no account in their ARN. */
function onImage(call: Call, id = '*'): Demand {
  return {
    action: `ec2:${call.operation}`,
    resources: [`arn:${call.partition}:ec2:${call.region}::image/${id}`],
    context: { 'ec2:Region': [call.region] },
  };
}

/** The launch as its template completes it; a template that does not exist is told later. */
function meant(input: RunInstancesRequest, call: Call): RunInstancesRequest {
  try {
    return { ...withTemplate(call, input), LaunchTemplate: input.LaunchTemplate };
  } catch (error) {
    if (error instanceof AwsError) return input;
    throw error;
  }
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
      blockDeviceMapping: items((input.BlockDeviceMappings ?? []).map(trailDevice)),
      userData: input.UserData === undefined ? undefined : '<sensitiveDataRemoved>',
      monitoring: { enabled: input.Monitoring?.Enabled ?? false },
      disableApiStop: input.DisableApiStop,
      ebsOptimized: input.EbsOptimized,
      instanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior,
      availabilityZone: input.Placement?.AvailabilityZone,
      tenancy: input.Placement?.Tenancy,
      instanceMarketOptions: input.InstanceMarketOptions && {
        marketType: input.InstanceMarketOptions.MarketType,
        spotOptions: {
          spotInstanceType: input.InstanceMarketOptions.SpotOptions?.SpotInstanceType ?? 'one-time',
        },
      },
      launchTemplate:
        input.LaunchTemplate &&
        defined({
          launchTemplateId: input.LaunchTemplate.LaunchTemplateId,
          launchTemplateName: input.LaunchTemplate.LaunchTemplateName,
          version: input.LaunchTemplate.Version,
        }),
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

function trailDevice({ DeviceName, Ebs, NoDevice, VirtualName }: BlockDeviceMapping) {
  return defined({
    deviceName: DeviceName,
    noDevice: NoDevice,
    virtualName: VirtualName,
    ebs:
      Ebs &&
      defined({
        volumeSize: Ebs.VolumeSize,
        volumeType: Ebs.VolumeType,
        deleteOnTermination: Ebs.DeleteOnTermination,
        encrypted: Ebs.Encrypted,
        snapshotId: Ebs.SnapshotId,
      }),
  });
}
