import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failDeletes, seedUploads } from '../../../../../sandbox/services/s3/seed.ts';
import { emptyAndDeleteBucket, emptyBucket } from '../../../../../shared/aws/s3/emptying/empty.ts';
import { carrierOf } from '../../../../../shared/aws/s3/keys.ts';
import { anyText } from '../../../../support/any-text.ts';
import { Shed } from '../shed.ts';

const OLD = new Date('2021-01-01T00:00:00Z');

describe('B4.8 B4.9 B4.10 everything goes, then the bucket', () => {
  it.each(['Enabled', 'Suspended', undefined] as const)('versioning %s', async (versioning) => {
    const shed = new Shed(versioning);
    shed.fill(2501);
    if (versioning !== undefined) {
      shed.fill(2501);
      shed.fill(600, { markers: true });
    }
    seedUploads(shed.world, shed.bucket, [
      { key: 'half', at: OLD, parts: [5] },
      { key: 'half', at: OLD },
    ]);

    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options({ expected: 5602 }));

    expect(shed.isGone).toBe(true);
    expect(emptied).toMatchObject({ code: 'empty', deleted: { uploads: 2 }, requestId: expect.any(String) });
    const { versions, markers, bytes } = emptied.deleted;
    expect([versions, markers]).toEqual(
      versioning === 'Enabled' ? [5002, 600] : versioning === undefined ? [2501, 0] : [1901, 600],
    );
    expect(bytes).toBe(versions * 1024);
  });

  it('B4.34 B4.35 B4.47 takes a call to list and one to delete for each thousand, each with the owner', async () => {
    const shed = new Shed();
    shed.fill(5000);
    const owners: unknown[] = [];
    shed.world.faults.add({
      kind: 'run',
      when: (input) => {
        owners.push((input as { ExpectedBucketOwner?: string }).ExpectedBucketOwner);
        return false;
      },
    });

    await emptyAndDeleteBucket(shed.aws, shed.options());

    expect(shed.calls('ListObjectVersions')).toHaveLength(5);
    expect(shed.calls('DeleteObjects')).toHaveLength(5);
    expect(shed.calls()).toHaveLength(12);
    expect(new Set(owners)).toEqual(new Set([shed.sandbox.account]));
  });

  it('keeps the bucket when only its content is to go', async () => {
    const shed = new Shed();
    shed.fill(3);
    expect(await emptyBucket(shed.aws, shed.options())).toMatchObject({
      code: 'empty',
      deleted: { versions: 3 },
    });
    expect(shed.state.versions.isEmpty).toBe(true);
  });

  it('tells how far it is', async () => {
    const shed = new Shed();
    shed.fill(4000);
    await emptyBucket(shed.aws, shed.options({ expected: 4000 }));
    expect(shed.progress.map(({ versions }) => versions)).toEqual([1000, 2000, 3000, 4000]);
    expect(shed.progress.at(-1)).toMatchObject({ secondsLeft: 0, perSecond: expect.any(Number) });
  });
});

const CONTROL = '\u0001\u0008\u000b\u001f\ufffe';
const ODD: readonly string[] = [
  'a b+c%20d',
  'folder/',
  '/lead',
  'a//b',
  'tab\there',
  'cr\r\nlf',
  '😀/☃',
  'é',
  'e\u0301',
  '%',
  '%zz',
  '<&>"\'',
  '.',
  '..',
  '../x',
  './y',
  'a/../b',
  '\u007f',
  `x${CONTROL}`,
  'k'.repeat(1024),
  ' ',
  '__proto__',
];

describe('odd keys', () => {
  it('B4.27 B4.28 B4.30 B4.31 B4.32 all go, each by the way that can carry it', async () => {
    const shed = new Shed();
    shed.fill(ODD.length, { key: (index) => ODD[index] ?? '' });
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied).toMatchObject({ code: 'empty', deleted: { versions: ODD.length } });
    expect(shed.isGone).toBe(true);
    expect(shed.calls('DeleteObject')).toHaveLength(1);
  });

  it('B4.27 B4.31 what no request can name stays, is counted, and the bucket with it', async () => {
    const shed = new Shed();
    const keys = ['fine', '../\u0001', 'fine too'];
    shed.fill(3, { key: (index) => keys[index] ?? '' });
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied).toMatchObject({ code: 'unnameable', deleted: { versions: 2 }, keys: ['../%01'] });
    expect(emptied.errors).toEqual(new Map([['unnameable', 1]]));
    expect(shed.state.versions.isEmpty).toBe(false);
  });

  it('B4.10 B4.31 an upload whose key cannot stand in a path is told', async () => {
    const shed = new Shed();
    seedUploads(shed.world, shed.bucket, [
      { key: 'a/../b', at: OLD },
      { key: 'ctrl\u0001', at: OLD },
    ]);
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied).toMatchObject({ code: 'unnameable', deleted: { uploads: 1 } });
  });

  it('exactly everything goes, from any bucket (property)', async () => {
    const key = fc.oneof(
      fc.constantFrom(...ODD),
      anyText({ minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed()),
    );
    const step = fc.record({ key, markers: fc.boolean(), times: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('Enabled', 'Suspended', undefined),
        async (steps, versioning) => {
          const shed = new Shed(versioning);
          for (const { key: name, markers, times } of steps) {
            shed.fill(times, { key: () => name, markers: markers && versioning !== undefined });
          }
          const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
          const unnameable = new Set(
            steps.map((one) => one.key).filter((name) => carrierOf(name) === 'none'),
          );
          if (unnameable.size === 0) expect([emptied.code, shed.isGone]).toEqual(['empty', true]);
          else expect([emptied.code, shed.isGone]).toEqual(['unnameable', false]);
          const left = shed.isGone ? [] : await shed.listed();
          expect(new Set(left)).toEqual(unnameable);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what S3 answers for single keys', () => {
  it('B4.34 tries only those again that may go later, and sums the rest by code', async () => {
    const shed = new Shed();
    shed.fill(1000);
    failDeletes(shed.world, shed.bucket, {
      fails: (key) => key < 'object-0000005',
      code: 'InternalError',
      times: 5,
    });
    failDeletes(shed.world, shed.bucket, {
      fails: (key) => key === 'object-0000007',
      code: 'InvalidObjectState',
    });
    const sizes: number[] = [];
    shed.world.faults.add({
      operation: 'DeleteObjects',
      kind: 'run',
      when: (input) => {
        sizes.push((input as { Delete: { Objects: unknown[] } }).Delete.Objects.length);
        return false;
      },
    });

    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());

    expect(sizes).toEqual([1000, 5]);
    expect(emptied).toMatchObject({
      code: 'failed',
      reason: 'Not everything could be deleted: InvalidObjectState for 1.',
      deleted: { versions: 999 },
    });
  });

  it('B4.12 B4.34 AccessDenied for a key stops the bucket', async () => {
    const shed = new Shed();
    shed.fill(20_000);
    failDeletes(shed.world, shed.bucket, { fails: (key) => key === 'object-0000003', code: 'AccessDenied' });
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options({ parallel: 2 }));
    expect(emptied).toMatchObject({ code: 'denied', keys: ['object-0000003'] });
    expect(emptied.errors).toEqual(new Map([['AccessDenied', 1]]));
    expect(emptied.deleted.versions).toBeLessThan(5000);
    expect(shed.isGone).toBe(false);
  });

  it('B4.34 keys that never go are throttled, not deleted', async () => {
    const shed = new Shed();
    shed.fill(10);
    failDeletes(shed.world, shed.bucket, { fails: (key) => key === 'object-0000003', code: 'SlowDown' });
    expect(await emptyBucket(shed.aws, shed.options())).toMatchObject({
      code: 'throttled',
      deleted: { versions: 9 },
    });
  });
});

describe('what S3 answers for whole calls', () => {
  it('B4.37 a burst of SlowDown is waited out', async () => {
    const shed = new Shed();
    shed.fill(12_000);
    shed.world.faults.add({ operation: 'DeleteObjects', kind: 'throttle', times: 9 });
    expect(await emptyAndDeleteBucket(shed.aws, shed.options())).toMatchObject({
      code: 'empty',
      deleted: { versions: 12_000 },
    });
  });

  it.each<{ when: string; fault: Parameters<Shed['world']['faults']['add']>[0]; code: string }>([
    {
      when: 'B4.37 SlowDown without end',
      fault: { operation: 'DeleteObjects', kind: 'throttle' },
      code: 'throttled',
    },
    { when: 'a denied listing', fault: { operation: 'ListObjectVersions', kind: 'denied' }, code: 'denied' },
    {
      when: 'a denied listing of uploads',
      fault: { operation: 'ListMultipartUploads', kind: 'denied' },
      code: 'denied',
    },
    { when: 'B4.13 a denied batch', fault: { operation: 'DeleteObjects', kind: 'denied' }, code: 'denied' },
    {
      when: 'a bucket that may not be deleted',
      fault: { operation: 'DeleteBucket', kind: 'denied' },
      code: 'denied',
    },
    {
      when: 'a listing that fails in the middle',
      fault: { operation: 'ListObjectVersions', kind: 'denied', after: 2 },
      code: 'denied',
    },
  ])('$when ends as $code', async ({ fault, code }) => {
    const shed = new Shed();
    shed.fill(3000);
    shed.world.faults.add(fault);
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied.code).toBe(code);
    expect(shed.isGone).toBe(false);
  });

  it("B4.26 B4.47 a bucket that is gone or somebody else's is told as such", async () => {
    const shed = new Shed();
    expect(await emptyAndDeleteBucket(shed.aws, shed.options({ bucket: 'nowhere' }))).toMatchObject({
      code: 'gone',
    });
    const stranger = { ...shed.aws, place: { ...shed.aws.place, account: '999988887777' } };
    expect(await emptyAndDeleteBucket(stranger, shed.options())).toMatchObject({ code: 'denied' });
  });
});

describe('somebody writes to it', () => {
  it('B4.25 a version that is kept stops everything, and nothing of its page goes', async () => {
    const shed = new Shed();
    shed.fill(3000);
    shed.fill(1, { key: () => 'object-0002500', at: new Date('2026-10-01T00:00:00Z') });
    const keeps = ({ at }: { at: Date | undefined }) =>
      at !== undefined && at < new Date('2026-01-01') ? undefined : 'somebody wrote to it';
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options({ keeps }));
    expect(emptied).toMatchObject({
      code: 'kept',
      reason: 'Nothing more is deleted: somebody wrote to it.',
      keys: ['object-0002500'],
    });
    expect(shed.isGone).toBe(false);
    expect(emptied.deleted.versions).toBe(2000);
  });

  it('B4.10 B4.25 so does a young upload', async () => {
    const shed = new Shed();
    shed.fill(1);
    seedUploads(shed.world, shed.bucket, [{ key: 'new' }]);
    const keeps = ({ at }: { at: Date | undefined }) => (at && at > OLD ? 'it is new' : undefined);
    expect(await emptyBucket(shed.aws, shed.options({ keeps }))).toMatchObject({
      code: 'kept',
      deleted: { versions: 0 },
    });
  });

  it('B4.26 three rounds, then a person', async () => {
    const shed = new Shed();
    shed.fill(5);
    let writes = 0;
    shed.world.faults.add({
      operation: 'DeleteBucket',
      kind: 'run',
      when: () => {
        shed.fill(1, { key: () => `late-${writes++}` });
        return false;
      },
    });
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied).toMatchObject({
      code: 'failed',
      reason: expect.stringContaining('after 3 passes'),
      deleted: { versions: 7 },
    });
  });

  it('B4.26 a last version between listing and deletion costs one more round', async () => {
    const shed = new Shed();
    shed.fill(5);
    let once = true;
    shed.world.faults.add({
      operation: 'DeleteBucket',
      kind: 'run',
      when: () => {
        if (once) shed.fill(1, { key: () => 'late' });
        once = false;
        return false;
      },
    });
    expect(await emptyAndDeleteBucket(shed.aws, shed.options())).toMatchObject({
      code: 'empty',
      deleted: { versions: 6 },
    });
  });

  it('B4.29 what was deleted and is listed again ends it', async () => {
    const shed = new Shed();
    shed.fill(2000);
    const { versions } = shed.state;
    // A look-alike that says yes to every deletion and keeps everything.
    Object.defineProperty(versions, 'remove', { value: () => undefined });
    const emptied = await emptyBucket(shed.aws, shed.options());
    expect(emptied.code).toBe('stuck');
    expect(emptied.keys).toHaveLength(10);
    expect(shed.calls('DeleteObjects')).toHaveLength(2);
  });
});

describe('B4.38 time', () => {
  it('stops when less than a minute is left, and another run finishes', async () => {
    const shed = new Shed();
    shed.fill(10_000);
    shed.remaining = () => (shed.calls('DeleteObjects').length < 4 ? 61_000 : 59_000);
    const first = await emptyAndDeleteBucket(shed.aws, shed.options({ parallel: 1 }));
    expect(first.code).toBe('time');
    expect(first.deleted.versions).toBeGreaterThanOrEqual(4000);
    expect(first.deleted.versions).toBeLessThan(10_000);
    shed.remaining = () => 900_000;
    const second = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(second).toMatchObject({ code: 'empty', deleted: { versions: 10_000 - first.deleted.versions } });
  });

  it('B6.2 stops when the kill switch is pulled', async () => {
    const shed = new Shed();
    shed.fill(10);
    shed.halted = () => 'The kill switch is on.';
    expect(await emptyBucket(shed.aws, shed.options())).toMatchObject({
      code: 'halted',
      deleted: { versions: 0 },
    });
  });
});

describe('large buckets', () => {
  it('folders are listed in ranges, with hardly more calls, and nothing twice', async () => {
    const shed = new Shed();
    shed.fill(30_000, { key: (index) => `${index % 7}é/${String(index).padStart(6, '0')}` });
    const emptied = await emptyAndDeleteBucket(shed.aws, shed.options());
    expect(emptied).toMatchObject({ code: 'empty', deleted: { versions: 30_000 } });
    expect(shed.calls().length).toBeLessThanOrEqual(Math.ceil((30 + 30 + 2) * 1.12));
  });

  it.each(['one/folder/only/', 'a/'])('below %s', async (prefix) => {
    const shed = new Shed();
    shed.fill(25_000, { key: (index) => `${prefix}${index % 3}/${index}` });
    expect(await emptyAndDeleteBucket(shed.aws, shed.options())).toMatchObject({
      code: 'empty',
      deleted: { versions: 25_000 },
    });
  });
});
