import {
  DeleteBucketTaggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failDeletes, seedUploads } from '../../../sandbox/services/s3/seed.ts';
import { Attic, ref } from './attic.ts';

const READS = /^(List|Get|Describe)/;
const ownRole = (bucket: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${bucket}/*`,
      },
    ],
  });

/** Where S3 lists less than it may, so that fewer objects make as many pages and batches. */
function shortPages(keys = 100): Attic {
  const attic = new Attic();
  attic.world.behaviour.keysAPage = keys;
  return attic;
}

/** A stale bucket with three pages of versions, marked so many days ago. */
async function markedAttic(days: number, count = 250): Promise<Attic> {
  const attic = shortPages();
  attic.stale('old-logs', count, {}, { versioning: 'Enabled', tags: { team: 'a' } });
  await attic.sweep();
  await attic.days(days);
  return attic;
}

describe('B4.24 from the first sweep to the deleted bucket', () => {
  it('B4.8 B4.9 B4.10 B4.52 marks, tells, waits, looks again, empties and deletes', async () => {
    const attic = shortPages();
    attic.stale('old-logs', 250, {}, { versioning: 'Enabled', tags: { team: 'a' } });
    attic.fill('old-logs', 120);
    attic.fill('old-logs', 30, { markers: true });
    seedUploads(attic.world, 'old-logs', [{ key: 'half', at: attic.daysAgo(600), parts: [10] }]);

    const first = await attic.sweep();

    expect(first.results).toMatchObject([
      { outcome: { outcome: 'done' }, verdict: { reasonCode: 'stale-bucket', monthlySaving: 0 } },
    ]);
    expect(first.results[0]?.verdict.evidence[0]).toMatchObject({
      objects: 220,
      versions: 370,
      deleteMarkers: 30,
      uploads: 1,
    });
    expect(attic.told).toHaveLength(1);
    expect(attic.tags('old-logs')).toMatchObject({
      team: 'a',
      'reeve:delete-after': '2026-11-16T08:00:00.000Z',
    });

    await attic.days(13);
    const second = await attic.sweep();
    expect(second.results).toMatchObject([
      { outcome: { code: 'exempt' }, verdict: { reasonCode: 'marked' } },
    ]);
    expect(attic.exists('old-logs')).toBe(true);

    await attic.days(2);
    const third = await attic.sweep();
    expect(third.results).toMatchObject([{ outcome: { outcome: 'done', code: 'gone' } }]);
    expect(attic.exists('old-logs')).toBe(false);
    expect(attic.journal.entries.at(-1)).toMatchObject({
      action: 'empty-and-delete',
      before: { configuration: { versioning: { Status: 'Enabled' }, policy: null }, holds: { markers: 30 } },
      outcome: { result: 'gone', after: { versions: 370, markers: 30, uploads: 1 } },
    });
    expect(attic.progress.at(-1)).toMatchObject({
      resource: 'old-logs',
      unit: 'versions',
      done: 400,
      secondsLeft: 0,
    });
  });

  it('B4.52 B6.1 in report mode nothing is changed, and everything is shown', async () => {
    const attic = new Attic();
    attic.stale('old-logs');
    attic.guard = { mode: 'report' };
    const report = await attic.sweep();
    expect(report.results).toMatchObject([
      {
        outcome: {
          code: 'report-mode',
          reason: expect.stringContaining('Mark old-logs for deletion in 14 days'),
        },
      },
    ]);
    expect(attic.calls().filter((call) => !READS.test(call))).toEqual([]);
    expect(attic.tags('old-logs')).toEqual({});
  });

  it('B4.2 live buckets cost a call for their tags and a page, and their metrics come together', async () => {
    const attic = shortPages();
    for (let index = 0; index < 6; index++) attic.stale(`live-${index}`, 150, { at: attic.daysAgo(index) });
    attic.world.forgetCalls();
    const report = await attic.sweep();
    expect(report.counts).toMatchObject({ compliant: 6, violations: 0 });
    expect(attic.calls().length).toBe(1 + 6 + 1 + 6 * 2);
  });

  it('B5.21 a tagging that changes nothing, seen as an event, changes nothing and reads next to nothing', async () => {
    const attic = await markedAttic(0, 3);
    const TagSet = Object.entries(attic.tags('old-logs')).map(([Key, Value]) => ({ Key, Value }));
    await attic.s3.send(new PutBucketTaggingCommand({ Bucket: 'old-logs', Tagging: { TagSet } }));
    attic.world.forgetCalls();
    const reports = await attic.react();
    expect(reports).toHaveLength(1);
    expect(reports[0]?.results).toMatchObject([{ verdict: { reasonCode: 'marked' } }]);
    expect(attic.calls()).toEqual(['ListBuckets', 'GetBucketTagging']);
  });
});

describe('B4.24 what its owner writes at the very moment', () => {
  const exempting = (operation: string, after: number) => {
    const attic = new Attic();
    attic.stale('old-logs', 3, {}, { tags: { team: 'a' } });
    const effect = () => void attic.state('old-logs').tags.set('reeve:exempt', 'T-1 until 2026-11-30');
    attic.world.faults.add({ operation, after, times: 1, kind: 'run', effect });
    return attic;
  };

  it('stays beside the mark', async () => {
    const attic = exempting('TagResource', 0);
    await attic.sweep();
    expect(attic.tags('old-logs')).toMatchObject({ team: 'a', 'reeve:exempt': 'T-1 until 2026-11-30' });
    await attic.days(15);
    await attic.sweep();
    expect(attic.exists('old-logs')).toBe(true);
  });

  it('keeps it from being marked', async () => {
    const attic = exempting('GetBucketTagging', 1);
    const report = await attic.sweep();
    expect(report.results).toMatchObject([{ outcome: { outcome: 'skipped', code: 'changed' } }]);
    expect(attic.tags('old-logs')).toEqual({ team: 'a', 'reeve:exempt': 'T-1 until 2026-11-30' });
  });
});

describe('B4.24 what cancels a mark', () => {
  it.each<{ when: string; happens: (attic: Attic) => Promise<unknown>; how: string }>([
    {
      when: 'a new object',
      happens: ({ s3 }) => s3.send(new PutObjectCommand({ Bucket: 'old-logs', Key: 'new' })),
      how: 'unmark',
    },
    {
      when: 'a new policy',
      happens: ({ s3 }) =>
        s3.send(new PutBucketPolicyCommand({ Bucket: 'old-logs', Policy: ownRole('old-logs') })),
      how: 'unmark',
    },
    {
      when: 'a notification',
      happens: async (attic) => {
        attic.state('old-logs').configurations.notification = { EventBridgeConfiguration: {} };
      },
      how: 'unmark',
    },
    {
      when: 'Object Lock',
      happens: async (attic) => {
        attic.state('old-logs').configurations.objectLock = { ObjectLockEnabled: 'Enabled' };
      },
      how: 'unmark',
    },
    {
      when: 'all tags removed',
      happens: ({ s3 }) => s3.send(new DeleteBucketTaggingCommand({ Bucket: 'old-logs' })),
      how: 'stays',
    },
    {
      when: 'the date removed',
      happens: async (attic) => {
        const TagSet = Object.entries(attic.tags('old-logs')).map(([Key, Value]) => ({ Key, Value }));
        const kept = TagSet.filter(({ Key }) => Key !== 'reeve:delete-after');
        await attic.s3.send(new PutBucketTaggingCommand({ Bucket: 'old-logs', Tagging: { TagSet: kept } }));
      },
      how: 'stays',
    },
  ])('$when', async ({ happens, how }) => {
    const attic = await markedAttic(10, 3);
    await happens(attic);
    await attic.days(5);
    await attic.sweep();
    expect(attic.exists('old-logs')).toBe(true);
    expect(attic.tags('old-logs')).not.toHaveProperty('reeve:emptying');
    if (how === 'unmark') expect(attic.tags('old-logs')).toEqual({ team: 'a' });
    await attic.days(5);
    await attic.sweep();
    expect(attic.exists('old-logs')).toBe(true);
    expect(attic.state('old-logs').versions.isEmpty).toBe(false);
  });

  it('a policy that is put is seen as an event, at once', async () => {
    const attic = await markedAttic(1, 3);
    await attic.react();
    await attic.s3.send(new PutBucketPolicyCommand({ Bucket: 'old-logs', Policy: ownRole('old-logs') }));
    const reports = await attic.react();
    expect(reports[0]?.results).toMatchObject([
      { verdict: { reasonCode: 'mark-cancelled' }, outcome: { outcome: 'done' } },
    ]);
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
  });
});

describe('B4.38 a bucket that takes more than one run', () => {
  it('is carried on until it is gone', async () => {
    const attic = await markedAttic(15, 1500);
    attic.world.forgetCalls();
    const batches = () => attic.calls().filter((call) => call === 'DeleteObjects').length;
    attic.remaining = () => (batches() < 5 ? 300_000 : 59_000);

    const first = await attic.sweep();

    expect(first.results).toMatchObject([
      {
        outcome: {
          outcome: 'queued',
          reason: expect.stringMatching(/versions and markers .* are deleted so far/),
        },
      },
    ]);
    expect(first.state).toBe('partial');
    expect(attic.journal.entries.at(-1)).toMatchObject({
      outcome: { code: 'unfinished', after: { versions: expect.any(Number) } },
    });
    const [signal] = attic.postponed.splice(0);
    attic.remaining = () => 900_000;
    const second = await attic.run(signal ?? attic.signal([]));
    expect(second.results).toMatchObject([{ outcome: { outcome: 'done' } }]);
    expect(attic.exists('old-logs')).toBe(false);
  });

  it('B6.2 the kill switch stops it in the middle, and a later sweep carries on', async () => {
    const attic = await markedAttic(15, 500);
    let asked = 0;
    attic.killSwitch = () => (asked++ === 0 ? 'off' : 'on');
    const first = await attic.sweep();
    expect(first.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'halted' } }]);
    expect(attic.exists('old-logs')).toBe(true);
    attic.killSwitch = () => 'off';
    await attic.sweep();
    expect(attic.exists('old-logs')).toBe(false);
  });

  it('B4.25 something young among millions stops it, and takes the mark off', async () => {
    const attic = shortPages();
    attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30 };
    attic.stale('huge', 400, {}, { versioning: 'Enabled' });
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);
    attic.fill('huge', 1, { key: () => 'object-0000350', at: attic.daysAgo(3) });
    const report = await attic.sweep();
    expect(report.results).toMatchObject([
      {
        outcome: {
          outcome: 'failed',
          code: 'in-use',
          reason: expect.stringContaining('somebody used huge on'),
        },
      },
    ]);
    expect(attic.tags('huge')).toEqual({});
    expect(attic.state('huge').versions.isEmpty).toBe(false);
  });

  it('B4.12 a refused key stops it and is told', async () => {
    const attic = await markedAttic(15);
    failDeletes(attic.world, 'old-logs', { fails: (key) => key === 'object-0000007', code: 'AccessDenied' });
    const report = await attic.sweep();
    expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'denied' } }]);
    expect(attic.exists('old-logs')).toBe(true);
  });
});

describe('B4.46 a tombstone', () => {
  it('is emptied, kept and shut, and left alone from then on', async () => {
    const attic = shortPages();
    attic.stale(
      'shop.example.com',
      150,
      {},
      { versioning: 'Enabled', tags: { 'reeve:referenced-by': 'repo' } },
    );
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    const { versions, configurations } = attic.state('shop.example.com');
    expect(versions.isEmpty).toBe(true);
    expect(configurations.policy).toContain('ReeveTombstone');
    expect(attic.tags('shop.example.com')).toEqual({
      'reeve:referenced-by': 'repo',
      'reeve:tombstone': expect.any(String),
    });
    await attic.days(400);
    const later = await attic.sweep();
    expect(later.counts).toMatchObject({ compliant: 1, violations: 0 });
  });
});

describe('B4.39 B4.15 a giant', () => {
  it('is emptied by a rule beside the rules that it has, then deleted', async () => {
    const attic = shortPages(400);
    attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1000 };
    attic.stale('huge', 1001, {}, { versioning: 'Enabled' });
    attic.state('huge').configurations.lifecycle = {
      Rules: [{ ID: 'theirs', Status: 'Disabled', Prefix: 'tmp/', Expiration: { Days: 3000 } }],
    };
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);

    const planned = await attic.sweep();
    expect(planned.results).toMatchObject([
      { outcome: { outcome: 'done' }, verdict: { remedy: { action: 'empty-by-rule' } } },
    ]);
    expect(attic.state('huge').configurations.lifecycle?.Rules.map(({ ID }) => ID)).toEqual([
      'theirs',
      'reeve-empty-objects',
      'reeve-empty-markers',
    ]);

    for (let day = 0; day < 12 && attic.exists('huge'); day++) {
      await attic.days(1);
      await attic.sweep();
    }
    expect(attic.exists('huge')).toBe(false);
  });

  it('B4.24 whose owner objects while the rule is at work loses the rule, and is not marked again', async () => {
    const attic = shortPages(400);
    attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1000 };
    attic.stale('huge', 1001, {}, { versioning: 'Enabled' });
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    attic.state('huge').tags.delete('reeve:delete-after');
    await attic.sweep();
    expect(attic.state('huge').configurations.lifecycle).toBeUndefined();
    expect(Object.keys(attic.tags('huge'))).toEqual(['reeve:marked']);
    const later = await attic.sweep();
    expect(later.results).toMatchObject([{ verdict: { reasonCode: 'withdrawn' } }]);
  });

  it('that lives again loses the rule with the mark', async () => {
    const attic = shortPages(400);
    attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1000 };
    attic.stale('huge', 1001, {}, { versioning: 'Enabled' });
    await attic.days(40);
    await attic.sweep();
    await attic.days(15);
    await attic.sweep();
    await attic.s3.send(new PutObjectCommand({ Bucket: 'huge', Key: 'a-new-one' }));
    await attic.sweep();
    expect(attic.state('huge').configurations.lifecycle).toBeUndefined();
    expect(attic.tags('huge')).toEqual({});
  });
});

it('B4.20 with notifications allowed, their bucket goes', async () => {
  const attic = new Attic();
  attic.settings = { notifications: 'allow' };
  attic.stale('old-logs');
  attic.state('old-logs').configurations.notification = { EventBridgeConfiguration: {} };
  await attic.sweep();
  await attic.days(15);
  await attic.sweep();
  expect(attic.exists('old-logs')).toBe(false);
});

it('B4.26 a bucket that goes between finding and acting is gone, not failed', async () => {
  const attic = await markedAttic(15, 3);
  attic.world.faults.add({
    operation: 'ListMultipartUploads',
    kind: 'error',
    code: 'NoSuchBucket',
    status: 404,
    after: 1,
  });
  const report = await attic.run(attic.signal([ref('old-logs')]));
  expect(report.results[0]?.outcome.outcome).not.toBe('done');
});
