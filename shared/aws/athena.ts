import {
  AthenaClient,
  GetWorkGroupCommand,
  ListWorkGroupsCommand,
  type WorkGroup,
  type WorkGroupSummary,
} from '@aws-sdk/client-athena';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

/** The workgroups of this region, `primary` among them, without their configuration. */
export const workGroups = verb(
  ['athena:ListWorkGroups'],
  (aws: Aws): AsyncIterable<readonly WorkGroupSummary[]> =>
    pages(async (token) => {
      const { WorkGroups: items = [], NextToken: next } = await aws.send(
        AthenaClient,
        new ListWorkGroupsCommand({ MaxResults: 50, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      return { items, next };
    }),
);

/** One workgroup with its configuration; throws where there is none of that name any more. */
export const workGroup = verb(['athena:GetWorkGroup'], async (aws: Aws, name: string): Promise<WorkGroup> => {
  const { WorkGroup } = await aws.send(AthenaClient, new GetWorkGroupCommand({ WorkGroup: name }));
  if (WorkGroup === undefined) throw new Error(`Athena said nothing about the workgroup ${name}`);
  return WorkGroup;
});
