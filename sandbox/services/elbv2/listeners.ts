import type {
  CreateListenerInput,
  CreateListenerOutput,
  DescribeListenersInput,
  DescribeListenersOutput,
  ProtocolEnum,
  Listener as ShownListener,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import {
  elbArn,
  elbState,
  findLoadBalancer,
  findTargetGroup,
  invalid,
  type Listener,
  onArn,
  requestTags,
} from './state.ts';
import { withTags } from './tags.ts';

/** Lets a load balancer listen on a port and forward to target groups. */
export const createListener = operation<CreateListenerInput, CreateListenerOutput>({
  run(input, call) {
    refuseUnknown(input, ['LoadBalancerArn', 'Protocol', 'Port', 'DefaultActions', 'Tags'], '');
    const balancer = findLoadBalancer(call, input.LoadBalancerArn);
    const { Port: port, Protocol: protocol, DefaultActions: actions = [] } = input;
    if (!port || !protocol) throw invalid('A listener needs a protocol and a port');
    if (protocol === 'HTTPS' || protocol === 'TLS')
      throw invalid('The sandbox does not support listeners with certificates');
    const state = elbState.of(call);
    if (
      [...state.listeners.values()].some((one) => one.loadBalancerArn === balancer.arn && one.port === port)
    ) {
      throw new AwsError(
        'DuplicateListener',
        'A listener already exists on this port for this load balancer',
      );
    }
    for (const action of actions) {
      refuseUnknown(action, ['Type', 'TargetGroupArn', 'Order'], 'DefaultActions.');
      if (action.Type !== 'forward')
        throw invalid(`The sandbox does not support actions of type ${action.Type}`);
      findTargetGroup(call, action.TargetGroupArn);
    }
    const path = balancer.arn.slice(balancer.arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
    const made: Listener = {
      ...{ loadBalancerArn: balancer.arn, port, protocol, actions },
      arn: elbArn(call, `listener/${path}/${call.world.random.hex(16)}`),
      tags: withTags(new Map(), input.Tags),
    };
    state.listeners.set(made.arn, made);
    return { Listeners: [show(made)] };
  },
  authorize: (input, call) => [
    onArn(call, input.LoadBalancerArn ?? elbArn(call, 'loadbalancer/app/*/*'), requestTags(input.Tags)),
  ],
});

/** Lists the listeners of a load balancer. */
export const describeListeners = operation<DescribeListenersInput, DescribeListenersOutput>({
  run(input, call) {
    refuseUnknown(input, ['LoadBalancerArn', 'ListenerArns'], '');
    const { LoadBalancerArn, ListenerArns: arns = [] } = input;
    const all = elbState.of(call).listeners;
    if (LoadBalancerArn) findLoadBalancer(call, LoadBalancerArn);
    if (arns.some((arn) => !all.has(arn))) {
      throw new AwsError('ListenerNotFound', 'One or more listeners not found');
    }
    const found = [...all.values()].filter((one) =>
      LoadBalancerArn ? one.loadBalancerArn === LoadBalancerArn : arns.includes(one.arn),
    );
    return { Listeners: found.map(show) };
  },
});

function show(one: Listener): ShownListener {
  return {
    ListenerArn: one.arn,
    LoadBalancerArn: one.loadBalancerArn,
    Port: one.port,
    // What a request named is what it reads back.
    Protocol: one.protocol as ProtocolEnum,
    DefaultActions: [...one.actions],
  };
}
