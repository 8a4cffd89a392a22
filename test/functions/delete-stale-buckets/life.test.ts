import { describe, expect, it } from 'vitest';
import {
  bucket,
  type Case,
  daysAgo,
  facts,
  fate,
  NOTHING,
  set,
  steady,
  unreadable,
  verdictOn,
} from './builders.ts';

const changed = (ago: number) => {
  const trend = steady(1000);
  if (trend.state !== 'read') throw new Error('steady is read');
  const days = trend.value.days.map((one) => (one.at < daysAgo(ago) ? { ...one, objects: 999 } : one));
  return { state: 'read', value: { ...trend.value, days } } as const;
};

const quiet: Case['requests'] = { state: 'read', value: { last: undefined } };

describe('B4.1 stale is what shows no known sign of life', () => {
  it.each<{ when: string; given: Case; fate: string }>([
    { when: 'everything is old', given: {}, fate: 'mark' },
    { when: 'an object is young', given: { contents: { newest: daysAgo(364) } }, fate: 'compliant: in-use' },
    { when: 'an object is just too old', given: { contents: { newest: daysAgo(366) } }, fate: 'mark' },
    {
      when: 'a delete marker is young',
      given: { contents: { newestMarker: daysAgo(9) } },
      fate: 'compliant: in-use',
    },
    {
      when: 'an upload is young',
      given: { contents: { newestUpload: daysAgo(9) } },
      fate: 'compliant: in-use',
    },
    { when: 'B4.4 the count changed', given: { trend: changed(20) }, fate: 'compliant: in-use' },
    { when: 'B4.4 the count changed long ago', given: { trend: changed(380) }, fate: 'mark' },
    { when: 'B4.4 metrics are denied', given: { trend: unreadable('AccessDenied') }, fate: 'mark' },
    { when: 'the listing is denied', given: { contents: 'AccessDenied' }, fate: 'unknown: life-unknown' },
    {
      when: 'nothing at all is known',
      given: { contents: 'AccessDenied', trend: unreadable('x'), requests: unreadable('x') },
      fate: 'unknown: life-unknown',
    },
    {
      when: 'the listing is denied but metrics show life',
      given: { contents: 'x', trend: changed(3) },
      fate: 'compliant: in-use',
    },
    {
      when: 'its age is unknown',
      given: { bucket: { createdAt: undefined } },
      fate: 'unknown: life-unknown',
    },
    {
      when: 'B4.5 its CreationDate is young',
      given: { bucket: { createdAt: daysAgo(300) } },
      fate: 'compliant: in-use',
    },
    {
      when: 'B4.7 a lifecycle rule keeps its content young',
      given: { contents: { newest: daysAgo(6) }, set: { lifecycle: { Rules: [] } } },
      fate: 'compliant: in-use',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate(given)).toBe(expected);
  });
});

describe('B4.3 reading leaves no trace', () => {
  it.each<{ when: string; given: Case; fate: string }>([
    {
      when: 'unknown reading lengthens the window',
      given: { contents: { newest: daysAgo(200) } },
      fate: 'compliant: in-use',
    },
    {
      when: 'request metrics shorten it',
      given: { contents: { newest: daysAgo(200) }, requests: quiet },
      fate: 'mark',
    },
    {
      when: 'request metrics show a read',
      given: { requests: { state: 'read', value: { last: daysAgo(3) } } },
      fate: 'compliant: in-use',
    },
    {
      when: 'unreadable request metrics are unknown',
      given: { contents: { newest: daysAgo(200) }, requests: unreadable('x') },
      fate: 'compliant: in-use',
    },
    {
      when: 'the longer window is never the shorter one',
      given: { contents: { newest: daysAgo(200) }, settings: { unknownAccessDays: 30 } },
      fate: 'mark',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate(given)).toBe(expected);
  });

  it('says so', () => {
    expect(verdictOn().reason).toContain('whether anything was read is unknown (request metrics are off)');
    expect(verdictOn({ requests: quiet }).reason).toContain('request metrics show no reading');
  });
});

describe('B4.6 an empty bucket', () => {
  const none = { state: 'read', value: { days: [], since: daysAgo(365) } } as const;
  it.each<{ when: string; given: Case; fate: string }>([
    { when: 'older than its grace', given: {}, fate: 'mark' },
    { when: 'younger', given: { bucket: { createdAt: daysAgo(29) } }, fate: 'compliant: in-use' },
    { when: 'that held something last week', given: { trend: steady(5) }, fate: 'compliant: in-use' },
    { when: 'without metrics', given: { trend: unreadable('denied') }, fate: 'unknown: life-unknown' },
    {
      when: 'with a lifecycle rule',
      given: { set: { lifecycle: { Rules: [] } } },
      fate: 'exempt: landing-zone',
    },
    {
      when: 'with an unreadable lifecycle',
      given: { unreadable: ['lifecycle'] },
      fate: 'unknown: lifecycle-unreadable',
    },
    {
      when: 'with a notification',
      given: { set: { notification: { QueueConfigurations: [] } } },
      fate: 'exempt: notification',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate({ contents: NOTHING, trend: none, ...given })).toBe(expected);
  });
});

describe('B4.1 B4.2 what is overwritten in place keeps the number of objects', () => {
  const large: Case = { contents: { complete: false } };
  const versioned: Case['set'] = { versioning: { Status: 'Enabled' } };
  it.each<{ when: string; given: Case; fate: string }>([
    { when: 'without versions', given: large, fate: 'unknown: overwriting-unreadable' },
    {
      when: 'with versions suspended',
      given: { ...large, set: { versioning: { Status: 'Suspended' } } },
      fate: 'unknown: overwriting-unreadable',
    },
    {
      when: 'where versioning cannot be read',
      given: { ...large, unreadable: ['versioning'] },
      fate: 'unknown: versioning-unreadable',
    },
    { when: 'with versions, each of which counts', given: { ...large, set: versioned }, fate: 'mark' },
    { when: 'with request metrics', given: { ...large, requests: quiet }, fate: 'mark' },
    ...[
      { NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { Expiration: { Days: 1 } },
      { Expiration: { Date: '2030-01-01' } },
    ].map((rule) => ({
      when: `with versions that a rule expires (${JSON.stringify(rule)})`,
      given: { ...large, set: { ...versioned, lifecycle: { Rules: [{ Status: 'Enabled', ...rule }] } } },
      fate: 'unknown: overwriting-unreadable',
    })),
    ...[
      { Status: 'Disabled', Expiration: { Days: 1 } },
      { Status: 'Enabled', Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] },
      { Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } },
      { ID: 'reeve-empty-objects', Status: 'Enabled', Expiration: { Days: 400 } },
    ].map((rule) => ({
      when: `with versions that no rule of others expires (${JSON.stringify(rule)})`,
      given: { ...large, set: { ...versioned, lifecycle: { Rules: [rule] } } },
      fate: 'mark',
    })),
    {
      when: 'with versions, and rules that cannot be read',
      given: { ...large, set: versioned, unreadable: ['lifecycle'] },
      fate: 'unknown: overwriting-unreadable',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate(given)).toBe(expected);
  });
});

describe('B4.2 a bucket too large to list', () => {
  const large = { complete: false };
  it.each<{ when: string; given: Case; fate: string }>([
    { when: 'with steady metrics', given: {}, fate: 'mark' },
    { when: 'with too few of them', given: { trend: steady(1000, 200) }, fate: 'unknown: life-unknown' },
    { when: 'B4.4 with none', given: { trend: unreadable('x') }, fate: 'unknown: life-unknown' },
    {
      when: 'with a fresh object on the pages read',
      given: { contents: { complete: false, newest: daysAgo(1) } },
      fate: 'compliant: in-use',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate({ contents: large, set: { versioning: { Status: 'Enabled' } }, ...given })).toBe(expected);
  });
});

describe('B4.52 the evidence', () => {
  it('shows what is in it, what it costs and what was checked', () => {
    const { evidence } = verdictOn();
    expect(evidence).toMatchObject([
      {
        objects: 700,
        versions: 950,
        deleteMarkers: 50,
        uploads: 2,
        bytes: 10 * 1024 ** 3,
        bytesByClass: { STANDARD: 10 * 1024 ** 3 },
        newest: daysAgo(500).toISOString(),
        monthlyCost: 0.23,
        earlyDeletion: 0,
      },
      { silentDays: 365, reading: 'unknown' },
      { checked: expect.arrayContaining(['objectLock', 'policy', 'references']), against: [] },
    ]);
    expect(verdictOn()).toMatchObject({ monthlySaving: 0.23 });
    const archived = (archiveClass: string) =>
      verdictOn({ settings: { archiveBucket: 'vault', archiveClass } });
    expect(archived('GLACIER_IR')).toMatchObject({ monthlySaving: 0.19 });
    expect(archived('STANDARD')).toMatchObject({ monthlySaving: 0 });
  });

  it.each([
    {
      when: 'B4.40 of archived bytes',
      told: {
        classes: new Map([['DEEP_ARCHIVE', 1024 ** 4]]),
        earlyByteDays: new Map([['DEEP_ARCHIVE', 30 * 1024 ** 4]]),
      },
      region: 'us-east-1',
      cost: 1.01,
      early: 1.01,
    },
    { when: 'in a region without prices', told: {}, region: 'eu-north-1', cost: 'unknown', early: 0 },
    {
      when: 'of an unknown class',
      told: { classes: new Map([['SNOW', 1]]) },
      region: 'us-east-1',
      cost: 'unknown',
      early: 0,
    },
    {
      when: 'of what is not counted whole',
      told: { complete: false },
      region: 'us-east-1',
      cost: 'unknown',
      early: 'unknown',
    },
  ])('B4.40 the money $when', ({ told, region, cost, early }) => {
    const { evidence } = verdictOn({
      contents: told,
      bucket: { region },
      set: { versioning: { Status: 'Enabled' } },
    });
    expect(evidence[0]).toMatchObject({ monthlyCost: cost, earlyDeletion: early });
  });

  it('B4.40 says unknown where a rule may have moved objects into a class lately', () => {
    const given = { contents: { classes: new Map([['GLACIER', 5]]) }, set: { lifecycle: { Rules: [] } } };
    expect(verdictOn(given).evidence[0]).toMatchObject({ earlyDeletion: 'unknown' });
  });

  it('B4.51 holds counts and never a key', () => {
    expect(JSON.stringify([verdictOn(), facts(), bucket(), set()])).not.toContain('"Key"');
  });
});
