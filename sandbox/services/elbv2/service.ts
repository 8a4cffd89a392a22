import type { Service } from '../../core/service.ts';
import { describeLoadBalancerAttributes, modifyLoadBalancerAttributes } from './attributes.ts';
import { createListener, describeListeners } from './listeners.ts';
import { createLoadBalancer, deleteLoadBalancer, describeLoadBalancers } from './load-balancers.ts';
import { addTags, describeTags, removeTags } from './tags.ts';
import { createTargetGroup, describeTargetGroups } from './target-groups.ts';
import { deregisterTargets, describeTargetHealth, registerTargets } from './targets.ts';

/** Application and Network Load Balancers with their target groups. */
export const elbv2: Service = {
  name: 'elastic-load-balancing-v2',
  signingName: 'elasticloadbalancing',
  iamPrefix: 'elasticloadbalancing',
  eventSource: 'elasticloadbalancing.amazonaws.com',
  load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  operations: {
    AddTags: addTags,
    CreateListener: createListener,
    CreateLoadBalancer: createLoadBalancer,
    CreateTargetGroup: createTargetGroup,
    DeleteLoadBalancer: deleteLoadBalancer,
    DeregisterTargets: deregisterTargets,
    DescribeListeners: describeListeners,
    DescribeLoadBalancerAttributes: describeLoadBalancerAttributes,
    DescribeLoadBalancers: describeLoadBalancers,
    DescribeTags: describeTags,
    DescribeTargetGroups: describeTargetGroups,
    DescribeTargetHealth: describeTargetHealth,
    ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
    RegisterTargets: registerTargets,
    RemoveTags: removeTags,
  },
};
