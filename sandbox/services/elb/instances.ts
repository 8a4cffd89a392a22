import type {
  DeregisterEndPointsInput,
  DeregisterEndPointsOutput,
  DescribeEndPointStateInput,
  DescribeEndPointStateOutput,
  InstanceState,
  RegisterEndPointsInput,
  RegisterEndPointsOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { ec2State, type Place } from '../ec2/state.ts';
import { type ClassicBalancer, classicBalancers, findBalancer, onBalancer } from './state.ts';

/** Puts instances behind a Classic Load Balancer. */
export const registerInstances = operation<RegisterEndPointsInput, RegisterEndPointsOutput>({
  run(input, call) {
    const found = findBalancer(call, input.LoadBalancerName);
    const ids = (input.Instances ?? []).map(({ InstanceId = '' }) => InstanceId);
    const lost = ids.find((id) => !ec2State.of(call).instances.newest.has(id));
    if (lost !== undefined) throw new AwsError('InvalidInstance', `Could not find EC2 instance ${lost}.`);
    return { Instances: keep(call, found, [...new Set([...found.instanceIds, ...ids])]) };
  },
  authorize: (input, call) => [onBalancer(call, input.LoadBalancerName)],
});

/** Takes instances out of a Classic Load Balancer. */
export const deregisterInstances = operation<DeregisterEndPointsInput, DeregisterEndPointsOutput>({
  run(input, call) {
    const found = findBalancer(call, input.LoadBalancerName);
    const goes = new Set((input.Instances ?? []).map(({ InstanceId }) => InstanceId));
    return {
      Instances: keep(
        call,
        found,
        found.instanceIds.filter((id) => !goes.has(id)),
      ),
    };
  },
  authorize: (input, call) => [onBalancer(call, input.LoadBalancerName)],
});

function keep(call: Call, found: ClassicBalancer, instanceIds: readonly string[]) {
  classicBalancers.of(call).set(found.name, { ...found, instanceIds });
  return instanceIds.map((InstanceId) => ({ InstanceId }));
}

/** Tells for each instance whether it gets traffic, and why not. */
export const describeInstanceHealth = operation<DescribeEndPointStateInput, DescribeEndPointStateOutput>({
  run(input, call) {
    const found = findBalancer(call, input.LoadBalancerName);
    const asked = (input.Instances ?? []).map(({ InstanceId = '' }) => InstanceId);
    const odd = asked.find((id) => !found.instanceIds.includes(id));
    if (odd !== undefined) throw new AwsError('InvalidInstance', `Could not find EC2 instance ${odd}.`);
    const ids = asked.length > 0 ? asked : found.instanceIds;
    return { InstanceStates: ids.map((id) => stateOf(call, found, id)) };
  },
});

function stateOf(call: Call, { failing }: ClassicBalancer, InstanceId: string): InstanceState {
  const state = ec2State.of(call).instances.newest.get(InstanceId)?.state ?? 'terminated';
  if (state !== 'running') {
    return {
      InstanceId,
      State: 'OutOfService',
      ReasonCode: 'Instance',
      Description: `Instance is in ${state} state.`,
    };
  }
  if (!failing.has(InstanceId))
    return { InstanceId, State: 'InService', ReasonCode: 'N/A', Description: 'N/A' };
  const Description =
    'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.';
  return { InstanceId, State: 'OutOfService', ReasonCode: 'Instance', Description };
}

/** Makes the health checks of an instance fail, or pass again. */
export function seedInstanceHealth(place: Place, name: string, instanceId: string, healthy: boolean): void {
  const found = classicBalancers.of(place).get(name);
  if (!found) throw new Error(`No load balancer ${name}`);
  const failing = new Set(found.failing);
  if (healthy) failing.delete(instanceId);
  else failing.add(instanceId);
  classicBalancers.of(place).set(name, { ...found, failing });
}
