import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2State, type Place } from '../ec2/state.ts';
import { asAutoScaling } from './as-auto-scaling.ts';
import { change, type Group, groups, type Member } from './state.ts';

/** States in which a member counts towards the desired capacity. */
const COUNTS: readonly string[] = ['Pending', 'InService'];

/** Launches or terminates members until as many as desired are there. */
export async function balance(place: Place, name: string): Promise<void> {
  const group = groups.of(place).get(name);
  if (!group) return;
  const counted = group.members.filter((member) => COUNTS.includes(member.lifecycle));
  for (let missing = group.desired - counted.length; missing > 0; missing -= 1) await launchOne(place, name);
  // AWS's default policy also weighs zones and templates; the oldest goes first here.
  const surplus = counted.slice(0, Math.max(0, counted.length - group.desired));
  await dismiss(place, name, surplus);
}

/** Takes members out of the group and terminates them. */
export async function dismiss(place: Place, name: string, members: readonly Member[]): Promise<void> {
  if (members.length === 0) return;
  const ids = new Set(members.map(({ instanceId }) => instanceId));
  const group = groups.of(place).get(name);
  change(place, name, (now) => ({
    ...now,
    members: now.members.filter(({ instanceId }) => !ids.has(instanceId)),
  }));
  const { newest } = ec2State.of(place).instances;
  const alive = [...ids].filter(
    (id) => !['shutting-down', 'terminated', undefined].includes(newest.get(id)?.state),
  );
  if (group) await serve(place, group, 'Deregister', [...ids]);
  if (alive.length > 0) await asAutoScaling(place, 'ec2', 'TerminateInstances', { InstanceIds: alive });
}

async function launchOne(place: Place, name: string): Promise<void> {
  const group = groups.of(place).get(name);
  if (!group) return;
  const input: RunInstancesRequest = {
    LaunchTemplate: group.template,
    ...placeFor(place, group),
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [{ ResourceType: 'instance', Tags: tagsOf(group) }],
  };
  // RunInstances answers a reservation.
  const made = (await asAutoScaling(place, 'ec2', 'RunInstances', input)) as Reservation;
  const [instance] = made.Instances ?? [];
  const member: Member = {
    instanceId: instance?.InstanceId ?? '',
    instanceType: instance?.InstanceType ?? '',
    zone: instance?.Placement?.AvailabilityZone ?? '',
    ...{ lifecycle: 'Pending', healthy: true },
  };
  change(place, name, (now) => ({ ...now, members: [...now.members, member] }));
}

function tagsOf(group: Group) {
  const own = [...group.tags]
    .filter(([, tag]) => tag.propagate)
    .map(([Key, { value: Value }]) => ({ Key, Value }));
  return [{ Key: 'aws:autoscaling:groupName', Value: group.name }, ...own];
}

/** The zone (or subnet) that has the fewest members. */
function placeFor(place: Place, group: Group): Pick<RunInstancesRequest, 'SubnetId' | 'Placement'> {
  const { subnets } = ec2State.of(place);
  const zoneOf = (id: string) => subnets.newest.get(id)?.zone ?? '';
  const load = (zone: string) => group.members.filter((member) => member.zone === zone).length;
  const [SubnetId] = [...group.subnetIds].sort((a, b) => load(zoneOf(a)) - load(zoneOf(b)));
  if (SubnetId) return { SubnetId };
  const [AvailabilityZone] = [...group.zones].sort((a, b) => load(a) - load(b));
  return AvailabilityZone ? { Placement: { AvailabilityZone } } : {};
}

/** Puts members behind the group's load balancers, or takes them out. */
export async function serve(
  place: Place,
  group: Group,
  verb: 'Register' | 'Deregister',
  ids: readonly string[],
): Promise<void> {
  for (const TargetGroupArn of group.targetGroupArns) {
    const Targets = ids.map((Id) => ({ Id }));
    await asAutoScaling(place, 'elastic-load-balancing-v2', `${verb}Targets`, { TargetGroupArn, Targets });
  }
  const classic =
    verb === 'Register' ? 'RegisterInstancesWithLoadBalancer' : 'DeregisterInstancesFromLoadBalancer';
  for (const LoadBalancerName of group.loadBalancerNames) {
    const Instances = ids.map((InstanceId) => ({ InstanceId }));
    await asAutoScaling(place, 'elastic-load-balancing', classic, { LoadBalancerName, Instances });
  }
}
