import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';

/** All target groups of application, network and gateway load balancers. */
export const targetGroups = verb(['elasticloadbalancing:DescribeTargetGroups'], (aws: Aws) =>
  collect(
    pages<TargetGroup>(async (marker) => {
      const { TargetGroups: items = [], NextMarker: next } = await aws.send(
        ElasticLoadBalancingV2Client,
        new DescribeTargetGroupsCommand({
          PageSize: 400,
          ...(marker === undefined ? {} : { Marker: marker }),
        }),
      );
      return { items, next };
    }),
  ),
);

/** The targets of one group, by instance id or private address, with their health. */
export const targetsOf = verb(
  ['elasticloadbalancing:DescribeTargetHealth'],
  async (aws: Aws, targetGroupArn: string): Promise<readonly TargetHealthDescription[]> => {
    const { TargetHealthDescriptions: targets = [] } = await aws.send(
      ElasticLoadBalancingV2Client,
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return targets;
  },
);
