import { LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { type Tags, tagsOf } from './target.ts';

/** The names of all functions of the region, fifty a page. */
export const listFunctions = verb(
  ['lambda:ListFunctions'],
  (aws: Aws): AsyncIterable<readonly string[]> =>
    pages(async (token) => {
      const command = new ListFunctionsCommand({
        MaxItems: 50,
        ...(token === undefined ? {} : { Marker: token }),
      });
      const { Functions: functions = [], NextMarker: next } = await aws.send(LambdaClient, command);
      return { items: functions.flatMap(({ FunctionName }) => FunctionName ?? []), next };
    }),
);

export const functionTags = verb(
  ['lambda:ListTags'],
  async (aws: Aws, arn: string): Promise<Tags> =>
    tagsOf((await aws.send(LambdaClient, new ListTagsCommand({ Resource: arn }))).Tags),
);
