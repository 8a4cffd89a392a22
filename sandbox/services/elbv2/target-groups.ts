import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ProtocolEnum,
  TargetGroup as ShownGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { ec2State } from '../ec2/state.ts';
import { pageByKey } from '../pages.ts';
import {
  elbArn,
  elbState,
  findLoadBalancer,
  findTargetGroup,
  invalid,
  onArn,
  requestTags,
  type TargetGroup,
} from './state.ts';
import { withTags } from './tags.ts';

const PARAMETERS = [
  'Name',
  'Protocol',
  'Port',
  'VpcId',
  'TargetType',
  'HealthCheckPath',
  'HealthCheckEnabled',
  'Tags',
];

/** Makes a target group for instances, addresses or a Lambda function. */
export const createTargetGroup = operation<CreateTargetGroupInput, CreateTargetGroupOutput>({
  run(input, call) {
    refuseUnknown(input, PARAMETERS, '');
    const { Name: name, TargetType: type = 'instance' } = input;
    if (!name || !/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name))
      throw invalid(`The target group name '${name}' is not valid`);
    if (type === 'alb') throw invalid('The sandbox does not support target groups of type alb');
    const { targetGroups } = elbState.of(call);
    if ([...targetGroups.values()].some((one) => one.name === name)) {
      const message = `A target group with the same name '${name}' exists, but with different settings`;
      throw new AwsError('DuplicateTargetGroupName', message);
    }
    const made: TargetGroup = {
      ...{ arn: elbArn(call, `targetgroup/${name}/${call.world.random.hex(16)}`), name, type, targets: [] },
      ...(type === 'lambda' ? {} : network(call, input)),
      healthCheckEnabled: input.HealthCheckEnabled ?? type !== 'lambda',
      ...(input.HealthCheckPath !== undefined && { healthCheckPath: input.HealthCheckPath }),
      tags: withTags(new Map(), input.Tags),
    };
    targetGroups.set(made.arn, made);
    return { TargetGroups: [show(call, made)] };
  },
  authorize: (input, call) => [
    onArn(call, elbArn(call, `targetgroup/${input.Name ?? '*'}/*`), requestTags(input.Tags)),
  ],
});

function network(call: Call, { Protocol: protocol, Port: port, VpcId: vpcId }: CreateTargetGroupInput) {
  if (!protocol) throw invalid('A protocol must be specified');
  if (!port) throw invalid('A port must be specified');
  if (!vpcId) throw invalid('A VPC ID must be specified');
  if (!ec2State.of(call).vpcs.newest.has(vpcId)) throw invalid(`The VPC ID '${vpcId}' is not found`);
  return { protocol, port, vpcId };
}

/** Lists target groups: all, by ARN, by name, or those that a load balancer forwards to. */
export const describeTargetGroups = operation<DescribeTargetGroupsInput, DescribeTargetGroupsOutput>({
  run(input, call) {
    refuseUnknown(input, ['LoadBalancerArn', 'TargetGroupArns', 'Names', 'Marker', 'PageSize'], '');
    const { LoadBalancerArn, TargetGroupArns: arns = [], Names: names = [], PageSize: size = 400 } = input;
    if (size < 1 || size > 400) throw invalid('PageSize must be between 1 and 400');
    if (LoadBalancerArn) findLoadBalancer(call, LoadBalancerArn);
    for (const arn of arns) findTargetGroup(call, arn);
    const all = [...elbState.of(call).targetGroups.values()];
    if (names.some((name) => !all.some((one) => one.name === name))) {
      throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
    }
    const found = all.filter(
      (one) =>
        (arns.length === 0 || arns.includes(one.arn)) &&
        (names.length === 0 || names.includes(one.name)) &&
        (!LoadBalancerArn || balancersOf(call, one).includes(LoadBalancerArn)),
    );
    const page = pageByKey(found, (one) => one.arn, size, input.Marker);
    if (!page) throw invalid(`The marker '${input.Marker}' is not valid`);
    return { TargetGroups: page.items.map((one) => show(call, one)), NextMarker: page.next };
  },
});

/** ARNs of the load balancers that forward to a target group. */
export function balancersOf(call: Call, group: TargetGroup): readonly string[] {
  const listeners = [...elbState.of(call).listeners.values()].filter((one) =>
    one.actions.some((action) => action.TargetGroupArn === group.arn),
  );
  return [...new Set(listeners.map((one) => one.loadBalancerArn))];
}

function show(call: Call, one: TargetGroup): ShownGroup {
  return {
    TargetGroupArn: one.arn,
    TargetGroupName: one.name,
    TargetType: one.type,
    HealthCheckEnabled: one.healthCheckEnabled,
    HealthCheckPath: one.healthCheckPath ?? '/',
    LoadBalancerArns: [...balancersOf(call, one)],
    // What a request named is what it reads back.
    ...(one.protocol && { Protocol: one.protocol as ProtocolEnum, Port: one.port, VpcId: one.vpcId }),
  };
}
