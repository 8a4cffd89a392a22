import type { Service } from '../../core/service.ts';
import { deregisterInstances, describeInstanceHealth, registerInstances } from './instances.ts';
import {
  addTags,
  createLoadBalancer,
  deleteLoadBalancer,
  describeLoadBalancers,
  describeTags,
} from './load-balancers.ts';

/** Classic Load Balancers. */
export const elb: Service = {
  name: 'elastic-load-balancing',
  signingName: 'elasticloadbalancing',
  iamPrefix: 'elasticloadbalancing',
  eventSource: 'elasticloadbalancing.amazonaws.com',
  load: () => import('@aws-sdk/client-elastic-load-balancing'),
  operations: {
    AddTags: addTags,
    CreateLoadBalancer: createLoadBalancer,
    DeleteLoadBalancer: deleteLoadBalancer,
    DeregisterInstancesFromLoadBalancer: deregisterInstances,
    DescribeInstanceHealth: describeInstanceHealth,
    DescribeLoadBalancers: describeLoadBalancers,
    DescribeTags: describeTags,
    RegisterInstancesWithLoadBalancer: registerInstances,
  },
};
