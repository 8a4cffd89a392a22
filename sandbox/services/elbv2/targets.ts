import { isIPv4 } from 'node:net';
import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { ec2State, type Place } from '../ec2/state.ts';
import {
  elbArn,
  elbState,
  findTargetGroup,
  type Health,
  invalid,
  onArn,
  type Target,
  type TargetGroup,
} from './state.ts';
import { balancersOf } from './target-groups.ts';

/** How long a new target is looked at, and how long a leaving one drains, in ms. */
const INITIAL_MS = 30_000;
const DRAINING_MS = 300_000;

/** Adds running instances, addresses or a function to a target group. */
export const registerTargets = operation<RegisterTargetsInput, object>({
  run(input, call) {
    const group = findTargetGroup(call, input.TargetGroupArn);
    const since = call.now.getTime();
    const added = (input.Targets ?? []).map((wish): Target => {
      refuseUnknown(wish, ['Id', 'Port', 'AvailabilityZone'], 'Targets.');
      mustFit(call, group, wish);
      const port = wish.Port ?? group.port;
      return {
        ...{ id: wish.Id ?? '', since },
        ...(port !== undefined && { port }),
        ...(wish.AvailabilityZone && { zone: wish.AvailabilityZone }),
      };
    });
    const kept = standing(group, since).filter((old) => !added.some((one) => same(one, old)));
    elbState.of(call).targetGroups.set(group.arn, { ...group, targets: [...kept, ...added] });
    return {};
  },
  authorize: (input, call) => [onArn(call, input.TargetGroupArn ?? elbArn(call, 'targetgroup/*/*'))],
});

/** Takes targets out; they drain for a while. */
export const deregisterTargets = operation<DeregisterTargetsInput, object>({
  run(input, call) {
    const group = findTargetGroup(call, input.TargetGroupArn);
    const now = call.now.getTime();
    const goes = (target: Target) =>
      (input.Targets ?? []).some(
        ({ Id, Port }) => Id === target.id && (Port === undefined || Port === target.port),
      );
    const targets = standing(group, now).flatMap((target): Target[] => {
      if (!goes(target)) return [target];
      return group.type === 'lambda' ? [] : [{ ...target, drainedAt: target.drainedAt ?? now + DRAINING_MS }];
    });
    elbState.of(call).targetGroups.set(group.arn, { ...group, targets });
    return {};
  },
  authorize: (input, call) => [onArn(call, input.TargetGroupArn ?? elbArn(call, 'targetgroup/*/*'))],
});

/** Tells for each target whether it gets traffic, and why not. */
export const describeTargetHealth = operation<DescribeTargetHealthInput, DescribeTargetHealthOutput>({
  run(input, call) {
    refuseUnknown(input, ['TargetGroupArn', 'Targets'], '');
    const group = findTargetGroup(call, input.TargetGroupArn);
    const asked = input.Targets ?? [];
    const shown = standing(group, call.now.getTime()).filter(
      (target) => asked.length === 0 || asked.some(({ Id }) => Id === target.id),
    );
    return {
      TargetHealthDescriptions: shown.map((target) => {
        const { state, reason, description } = healthOf(call, group, target);
        return {
          Target: {
            Id: target.id,
            ...(target.port !== undefined && { Port: target.port }),
            ...(target.zone && { AvailabilityZone: target.zone }),
          },
          ...(target.port !== undefined && { HealthCheckPort: String(target.port) }),
          TargetHealth: {
            State: state,
            ...(reason && { Reason: reason }),
            ...(description && { Description: description }),
          },
        };
      }),
    };
  },
});

/** Sets what the health checks say of a target. */
export function seedTargetHealth(place: Place, groupArn: string, id: string, health: Health): void {
  const { targetGroups } = elbState.of(place);
  const group = targetGroups.get(groupArn);
  if (!group?.targets.some((target) => target.id === id)) throw new Error(`No target ${id} in ${groupArn}`);
  const targets = group.targets.map((target) => (target.id === id ? { ...target, seeded: health } : target));
  targetGroups.set(groupArn, { ...group, targets });
}

const same = (one: Target, other: Target) => one.id === other.id && one.port === other.port;
const standing = ({ targets }: TargetGroup, now: number) =>
  targets.filter(({ drainedAt }) => drainedAt === undefined || drainedAt > now);

/** States and reasons as the User Guide's "target health status" has them. */
function healthOf(call: Call, group: TargetGroup, target: Target): Health {
  const now = call.now.getTime();
  if (target.drainedAt !== undefined) {
    const description = 'Target deregistration is in progress';
    return { state: 'draining', reason: 'Target.DeregistrationInProgress', description };
  }
  const instance = group.type === 'instance' ? ec2State.of(call).instances.newest.get(target.id) : undefined;
  if (group.type === 'instance' && instance?.state !== 'running') {
    const description = `Target is in the ${instance?.state ?? 'terminated'} state`;
    return { state: 'unused', reason: 'Target.InvalidState', description };
  }
  if (balancersOf(call, group).length === 0) {
    const description = 'Target group is not configured to receive traffic from the load balancer';
    return { state: 'unused', reason: 'Target.NotInUse', description };
  }
  if (target.seeded) return target.seeded;
  if (!group.healthCheckEnabled) {
    return {
      state: 'unavailable',
      reason: 'Target.HealthCheckDisabled',
      description: 'Health checks are not enabled for this target',
    };
  }
  if (now - target.since < INITIAL_MS) {
    return {
      state: 'initial',
      reason: 'Elb.RegistrationInProgress',
      description: 'Target registration is in progress',
    };
  }
  return { state: 'healthy' };
}

function mustFit(call: Call, group: TargetGroup, { Id: id = '' }: TargetDescription): void {
  const refused = (message: string) => new AwsError('InvalidTarget', message);
  if (group.type === 'lambda') {
    if (!/^arn:[^:]+:lambda:/.test(id))
      throw invalid(`The target '${id}' is not a valid Lambda function ARN`);
    if (group.targets.some((one) => one.id !== id))
      throw new AwsError('TooManyTargets', 'A lambda target group holds one target');
    return;
  }
  if (group.type === 'ip') {
    if (!isIPv4(id)) throw invalid(`The IP address '${id}' is not a valid IPv4 address`);
    return;
  }
  const instance = ec2State.of(call).instances.newest.get(id);
  if (!instance) throw refused(`The following targets do not exist: '${id}'`);
  if (instance.vpcId !== group.vpcId)
    throw refused(`The following targets are not in the target group VPC '${group.vpcId}': '${id}'`);
  if (instance.state !== 'running') {
    throw refused(`The following targets are not in a running state and cannot be registered: '${id}'`);
  }
}
