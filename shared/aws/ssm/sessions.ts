import { DescribeSessionsCommand, type Session, type SessionState, SSMClient } from '@aws-sdk/client-ssm';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';

/** Session Manager's sessions: those that run, and those that began after a time; it remembers 30 days. */
export const sessionsSince = verb(
  ['ssm:DescribeSessions'],
  async (aws: Aws, since: Date): Promise<readonly Session[]> => {
    const [active, past] = await Promise.all([
      collect(sessionPages(aws, 'Active')),
      collect(sessionPages(aws, 'History', since)),
    ]);
    return [...active, ...past];
  },
);

function sessionPages(aws: Aws, state: SessionState, since?: Date): AsyncIterable<readonly Session[]> {
  // Whole seconds: the filter takes no fractions.
  const after = since?.toISOString().replace(/\.\d+Z$/, 'Z');
  return pages(async (token) => {
    const { Sessions: items = [], NextToken: next } = await aws.send(
      SSMClient,
      new DescribeSessionsCommand({
        State: state,
        MaxResults: 200,
        ...(after === undefined ? {} : { Filters: [{ key: 'InvokedAfter', value: after }] }),
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}
