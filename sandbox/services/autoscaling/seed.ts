import type { LifecycleState } from '@aws-sdk/client-auto-scaling';
import { tagInstance } from '../ec2/instances/seed.ts';
import { ec2State, type Place } from '../ec2/state.ts';
import { watchMembers } from './health.ts';
import { change, type Group, groups } from './state.ts';

/** Makes a group around instances that are there already, with their `aws:autoscaling:groupName` tags; any life cycle state (`Warmed:Stopped`). */
export function seedAutoScalingGroup(
  place: Place,
  name: string,
  instanceIds: readonly string[],
  lifecycle: LifecycleState = 'InService',
): void {
  const { instances } = ec2State.of(place);
  const made: Group = {
    name,
    arn: `arn:${place.partition}:autoscaling:${place.region}:${place.account}:autoScalingGroup:${place.world.random.uuid()}:autoScalingGroupName/${name}`,
    createdAt: new Date(place.world.clock.now()),
    template: { LaunchTemplateName: name, Version: '$Default' },
    ...{ zones: [], subnetIds: [], targetGroupArns: [], loadBalancerNames: [], members: [] },
    ...{ min: 0, max: instanceIds.length, desired: lifecycle === 'InService' ? instanceIds.length : 0 },
    ...{ healthCheckType: 'EC2', gracePeriod: 0, cooldown: 300, protectsNew: false, tags: new Map() },
  };
  groups.of(place).set(name, made);
  watchMembers(place.world);
  const members = instanceIds.map((instanceId) => {
    tagInstance(place, instanceId, [{ Key: 'aws:autoscaling:groupName', Value: name }]);
    const found = instances.newest.get(instanceId);
    const { instanceType = '', zone = '' } = found ?? {};
    return { instanceId, instanceType, zone, lifecycle, healthy: true };
  });
  change(place, name, (now) => ({ ...now, members }));
}
