import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

/** At two calls a second a longer search would outlast the invocation; a busier resource counts as untold. */
const MOST_PAGES = 10;

/**
 * The ARN of the principal who gave this tag of an EC2 resource its value, by the newest record of the 90 days that
 * CloudTrail keeps; undefined when it cannot be told (B6.8). Records come minutes late, or cut: one of another value says
 * that whoever wrote this one is not known.
 */
export const whoTagged = verb(
  ['cloudtrail:LookupEvents'],
  async (aws: Aws, resourceId: string, key: string, value: string): Promise<string | undefined> => {
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
        const setting = settingOf(text, resourceId, key);
        if (setting !== undefined) return setting.value === value ? setting.setter : undefined;
      }
      if (read >= MOST_PAGES) return undefined;
    }
    return undefined;
  },
);

interface Setting {
  readonly setter: string | undefined;
  /** Undefined where the tag was taken away. */
  readonly value: unknown;
}

/** What a successful call made of the tag, if it tagged or untagged the resource, or made it with that tag. */
function settingOf(text: string | undefined, resourceId: string, key: string): Setting | undefined {
  const record = parsed(text);
  if (field(record, 'errorCode') !== undefined) return undefined;
  const request = field(record, 'requestParameters');
  const name = String(field(record, 'eventName'));
  const tags = /^(Create|Delete)Tags$/.test(name) ? tagsGiven(request, resourceId) : tagsOnCreation(request);
  const tag = tags.find((one) => field(one, 'key') === key);
  if (tag === undefined) return undefined;
  const identity = field(record, 'userIdentity');
  const issuer = field(field(field(identity, 'sessionContext'), 'sessionIssuer'), 'arn');
  const arn = issuer ?? field(identity, 'arn');
  return {
    setter: typeof arn === 'string' ? arn : undefined,
    value: name === 'DeleteTags' ? undefined : field(tag, 'value'),
  };
}

function tagsGiven(request: unknown, resourceId: string): readonly unknown[] {
  const resources = itemsOf(field(request, 'resourcesSet')).map((one) => field(one, 'resourceId'));
  return resources.includes(resourceId) ? itemsOf(field(request, 'tagSet')) : [];
}

function tagsOnCreation(request: unknown): readonly unknown[] {
  return itemsOf(field(request, 'tagSpecificationSet')).flatMap((specification) => {
    const tags = field(specification, 'tags');
    return Array.isArray(tags) ? tags : [];
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
