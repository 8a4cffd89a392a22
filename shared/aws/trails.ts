import { CloudTrailClient, DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import { type Aws, verb } from './access.ts';

/** The trails that log this region, those of other home regions and of the organisation among them. */
export const trails = verb(
  ['cloudtrail:DescribeTrails'],
  async (aws: Aws): Promise<readonly Trail[]> =>
    (await aws.send(CloudTrailClient, new DescribeTrailsCommand({ includeShadowTrails: true }))).trailList ??
    [],
);
