import type {
  AddTagsInput,
  CreateAccessPointInput,
  CreateAccessPointOutput,
  DeleteAccessPointInput,
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { defaultVpcId } from '../ec2/groups/find-group.ts';
import { ec2State } from '../ec2/state.ts';
import { zonesOf } from '../ec2/zones.ts';
import { requestTags } from '../elbv2/state.ts';
import { withTags } from '../elbv2/tags.ts';
import { pageByKey } from '../pages.ts';
import { type ClassicBalancer, classicBalancers, findBalancer, onBalancer } from './state.ts';

const PARAMETERS = [
  'LoadBalancerName',
  'Listeners',
  'AvailabilityZones',
  'Subnets',
  'SecurityGroups',
  'Scheme',
  'Tags',
];
const invalid = (message: string) => new AwsError('ValidationError', message);

/** Makes a Classic Load Balancer in zones or subnets. */
export const createLoadBalancer = operation<CreateAccessPointInput, CreateAccessPointOutput>({
  run(input, call) {
    refuseUnknown(input, PARAMETERS, '');
    const { LoadBalancerName: name, Listeners: listeners = [] } = input;
    if (!name) throw invalid('LoadBalancerName is required');
    if (listeners.length === 0) throw invalid('Listeners cannot be empty');
    if (classicBalancers.of(call).has(name)) {
      throw new AwsError(
        'DuplicateLoadBalancerName',
        `ELB named ${name} already exists with different configuration`,
      );
    }
    const made: ClassicBalancer = {
      ...{ name, listeners, createdAt: call.now, instanceIds: [], failing: new Set() },
      ...network(call, input),
      groupIds: input.SecurityGroups ?? [],
      scheme: input.Scheme ?? 'internet-facing',
      tags: withTags(new Map(), input.Tags),
    };
    classicBalancers.of(call).set(name, made);
    return { DNSName: hostOf(call, made) };
  },
  authorize: (input, call) => [onBalancer(call, input.LoadBalancerName, requestTags(input.Tags))],
});

function network(
  call: Call,
  { Subnets = [], AvailabilityZones = [] }: CreateAccessPointInput,
): Pick<ClassicBalancer, 'vpcId' | 'zones' | 'subnetIds'> {
  const state = ec2State.of(call);
  const subnets = Subnets.map((id) => {
    const found = state.subnets.newest.get(id);
    if (!found) throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    return found;
  });
  const known = zonesOf(call).map(({ name }) => name);
  const odd = AvailabilityZones.find((zone) => !known.includes(zone));
  if (odd) throw invalid(`Invalid Availability Zone(s) ${odd}`);
  if (subnets.length === 0 && AvailabilityZones.length === 0)
    throw invalid('Either AvailabilityZones or SubnetIds must be specified');
  return {
    vpcId: subnets[0]?.vpcId ?? defaultVpcId(state) ?? '',
    zones: subnets.length > 0 ? subnets.map(({ zone }) => zone) : AvailabilityZones,
    subnetIds: Subnets,
  };
}

const hostOf = (call: Call, { name, scheme }: ClassicBalancer) =>
  `${scheme === 'internal' ? 'internal-' : ''}${name}-1234567890.${call.region}.elb.amazonaws.com`;

/** Lists Classic Load Balancers with their instances. */
export const describeLoadBalancers = operation<DescribeAccessPointsInput, DescribeAccessPointsOutput>({
  run(input, call) {
    refuseUnknown(input, ['LoadBalancerNames', 'Marker', 'PageSize'], '');
    const { LoadBalancerNames: names = [], PageSize: size = 400 } = input;
    if (size < 1 || size > 400) throw invalid('PageSize must be between 1 and 400');
    const all = [...classicBalancers.of(call).values()];
    const found = names.length > 0 ? names.map((name) => findBalancer(call, name)) : all;
    const page = pageByKey(found, (one) => one.name, size, input.Marker);
    if (!page) throw invalid(`The marker '${input.Marker}' is not valid`);
    return { LoadBalancerDescriptions: page.items.map((one) => show(call, one)), NextMarker: page.next };
  },
});

function show(call: Call, one: ClassicBalancer): LoadBalancerDescription {
  return {
    LoadBalancerName: one.name,
    DNSName: hostOf(call, one),
    ListenerDescriptions: one.listeners.map((Listener) => ({ Listener, PolicyNames: [] })),
    AvailabilityZones: [...one.zones],
    Subnets: [...one.subnetIds],
    VPCId: one.vpcId,
    Instances: one.instanceIds.map((InstanceId) => ({ InstanceId })),
    SecurityGroups: [...one.groupIds],
    CreatedTime: one.createdAt,
    Scheme: one.scheme,
  };
}

/** Deletes a Classic Load Balancer; one that is not there is deleted already. */
export const deleteLoadBalancer = operation<DeleteAccessPointInput, object>({
  run(input, call) {
    classicBalancers.of(call).delete(input.LoadBalancerName ?? '');
    return {};
  },
  authorize: (input, call) => [onBalancer(call, input.LoadBalancerName)],
});

/** Writes tags on one Classic Load Balancer. */
export const addTags = operation<AddTagsInput, object>({
  run(input, call) {
    const [name, ...more] = input.LoadBalancerNames ?? [];
    if (more.length > 0) throw invalid('Only one load balancer can be tagged at a time');
    const found = findBalancer(call, name);
    classicBalancers.of(call).set(found.name, { ...found, tags: withTags(found.tags, input.Tags) });
    return {};
  },
  authorize: (input, call) =>
    (input.LoadBalancerNames ?? ['*']).map((name) => onBalancer(call, name, requestTags(input.Tags))),
});

/** Lists the tags of up to 20 Classic Load Balancers. */
export const describeTags = operation<DescribeTagsInput, DescribeTagsOutput>({
  run(input, call) {
    const names = input.LoadBalancerNames ?? [];
    if (names.length > 20) throw invalid('Up to 20 load balancers can be described at once');
    return {
      TagDescriptions: names.map((name) => ({
        LoadBalancerName: name,
        Tags: [...findBalancer(call, name).tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});
