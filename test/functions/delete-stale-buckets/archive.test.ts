import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { wayBack } from '../../../functions/delete-stale-buckets/way-back.ts';
import type { JournalEntry } from '../../../shared/engine/journal.ts';
import { endings, takeBackIn } from '../../support/take-back.ts';
import { Attic } from './attic.ts';

const PREFIX = 'reeve/old-logs/20261102T080000Z/';

/** A stale bucket, marked and due, and an archive bucket. */
async function dueAttic(count = 3, settings: object = {}): Promise<Attic> {
  const attic = new Attic();
  attic.settings = { archiveBucket: 'vault', ...settings };
  attic.bucket('vault');
  attic.stale('old-logs', count, {}, { versioning: 'Enabled', tags: { team: 'a' } });
  await attic.sweep();
  await attic.days(15);
  attic.world.forgetCalls();
  return attic;
}

const outcome = (report: Awaited<ReturnType<Attic['sweep']>>) =>
  report.results.find(({ resource }) => resource.id === 'old-logs')?.outcome;

/** Gives the archive bucket a lifecycle rule. */
function ruled(attic: Attic, rule: object): void {
  const Rules = [{ ID: 'tidy', Status: 'Enabled', ...rule }];
  Object.assign(attic.state('vault').configurations, { lifecycle: { Rules } });
}

describe('B4.48 archive first', () => {
  it.each<[string, object]>([
    ['is switched off', { Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
    ['is for another prefix', { Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }],
    [
      'ends older versions only',
      { Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ],
  ])('a lifecycle rule of the archive bucket that %s is no obstacle', async (_what, rule) => {
    const attic = await dueAttic();
    ruled(attic, rule);
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'done' });
    expect(attic.exists('old-logs')).toBe(false);
  });

  it('copies, looks again, writes the manifest, and only then deletes', async () => {
    const attic = await dueAttic();
    attic.fill('old-logs', 3);
    const report = await attic.sweep();

    expect(outcome(report)).toMatchObject({ outcome: 'done' });
    expect(attic.exists('old-logs')).toBe(false);
    const calls = attic.calls();
    expect(calls.filter((name) => name === 'CopyObject')).toHaveLength(3);
    expect(calls.lastIndexOf('CopyObject')).toBeLessThan(calls.indexOf('PutObject'));
    expect(calls.indexOf('PutObject')).toBeLessThan(calls.indexOf('DeleteObjects'));
    expect(attic.keysIn('vault')).toEqual([
      `${PREFIX}manifest.json`,
      `${PREFIX}objects/object-0000000`,
      `${PREFIX}objects/object-0000001`,
      `${PREFIX}objects/object-0000002`,
    ]);
    expect(attic.state('vault').versions.newest(`${PREFIX}objects/object-0000000`)?.storageClass).toBe(
      'DEEP_ARCHIVE',
    );
    const archive = { bucket: 'vault', prefix: PREFIX, storageClass: 'DEEP_ARCHIVE' };
    expect(attic.journal.entries.at(-1)).toMatchObject({
      summary: expect.stringContaining(`Copy the objects of old-logs to s3://vault/${PREFIX}. Then: Empty`),
      undo: expect.stringContaining(`s3://vault/${PREFIX}`),
      before: { archive },
      outcome: { after: { versions: 6, archive: { ...archive, objects: 3, bytes: 3072 } } },
    });
  });

  it('B4.52 a mark says where its objects will go, and what of them', async () => {
    const attic = new Attic();
    attic.settings = { archiveBucket: 'vault', archiveClass: 'GLACIER_IR' };
    attic.bucket('vault');
    attic.stale('old-logs');
    const { results } = await attic.sweep();
    const verdict = results.find(({ resource }) => resource.id === 'old-logs')?.verdict;
    expect(verdict).toMatchObject({
      advice: expect.arrayContaining([
        'Its objects are copied to vault before, in GLACIER_IR; older versions are not kept.',
      ]),
    });
  });

  it('B4.38 goes on in another invocation, and copies nothing twice', async () => {
    const attic = await dueAttic(40);
    let asked = 0;
    attic.remaining = () => (attic.calls().includes('CopyObject') && ++asked > 20 ? 50_000 : 900_000);
    expect(outcome(await attic.sweep())).toMatchObject({
      outcome: 'queued',
      reason: expect.stringMatching(/objects of old-logs were copied to s3:.* goes on in another run/),
    });
    expect(attic.exists('old-logs')).toBe(true);
    expect(attic.calls()).not.toContain('DeleteObjects');
    attic.remaining = () => 900_000;
    await attic.run(attic.postponed[0] ?? attic.signal([]));
    expect(attic.exists('old-logs')).toBe(false);
    expect(attic.calls().filter((name) => name === 'CopyObject')).toHaveLength(40);
  });

  it('B4.24 what is set while it copies is seen before the first deletion', async () => {
    const attic = await dueAttic();
    attic.remaining = () => {
      if (attic.calls().includes('CopyObject')) {
        const website = { IndexDocument: { Suffix: 'i.html' } };
        Object.assign(attic.state('old-logs').configurations, { website });
      }
      return 900_000;
    };
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'skipped', code: 'changed' });
    expect(attic.calls()).not.toContain('DeleteObjects');
    expect(attic.keysIn('old-logs')).toHaveLength(3);
  });

  it('once emptying has begun, what is left is not archived again as something else', async () => {
    const attic = await dueAttic(3);
    attic.fill('old-logs', 3);
    attic.world.faults.add({
      operation: 'DeleteBucket',
      kind: 'error',
      code: 'OperationAborted',
      status: 409,
      times: 1,
    });
    await attic.sweep();
    // As if the newest versions had gone in a first invocation, and the older ones had not.
    attic.fill('old-logs', 2, { at: attic.daysAgo(800), size: 7 });
    await attic.run(attic.postponed[0] ?? attic.signal([]));
    expect(attic.exists('old-logs')).toBe(false);
    expect(attic.state('vault').versions.newest(`${PREFIX}objects/object-0000000`)?.size).toBe(1024);
  });

  it('what was written since the manifest is in no archive, and stays, however old it has become', async () => {
    const attic = await dueAttic(3);
    attic.world.faults.add({
      operation: 'DeleteBucket',
      kind: 'error',
      code: 'OperationAborted',
      status: 409,
      times: 1,
    });
    await attic.sweep();
    expect(attic.keysIn('vault')).toContain(`${PREFIX}manifest.json`);
    attic.fill('old-logs', 1, { key: () => 'later', at: attic.now() });
    // Switched off meanwhile for longer than any window.
    await attic.days(400);
    attic.world.forgetCalls();
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'failed', code: 'in-use' });
    expect(attic.keysIn('old-logs')).toContain('later');
  });

  it('what is no manifest of this bucket proves nothing', async () => {
    const attic = await dueAttic(3);
    const Key = `${PREFIX}manifest.json`;
    await attic.s3.send(new PutObjectCommand({ Bucket: 'vault', Key, Body: '{}' }));
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'failed', code: 'not-archived' });
    expect(attic.calls()).not.toContain('DeleteObjects');
  });

  it.each<{ what: string; before: (attic: Attic) => void; reason: RegExp; settings?: object }>([
    {
      what: 'an object is in Glacier',
      before: (attic) => attic.fill('old-logs', 1, { storageClass: 'GLACIER', key: () => 'cold' }),
      reason: /in GLACIER cannot be: InvalidObjectState/,
    },
    {
      what: 'there is more than may be copied',
      before: (attic) => attic.fill('old-logs', 1, { size: 1024 ** 3, key: () => 'large' }),
      settings: { archiveLimitGb: 1 },
      reason: /more than the 1073741824 bytes/,
    },
    {
      what: 'the archive bucket is not there',
      before: () => undefined,
      settings: { archiveBucket: 'nowhere' },
      reason: /no archive bucket nowhere/,
    },
    {
      what: 'the archive bucket lets strangers in',
      before: (attic) => {
        const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }];
        attic.state('vault').configurations.policy = JSON.stringify({ Version: '2012-10-17', Statement });
      },
      reason: /vault is no safe place: its policy lets \* in/,
    },
    {
      what: 'the archive bucket may not be written to',
      before: (attic) => attic.world.faults.add({ operation: 'CopyObject', kind: 'denied' }),
      reason: /AccessDenied/,
    },
    {
      what: 'the policy of the archive bucket cannot be read',
      before: (attic) =>
        attic.world.faults.add({
          operation: 'GetBucketPolicy',
          kind: 'denied',
          when: (input) => JSON.stringify(input).includes('vault'),
        }),
      reason: /its policy could not be read/,
    },
    {
      what: 'a lifecycle rule of the archive bucket deletes the copies',
      before: (attic) => ruled(attic, { Filter: { Prefix: 'reeve/' }, Expiration: { Days: 30 } }),
      reason: /lifecycle rule "tidy" of the archive bucket vault would delete/,
    },
    {
      what: 'such a rule is for a part of them only',
      before: (attic) =>
        ruled(attic, {
          Filter: { And: { Prefix: `${PREFIX}objects/a`, ObjectSizeGreaterThan: 1 } },
          Expiration: { Date: new Date('2030-01-01') },
        }),
      reason: /lifecycle rule "tidy"/,
    },
    {
      what: 'the lifecycle of the archive bucket cannot be read',
      before: (attic) =>
        attic.world.faults.add({
          operation: 'GetBucketLifecycleConfiguration',
          kind: 'denied',
          when: (input) => JSON.stringify(input).includes('vault'),
        }),
      reason: /lifecycle rules of the archive bucket vault could not be read/,
    },
  ])('nothing is deleted when $what', async ({ before, reason, settings }) => {
    const attic = await dueAttic(2, settings);
    before(attic);
    expect(outcome(await attic.sweep())).toMatchObject({
      outcome: 'failed',
      code: 'not-archived',
      reason: expect.stringMatching(reason),
    });
    expect(attic.calls()).not.toContain('DeleteObjects');
    expect(attic.keysIn('old-logs').length).toBeGreaterThanOrEqual(2);
    expect(attic.keysIn('vault')).not.toContain(`${PREFIX}manifest.json`);
  });

  it('reaches an archive bucket in another region', async () => {
    const attic = await dueAttic(2, { archiveBucket: 'far-vault' });
    attic.bucket('far-vault', { region: 'eu-central-1' });
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'done' });
    expect(attic.keysIn('far-vault').filter((key) => key.includes('/objects/'))).toHaveLength(2);
  });

  it('the archive bucket itself is never looked at', async () => {
    const attic = new Attic();
    attic.settings = { archiveBucket: 'vault' };
    attic.stale('vault');
    expect(await attic.verdict('vault')).toMatchObject({ verdict: 'compliant', reasonCode: 'archive' });
  });

  it.each(['manifest.json', 'objects/a'])(
    'an archive that the settings no longer name stays: %s',
    async (key) => {
      const attic = new Attic();
      attic.settings = { archiveBucket: 'vault' };
      attic.bucket('vault');
      attic.stale('former-vault', 1, { key: () => `${PREFIX}${key}` });
      expect(await attic.verdict('former-vault')).toMatchObject({ reasonCode: 'archive' });
    },
  );

  it.each(['reeve/notes/manifest.json', '20261102T080000Z/objects', 'a/20261102T080000Z/other'])(
    'a key that only resembles one of an archive protects nothing: %s',
    async (key) => {
      const attic = new Attic();
      attic.stale('old-logs', 1, { key: () => key });
      expect(await attic.verdict('old-logs')).toMatchObject({ reasonCode: 'stale-bucket' });
    },
  );

  it('what came to hold an archive since the listing is not emptied', async () => {
    const attic = await dueAttic(3, { archiveBucket: undefined });
    attic.killSwitch = () => {
      attic.fill('old-logs', 1, { key: () => `a/20261102T080000Z/manifest.json` });
      return 'off';
    };
    expect(outcome(await attic.sweep())).toMatchObject({ outcome: 'failed', code: 'in-use' });
    expect(attic.keysIn('old-logs')).toContain('a/20261102T080000Z/manifest.json');
  });
});

/** S3 refuses to delete the bucket, once: all that was in it is gone, and the rest is for another invocation. */
async function halfEmptied(settings: object = {}): Promise<Attic> {
  const attic = await dueAttic(3, { archiveClass: 'GLACIER_IR', ...settings });
  attic.bucket('other');
  const aborted = { kind: 'error', code: 'OperationAborted', status: 409, times: 1 } as const;
  const when = (input: unknown) => JSON.stringify(input).includes('old-logs');
  attic.world.faults.add({ operation: 'DeleteBucket', ...aborted, when });
  await attic.sweep();
  expect(attic.keysIn('old-logs')).toEqual([]);
  // As if older versions had come to light by it.
  attic.fill('old-logs', 2, { at: attic.daysAgo(800), size: 7 });
  attic.world.forgetCalls();
  return attic;
}

/** Goes on with other settings: what the queue holds is handed to the next version of the function. */
function goOn(attic: Attic, settings: object) {
  attic.settings = { archiveClass: 'GLACIER_IR', ...settings };
  return attic.run(attic.postponed.at(-1) ?? attic.signal([]));
}

const sizesIn = (attic: Attic) =>
  attic.keysIn('old-logs').map((key) => attic.state('old-logs').versions.newest(key)?.size);

const lastOf = ({ journal }: Attic): JournalEntry => {
  const last = journal.entries.findLast(
    ({ action, resource }) => action.startsWith('empty') && resource.id === 'old-logs',
  );
  if (last === undefined) throw new Error('nothing was begun');
  return last;
};

describe('B4.48 B4.49 another archive in the settings while a bucket is being emptied', () => {
  it.each([
    ['another one', { archiveBucket: 'other' }],
    ['another prefix', { archiveBucket: 'vault', archivePrefix: 'later/' }],
    ['none', {}],
  ])('%s: it goes on to the one that it began with, and an undo restores all', async (_what, settings) => {
    const attic = await halfEmptied();
    expect(outcome(await goOn(attic, settings))).toMatchObject({ outcome: 'done' });
    expect(attic.exists('old-logs')).toBe(false);
    expect(attic.keysIn('other')).toEqual([]);

    const { report } = await takeBackIn(attic, wayBack, lastOf(attic).id);
    expect(endings(report)).toEqual([['old-logs', 'undone']]);
    expect(sizesIn(attic)).toEqual([1024, 1024, 1024]);
  });

  it('half-way, an undo brings back what is gone, also where an older version came to light', async () => {
    const attic = await halfEmptied();
    attic.fill('old-logs', 1, { key: () => 'object-0000002', at: attic.daysAgo(800) });
    const { report } = await takeBackIn(attic, wayBack, lastOf(attic).id);
    expect(endings(report)).toEqual([['old-logs', 'undone']]);
    expect(sizesIn(attic)).toEqual([1024, 1024, 1024]);
    const newest = attic.state('old-logs').versions.newest('object-0000002');
    expect(newest?.at).toBe(attic.now().getTime() / 1000);
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
    await attic.sweep();
    expect(attic.keysIn('old-logs')).toHaveLength(3);
  });

  it('half-way, an undo that breaks off is carried on', async () => {
    const attic = await halfEmptied();
    const { id } = lastOf(attic);
    attic.world.faults.add({ operation: 'CopyObject', kind: 'denied', after: 1, times: 1 });
    expect(endings((await takeBackIn(attic, wayBack, id)).report)).toEqual([['old-logs', 'refused']]);
    expect(endings((await takeBackIn(attic, wayBack, id)).report)).toEqual([['old-logs', 'undone']]);
    expect(sizesIn(attic)).toEqual([1024, 1024, 1024]);
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
  });

  it('half-way and in use again, an undo says where the rest lies', async () => {
    const attic = await halfEmptied();
    const { id } = lastOf(attic);
    attic.fill('old-logs', 1, { key: () => 'later', at: attic.now() });
    await attic.run(attic.postponed.at(-1) ?? attic.signal([]));
    expect(attic.tags('old-logs')).toEqual({ team: 'a' });
    const { report } = await takeBackIn(attic, wayBack, id);
    expect(report?.results[0]?.outcome).toMatchObject({
      code: 'lost',
      reason: expect.stringContaining(`lies in s3://vault/${PREFIX}`),
    });
  });

  it('the first was never whole: nothing is in it alone, so the new one gets all', async () => {
    const attic = await dueAttic(3, { archiveBucket: 'mistyped', archiveClass: 'GLACIER_IR' });
    expect(outcome(await attic.sweep())).toMatchObject({ code: 'not-archived' });
    expect(outcome(await goOn(attic, { archiveBucket: 'vault' }))).toMatchObject({ outcome: 'done' });
    const { report } = await takeBackIn(attic, wayBack, lastOf(attic).id);
    expect(endings(report)).toEqual([['old-logs', 'undone']]);
    expect(sizesIn(attic)).toEqual([1024, 1024, 1024]);
  });

  it('the first cannot be read any more: nothing more is deleted, and it says which it is', async () => {
    const attic = await halfEmptied();
    attic.world.faults.add({
      operation: 'GetObject',
      kind: 'denied',
      when: (input) => JSON.stringify(input).includes('vault'),
    });
    const { results } = await goOn(attic, { archiveBucket: 'other' });
    expect(results[0]?.verdict).toMatchObject({
      verdict: 'unknown',
      reasonCode: 'archive-unclear',
      reason: expect.stringMatching(/s3:\/\/vault\/reeve\/old-logs.* could not be read .*AccessDenied/),
    });
    expect(attic.keysIn('old-logs')).toHaveLength(2);
    expect(attic.calls()).not.toContain('DeleteObjects');
  });

  it('there was none at first: the undo brings back the rest, and says what is in no archive', async () => {
    const attic = await halfEmptied({ archiveBucket: undefined });
    const first = lastOf(attic).id;
    attic.bucket('new-vault');
    expect(outcome(await goOn(attic, { archiveBucket: 'new-vault' }))).toMatchObject({ outcome: 'done' });
    const { report } = await takeBackIn(attic, wayBack, lastOf(attic).id);
    expect(endings(report)).toEqual([['old-logs', 'undone']]);
    expect(report?.results[0]?.notes).toContainEqual(
      expect.stringContaining(`deleted before (entry ${first}) is in no archive`),
    );
    expect(sizesIn(attic)).toEqual([7, 7]);
  });

  it.each<[string, (theirs: JournalEntry) => Partial<JournalEntry>]>([
    ['has begun', () => ({})],
    [
      'is at it',
      ({ at }) => ({
        outcome: undefined,
        leaseUntil: new Date(at.getTime() + 900_000),
        before: {
          markedAt: '2026-11-02T08:00:00.000Z',
          archive: { bucket: 'other', prefix: 'p/', storageClass: 'GLACIER' },
        },
      }),
    ],
  ])('another run %s since it was judged: it is left to be judged anew', async (_what, change) => {
    const attic = await halfEmptied();
    const theirs = lastOf(attic);
    const { entries } = attic.journal;
    entries.splice(entries.indexOf(theirs), 1);
    attic.killSwitch = () => {
      if (!entries.some(({ id }) => id === theirs.id)) entries.push({ ...theirs, ...change(theirs) });
      return 'off';
    };
    const [result] = (await goOn(attic, { archiveBucket: 'other' })).results;
    expect(result?.outcome).toMatchObject({ outcome: 'skipped', code: 'changed' });
    expect(attic.calls()).not.toContain('DeleteObjects');
    expect(attic.calls()).not.toContain('CopyObject');
  });
});
