import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';
import { pages } from './pages.ts';

/** At two calls a second and fifty events a call: what takes longer than ten seconds is not told in full. */
const MOST_PAGES = 20;

/**
 * The calls of one name since a time, in the 90 days that CloudTrail keeps; by name and never by resource, because two
 * calls a second are all there is. Rejects when there are more than can be read.
 */
export const eventsByName = verb(
  ['cloudtrail:LookupEvents'],
  async (aws: Aws, name: string, since: Date): Promise<readonly Event[]> => {
    const found: Event[] = [];
    let read = 0;
    const listing = pages(async (token) => {
      read += 1;
      if (read > MOST_PAGES) throw tooMany(name);
      const { Events: items = [], NextToken: next } = await aws.send(
        CloudTrailClient,
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
          StartTime: since,
          MaxResults: 50,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    });
    for await (const events of listing) found.push(...events);
    return found;
  },
);

function tooMany(name: string): AwsFailure {
  return new AwsFailure({
    kind: 'conflict',
    code: 'TooManyEvents',
    action: 'LookupEvents',
    requestId: undefined,
    status: undefined,
    full: `CloudTrail holds more than ${MOST_PAGES * 50} events ${name}`,
  });
}
