import { GetQueueUrlCommand, ListQueuesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { type Tags, tagsOf } from './target.ts';

/** The names of all queues of the region, a thousand a page. */
export const listQueues = verb(
  ['sqs:ListQueues'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new ListQueuesCommand({
        MaxResults: 1000,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { QueueUrls: urls = [], NextToken: next } = await aws.send(SQSClient, command);
      return { items: urls.map((url) => url.slice(url.lastIndexOf('/') + 1)), next };
    }),
);

/** SQS speaks of queues by their URL, which only it can tell. */
export const queueTags = verb(
  ['sqs:GetQueueUrl', 'sqs:ListQueueTags'],
  async (aws: Aws, arn: string): Promise<Tags> => {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    const { QueueUrl } = await aws.send(SQSClient, new GetQueueUrlCommand({ QueueName: name }));
    return tagsOf((await aws.send(SQSClient, new ListQueueTagsCommand({ QueueUrl }))).Tags);
  },
);
