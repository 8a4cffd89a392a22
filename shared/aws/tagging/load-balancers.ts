import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { type Tags, tagsFrom } from './target.ts';

/** The ARNs of all application, network and gateway load balancers of the region, four hundred a page. */
export const listLoadBalancers = verb(
  ['elasticloadbalancing:DescribeLoadBalancers'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new DescribeLoadBalancersCommand({
        PageSize: 400,
        ...(token === undefined ? {} : { Marker: token }),
      });
      const { LoadBalancers: all = [], NextMarker: next } = await aws.send(
        ElasticLoadBalancingV2Client,
        command,
      );
      return { items: all.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []), next };
    }),
);

export const loadBalancerTags = verb(
  ['elasticloadbalancing:DescribeTags'],
  async (aws: Aws, arn: string): Promise<Tags> => {
    const command = new DescribeTagsCommand({ ResourceArns: [arn] });
    const { TagDescriptions: [told] = [] } = await aws.send(ElasticLoadBalancingV2Client, command);
    return tagsFrom(told?.Tags);
  },
);
