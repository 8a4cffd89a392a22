import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

/** At two calls a second a longer search would outlast the invocation; a busier resource counts as untold. */
const MOST_PAGES = 10;

/**
 * The ARN of the principal who last set this tag on an EC2 resource, newest first in the 90 days that CloudTrail keeps;
 * undefined when it cannot be told (B6.8).
 */
export const whoTagged = verb(
  ['cloudtrail:LookupEvents'],
  async (aws: Aws, resourceId: string, key: string): Promise<string | undefined> => {
    let read = 0;
    const listing = pages(async (token) => {
      read += 1;
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: resourceId }],
        MaxResults: 50,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { Events: items = [], NextToken: next } = await aws.send(CloudTrailClient, command);
      return { items, next };
    });
    for await (const events of listing) {
      for (const { CloudTrailEvent: text } of events) {
        const setter = setterOf(text, resourceId, key);
        if (setter !== undefined) return setter;
      }
      if (read >= MOST_PAGES) return undefined;
    }
    return undefined;
  },
);

/** Who set the tag, if this record is a successful call that tagged the resource, or made it with that tag. */
function setterOf(text: string | undefined, resourceId: string, key: string): string | undefined {
  const record = parsed(text);
  if (field(record, 'errorCode') !== undefined) return undefined;
  const request = field(record, 'requestParameters');
  const keys =
    field(record, 'eventName') === 'CreateTags' ? keysTagged(request, resourceId) : keysOnCreation(request);
  if (!keys.includes(key)) return undefined;
  const identity = field(record, 'userIdentity');
  const issuer = field(field(field(identity, 'sessionContext'), 'sessionIssuer'), 'arn');
  const arn = issuer ?? field(identity, 'arn');
  return typeof arn === 'string' ? arn : undefined;
}

function keysTagged(request: unknown, resourceId: string): readonly unknown[] {
  const resources = itemsOf(field(request, 'resourcesSet')).map((one) => field(one, 'resourceId'));
  return resources.includes(resourceId)
    ? itemsOf(field(request, 'tagSet')).map((tag) => field(tag, 'key'))
    : [];
}

function keysOnCreation(request: unknown): readonly unknown[] {
  return itemsOf(field(request, 'tagSpecificationSet')).flatMap((specification) => {
    const tags = field(specification, 'tags');
    return Array.isArray(tags) ? tags.map((tag) => field(tag, 'key')) : [];
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // A record that cannot be read proves nothing about anybody.
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function itemsOf(value: unknown): readonly unknown[] {
  const items = field(value, 'items');
  return Array.isArray(items) ? items : [];
}
