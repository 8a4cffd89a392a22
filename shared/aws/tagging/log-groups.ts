import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { type Tags, tagsOf } from './target.ts';

/** The names of all log groups of the region, fifty a page. */
export const listLogGroups = verb(
  ['logs:DescribeLogGroups'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new DescribeLogGroupsCommand({
        limit: 50,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      const { logGroups = [], nextToken: next } = await aws.send(CloudWatchLogsClient, command);
      return { items: logGroups.flatMap(({ logGroupName }) => logGroupName ?? []), next };
    }),
);

export const logGroupTags = verb(
  ['logs:ListTagsForResource'],
  async (aws: Aws, arn: string): Promise<Tags> =>
    tagsOf((await aws.send(CloudWatchLogsClient, new ListTagsForResourceCommand({ resourceArn: arn }))).tags),
);
