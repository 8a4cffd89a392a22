import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';

/** The regions that this account can use: opted in, or with no need to (B5.30). */
export const enabledRegions = verb(['ec2:DescribeRegions'], async (aws: Aws): Promise<readonly string[]> => {
  const { Regions: regions = [] } = await aws.send(
    EC2Client,
    new DescribeRegionsCommand({ AllRegions: false }),
  );
  return regions
    .filter(({ OptInStatus: status }) => status !== 'not-opted-in')
    .flatMap(({ RegionName: name }) => (name === undefined ? [] : [name]))
    .sort();
});
