import type {
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operation } from '../../core/service.ts';
import { elbArn, elbState, findLoadBalancer, invalid, type LoadBalancer, onArn } from './state.ts';

/** Tells where access logs go, whether deletion is forbidden, and so on. */
export const describeLoadBalancerAttributes = operation<
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput
>({
  run: (input, call) => ({ Attributes: show(findLoadBalancer(call, input.LoadBalancerArn)) }),
});

/** Changes attributes that the load balancer has. */
export const modifyLoadBalancerAttributes = operation<
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput
>({
  run(input, call) {
    const found = findLoadBalancer(call, input.LoadBalancerArn);
    const given = (input.Attributes ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const);
    for (const [key] of given) {
      if (!found.attributes.has(key)) throw invalid(`Load balancer attribute key '${key}' is not recognized`);
    }
    const changed = { ...found, attributes: new Map([...found.attributes, ...given]) };
    elbState.of(call).loadBalancers.set(found.arn, changed);
    return { Attributes: show(changed) };
  },
  authorize: (input, call) => [onArn(call, input.LoadBalancerArn ?? elbArn(call, 'loadbalancer/*'))],
});

const show = ({ attributes }: LoadBalancer) => [...attributes].map(([Key, Value]) => ({ Key, Value }));
