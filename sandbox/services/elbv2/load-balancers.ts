import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer as ShownBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { groupsFor } from '../ec2/groups/find-group.ts';
import { defaultGroupId } from '../ec2/instances/lay-interface.ts';
import { ec2State } from '../ec2/state.ts';
import { pageByKey } from '../pages.ts';
import {
  elbArn,
  elbState,
  findLoadBalancer,
  invalid,
  type LoadBalancer,
  onArn,
  requestTags,
} from './state.ts';
import { withTags } from './tags.ts';

/** A load balancer is `provisioning` this long. */
const PROVISIONING_MS = 120_000;

/** Makes an Application or Network Load Balancer in subnets of one VPC. */
export const createLoadBalancer = operation<CreateLoadBalancerInput, CreateLoadBalancerOutput>({
  run(input, call) {
    refuseUnknown(
      input,
      ['Name', 'Subnets', 'SecurityGroups', 'Scheme', 'Tags', 'Type', 'IpAddressType'],
      '',
    );
    const { Name: name, Type: type = 'application' } = input;
    if (!name || !/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name))
      throw invalid(`The load balancer name '${name}' is not valid`);
    if (type === 'gateway') throw invalid('The sandbox does not support gateway load balancers');
    if (input.IpAddressType && input.IpAddressType !== 'ipv4')
      throw invalid('The sandbox supports only ipv4');
    const state = elbState.of(call);
    if ([...state.loadBalancers.values()].some((one) => one.name === name)) {
      const message = `A load balancer with the same name '${name}' exists, but with different settings`;
      throw new AwsError('DuplicateLoadBalancerName', message);
    }
    const { subnets, vpcId } = network(call, input.Subnets ?? [], type);
    const groups = input.SecurityGroups ?? [];
    const groupIds =
      groups.length > 0 ? groupsFor(call, groups, vpcId) : [defaultGroupId(ec2State.of(call), vpcId)];
    const path = `loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${call.world.random.hex(16)}`;
    const made: LoadBalancer = {
      ...{ arn: elbArn(call, path), name, type, vpcId, subnets, createdAt: call.now },
      scheme: input.Scheme ?? 'internet-facing',
      groupIds: type === 'application' || groups.length > 0 ? groupIds : [],
      attributes: new Map([
        ['deletion_protection.enabled', 'false'],
        ['access_logs.s3.enabled', 'false'],
        ['access_logs.s3.bucket', ''],
        ['access_logs.s3.prefix', ''],
        ['load_balancing.cross_zone.enabled', String(type === 'application')],
        ...(type === 'application' ? ([['idle_timeout.timeout_seconds', '60']] as const) : []),
      ]),
      tags: withTags(new Map(), input.Tags),
    };
    state.loadBalancers.set(made.arn, made);
    return { LoadBalancers: [show(call, made)] };
  },
  authorize: (input, call) => {
    const kind = input.Type === 'network' ? 'net' : 'app';
    return [
      onArn(call, elbArn(call, `loadbalancer/${kind}/${input.Name ?? '*'}/*`), requestTags(input.Tags)),
    ];
  },
});

function network(call: Call, ids: readonly string[], type: string): Pick<LoadBalancer, 'subnets' | 'vpcId'> {
  const known = ec2State.of(call).subnets.newest;
  const subnets = ids.map((id) => {
    const found = known.get(id);
    if (!found) throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return found;
  });
  const zones = new Set(subnets.map(({ zone }) => zone));
  const [first] = subnets;
  if (!first || (type === 'application' && zones.size < 2)) {
    throw invalid('At least two subnets in two different Availability Zones must be specified');
  }
  if (zones.size < subnets.length)
    throw invalid('A load balancer cannot be attached to multiple subnets in the same Availability Zone');
  if (subnets.some(({ vpcId }) => vpcId !== first.vpcId))
    throw invalid('All subnets must belong to the same VPC');
  return { vpcId: first.vpcId, subnets: subnets.map(({ id, zone }) => ({ id, zone })) };
}

/** Lists load balancers, by ARN or name if asked. */
export const describeLoadBalancers = operation<DescribeLoadBalancersInput, DescribeLoadBalancersOutput>({
  run(input, call) {
    refuseUnknown(input, ['LoadBalancerArns', 'Names', 'Marker', 'PageSize'], '');
    const { LoadBalancerArns: arns = [], Names: names = [], PageSize: size = 400 } = input;
    if (size < 1 || size > 400) throw invalid('PageSize must be between 1 and 400');
    const all = [...elbState.of(call).loadBalancers.values()];
    for (const arn of arns) findLoadBalancer(call, arn);
    if (names.some((name) => !all.some((one) => one.name === name))) {
      throw new AwsError('LoadBalancerNotFound', `Load balancers '[${names.join(', ')}]' not found`);
    }
    const found = all.filter(
      (one) =>
        (arns.length === 0 || arns.includes(one.arn)) && (names.length === 0 || names.includes(one.name)),
    );
    const page = pageByKey(found, (one) => one.arn, size, input.Marker);
    if (!page) throw invalid(`The marker '${input.Marker}' is not valid`);
    return { LoadBalancers: page.items.map((one) => show(call, one)), NextMarker: page.next };
  },
});

/** Deletes a load balancer and its listeners, unless it is protected. */
export const deleteLoadBalancer = operation<DeleteLoadBalancerInput, object>({
  run(input, call) {
    const state = elbState.of(call);
    const found = state.loadBalancers.get(input.LoadBalancerArn ?? '');
    if (found?.attributes.get('deletion_protection.enabled') === 'true') {
      const message = `Load balancer '${found.arn}' cannot be deleted because deletion protection is enabled`;
      throw new AwsError('OperationNotPermitted', message);
    }
    for (const listener of [...state.listeners.values()]) {
      if (listener.loadBalancerArn === input.LoadBalancerArn) state.listeners.delete(listener.arn);
    }
    state.loadBalancers.delete(input.LoadBalancerArn ?? '');
    return {};
  },
  authorize: (input, call) => [onArn(call, input.LoadBalancerArn ?? elbArn(call, 'loadbalancer/*'))],
});

function show(call: Call, one: LoadBalancer): ShownBalancer {
  const suffix = one.arn.slice(one.arn.lastIndexOf('/') + 1);
  const host =
    one.type === 'network'
      ? `${one.name}-${suffix}.elb.${call.region}`
      : `${one.name}-${suffix}.${call.region}.elb`;
  return {
    LoadBalancerArn: one.arn,
    LoadBalancerName: one.name,
    DNSName: `${one.scheme === 'internal' ? 'internal-' : ''}${host}.amazonaws.com`,
    CreatedTime: one.createdAt,
    Scheme: one.scheme,
    VpcId: one.vpcId,
    State: {
      Code: call.now.getTime() - one.createdAt.getTime() < PROVISIONING_MS ? 'provisioning' : 'active',
    },
    Type: one.type,
    AvailabilityZones: one.subnets.map(({ id, zone }) => ({
      ZoneName: zone,
      SubnetId: id,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: [...one.groupIds],
    IpAddressType: 'ipv4',
  };
}
