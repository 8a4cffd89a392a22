import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  Filter,
} from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { pageByKey } from '../pages.ts';
import { type Group, groups, invalid, type Member } from './state.ts';
import { tagsOf } from './tags.ts';

const badToken = () => new AwsError('InvalidNextToken', 'The token is not valid.');

/** Lists groups with their members. */
export const describeAutoScalingGroups = operation<AutoScalingGroupNamesType, AutoScalingGroupsType>({
  run(input, call) {
    refuseUnknown(
      input,
      ['AutoScalingGroupNames', 'Filters', 'MaxRecords', 'NextToken', 'IncludeInstances'],
      '',
    );
    const names = input.AutoScalingGroupNames ?? [];
    const found = [...groups.of(call).values()].filter(
      (group) =>
        (names.length === 0 || names.includes(group.name)) &&
        (input.Filters ?? []).every((filter) => passes(group, filter)),
    );
    const page = pageByKey(found, (group) => group.name, size(input.MaxRecords, 100), input.NextToken);
    if (!page) throw badToken();
    const withMembers = input.IncludeInstances ?? true;
    return { AutoScalingGroups: page.items.map((group) => show(group, withMembers)), NextToken: page.next };
  },
});

/** Lists the instances that are members of groups: at most 50 are named, and shown, at once. */
export const describeAutoScalingInstances = operation<
  DescribeAutoScalingInstancesType,
  AutoScalingInstancesType
>({
  run(input, call) {
    refuseUnknown(input, ['InstanceIds', 'MaxRecords', 'NextToken'], '');
    const ids = input.InstanceIds ?? [];
    if (ids.length > 50) throw invalid('The number of instance ids that may be passed in is limited to 50');
    const wanted = new Set(ids);
    const found = [...groups.of(call).values()].flatMap((group) =>
      group.members.flatMap((member) =>
        wanted.size === 0 || wanted.has(member.instanceId)
          ? [{ ...showMember(group, member), AutoScalingGroupName: group.name }]
          : [],
      ),
    );
    const page = pageByKey(found, (one) => one.InstanceId, size(input.MaxRecords, 50), input.NextToken);
    if (!page) throw badToken();
    return { AutoScalingInstances: [...page.items], NextToken: page.next };
  },
});

function size(asked: number | undefined, most: number): number {
  const given = asked ?? 50;
  if (given >= 1 && given <= most) return given;
  throw invalid(`MaxRecords must be between 1 and ${most}.`);
}

function passes(group: Group, { Name = '', Values = [] }: Filter): boolean {
  if (Name === 'tag-key') return Values.some((key) => group.tags.has(key));
  if (Name === 'tag-value') return [...group.tags.values()].some(({ value }) => Values.includes(value));
  if (Name.startsWith('tag:')) return Values.includes(group.tags.get(Name.slice('tag:'.length))?.value ?? '');
  throw invalid(
    `Filter type ${Name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>`,
  );
}

function show(group: Group, withMembers: boolean): AutoScalingGroup {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: group.template,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldown,
    AvailabilityZones: [...group.zones],
    LoadBalancerNames: [...group.loadBalancerNames],
    TargetGroupARNs: [...group.targetGroupArns],
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.gracePeriod,
    CreatedTime: group.createdAt,
    SuspendedProcesses: [],
    VPCZoneIdentifier: group.subnetIds.join(','),
    EnabledMetrics: [],
    Tags: tagsOf(group),
    TerminationPolicies: ['Default'],
    NewInstancesProtectedFromScaleIn: group.protectsNew,
    ...(withMembers && { Instances: group.members.map((member) => showMember(group, member)) }),
  };
}

function showMember(group: Group, member: Member) {
  return {
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    AvailabilityZone: member.zone,
    LifecycleState: member.lifecycle,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    LaunchTemplate: group.template,
    ProtectedFromScaleIn: group.protectsNew,
  };
}
