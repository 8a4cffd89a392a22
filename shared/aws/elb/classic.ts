import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';

/** All Classic Load Balancers with the instances registered with them. */
export const classicLoadBalancers = verb(['elasticloadbalancing:DescribeLoadBalancers'], (aws: Aws) =>
  collect(
    pages<LoadBalancerDescription>(async (marker) => {
      const { LoadBalancerDescriptions: items = [], NextMarker: next } = await aws.send(
        ElasticLoadBalancingClient,
        new DescribeLoadBalancersCommand({
          PageSize: 400,
          ...(marker === undefined ? {} : { Marker: marker }),
        }),
      );
      return { items, next };
    }),
  ),
);
