import { expect, it } from 'vitest';
import { createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import { whoTagged } from '../../../shared/aws/who-tagged.ts';
import { HOME } from './fixture.ts';

const KEY = 'reeve:exempt';
const ADMIN = 'arn:aws:iam::111122223333:role/Admin';

/** A CloudTrail record of CreateTags by a session of role Admin, as LookupEvents hands it out: JSON in a string. */
function tagged(change: object = {}): object {
  return {
    eventName: 'CreateTags',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ana',
      sessionContext: { sessionIssuer: { arn: ADMIN } },
    },
    requestParameters: {
      resourcesSet: { items: [{ resourceId: 'sg-1' }, { resourceId: 'sg-2' }] },
      tagSet: {
        items: [
          { key: 'Name', value: 'x' },
          { key: KEY, value: 'y' },
        ],
      },
    },
    ...change,
  };
}

/** CloudTrail as far as LookupEvents goes, over the client's own wire. */
function cloudTrail(...answers: readonly (readonly (object | string)[])[]) {
  const asked: string[] = [];
  const requestHandler = {
    handle: async ({ body }: { body: Uint8Array }) => {
      const page = answers[asked.length] ?? [];
      asked.push(new TextDecoder().decode(body));
      const Events = page.map((record) => ({
        CloudTrailEvent: typeof record === 'string' ? record : JSON.stringify(record),
      }));
      const more = asked.length < answers.length ? { NextToken: `page-${asked.length}` } : {};
      const bytes = new TextEncoder().encode(JSON.stringify({ Events, ...more }));
      const response = {
        statusCode: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: bytes,
      };
      return { response };
    },
  };
  const aws = createAws(HOME, {
    credentials: async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' }),
    requestHandler,
    endpoint: 'http://127.0.0.1:1',
    retryStrategy: new PatientRetry({
      attempts: 1,
      now: () => new Date(0),
      sleep: async () => {},
      random: () => 0,
    }),
  });
  return { aws, asked };
}

it('B6.8 names the role behind the session that last set the tag', async () => {
  const { aws, asked } = cloudTrail([tagged()]);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBe(ADMIN);
  expect(JSON.parse(asked[0] ?? '{}')).toMatchObject({
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'sg-1' }],
  });
});

it('B6.8 names a user by his own ARN', async () => {
  const arn = 'arn:aws:iam::111122223333:user/ana';
  const { aws } = cloudTrail([tagged({ userIdentity: { type: 'IAMUser', arn } })]);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBe(arn);
});

it('B6.8 names who made the resource with that tag', async () => {
  const request = {
    tagSpecificationSet: { items: [{ resourceType: 'security-group', tags: [{ key: KEY, value: 'y' }] }] },
  };
  const { aws } = cloudTrail([tagged({ eventName: 'CreateSecurityGroup', requestParameters: request })]);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBe(ADMIN);
});

it.each<[string, object | string]>([
  ['a refused call', tagged({ errorCode: 'Client.UnauthorizedOperation' })],
  [
    'another key',
    tagged({
      requestParameters: {
        resourcesSet: { items: [{ resourceId: 'sg-1' }] },
        tagSet: { items: [{ key: 'Name' }] },
      },
    }),
  ],
  [
    'another resource',
    tagged({
      requestParameters: {
        resourcesSet: { items: [{ resourceId: 'sg-9' }] },
        tagSet: { items: [{ key: KEY, value: 'y' }] },
      },
    }),
  ],
  ['another call', tagged({ eventName: 'DeleteTags' })],
  ['hidden parameters', tagged({ requestParameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' })],
  ['no identity', tagged({ userIdentity: null })],
  ['a record that is no JSON', '{'],
])('B6.8 B5.39 %s tells nothing', async (_, record) => {
  const { aws } = cloudTrail([record]);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBeUndefined();
});

it('reads on until the tag is found, and no further', async () => {
  const { aws, asked } = cloudTrail([tagged({ eventName: 'Other' })], [tagged()], [tagged()]);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBe(ADMIN);
  expect(asked).toHaveLength(2);
});

it('gives up after ten pages: then it cannot be told', async () => {
  const busy = Array.from({ length: 12 }, () => [tagged({ eventName: 'Other' })]);
  const { aws, asked } = cloudTrail(...busy);

  expect(await whoTagged(aws, 'sg-1', KEY, 'y')).toBeUndefined();
  expect(asked).toHaveLength(10);
});

it.each([
  ['another value: CloudTrail lags, and the one who wrote this one is not known yet', tagged()],
  ['the tag taken away', tagged({ eventName: 'DeleteTags' })],
])('B6.8 a newer record of %s makes older ones worthless', async (_, newest) => {
  const { aws } = cloudTrail([newest, tagged()]);
  const value = _.startsWith('another') ? 'z until 2027-01-01' : 'y';

  expect(await whoTagged(aws, 'sg-1', KEY, value)).toBeUndefined();
});
