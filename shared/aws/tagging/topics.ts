import { ListTagsForResourceCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { type Tags, tagsFrom } from './target.ts';

/** The names of all topics of the region, a hundred a page. */
export const listTopics = verb(
  ['sns:ListTopics'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new ListTopicsCommand(token === undefined ? {} : { NextToken: token });
      const { Topics: topics = [], NextToken: next } = await aws.send(SNSClient, command);
      return { items: topics.map(({ TopicArn: arn = '' }) => arn.slice(arn.lastIndexOf(':') + 1)), next };
    }),
);

export const topicTags = verb(
  ['sns:ListTagsForResource'],
  async (aws: Aws, arn: string): Promise<Tags> =>
    tagsFrom((await aws.send(SNSClient, new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags),
);
