import { describe, expect, it } from 'vitest';
import { disableKmsKey } from '../../../../../sandbox/services/s3/objects/encryption.ts';
import {
  type SeedOptions,
  seedBucket,
  seededBucket,
  seedObjects,
} from '../../../../../sandbox/services/s3/seed.ts';
import { type MirrorOptions, mirror } from '../../../../../shared/aws/s3/mirroring/mirror.ts';
import { Shed } from '../shed.ts';

const VAULT = 'vault';

/** The shed, and a bucket for what is in it. */
class Move extends Shed {
  constructor(versioning?: 'Enabled') {
    super(versioning);
    const { account, region } = this.sandbox;
    seedBucket(this.world, { name: VAULT, account, region });
  }

  run(extra: Partial<MirrorOptions> = {}) {
    const { now, remainingMs, halted } = this.options();
    const from = { aws: this.aws, bucket: this.bucket, prefix: '' };
    const to = { aws: this.aws, bucket: VAULT, prefix: 'shed/1/' };
    return mirror(this.aws, { from, to, storageClass: 'GLACIER_IR', now, remainingMs, halted, ...extra });
  }

  get kept(): Promise<readonly string[]> {
    return this.listed(VAULT);
  }

  /** What an earlier invocation copied already. */
  copied(count: number): void {
    seedObjects(this.world, VAULT, count, {
      key: (index) => `shed/1/object-${String(index).padStart(7, '0')}`,
    });
  }
}

function moving(count: number, options: SeedOptions = {}, versioning?: 'Enabled'): Move {
  const move = new Move(versioning);
  move.fill(count, options);
  return move;
}

describe('B4.48 copying all objects to another place', () => {
  it('copies the newest versions, and a second pass finds them all', async () => {
    const move = moving(30, {}, 'Enabled');
    move.fill(30);
    move.fill(3, { markers: true });
    expect(await move.run()).toMatchObject({ code: 'same', objects: 27, copied: 27, bytes: 27 * 1024 });
    const kept = await move.kept;
    expect(kept).toHaveLength(27);
    expect(kept[0]).toBe('shed/1/object-0000003');
    expect(seededBucket(move.world, VAULT).versions.newest('shed/1/object-0000003')?.storageClass).toBe(
      'GLACIER_IR',
    );
    expect(move.calls('CopyObject')).toHaveLength(27);
  });

  it('carries on where it was interrupted, and copies nothing twice', async () => {
    const move = moving(60);
    let asked = 0;
    move.remaining = () => (++asked > 35 ? 1 : 900_000);
    expect(await move.run()).toMatchObject({ code: 'time', copied: 35 });
    move.remaining = () => 900_000;
    expect(await move.run()).toMatchObject({ code: 'same', objects: 60, copied: 25 });
    expect(move.calls('CopyObject')).toHaveLength(60);
  });

  it('reads listings of many pages in step', async () => {
    const move = moving(2510);
    move.copied(2500);
    move.world.forgetCalls();
    expect(await move.run()).toMatchObject({ code: 'same', objects: 2510, copied: 10 });
    expect(move.calls('ListObjectsV2').length).toBeLessThanOrEqual(2 * (3 + 3));
  });

  it('odd keys arrive as they are, metadata and tags with them', async () => {
    const keys = [
      '/lead',
      'a b+c%20',
      'a//b',
      'e\u0301\u{1F600}',
      'line\nfeed',
      'odd\u0001',
      '?versionId=x',
      'z/',
    ];
    const details = { given: { Metadata: { a: 'b' } }, tags: [{ Key: 'k', Value: 'v' }] };
    const move = moving(keys.length, { key: (index) => keys[index] ?? '', details });
    expect(await move.run()).toMatchObject({ code: 'same', copied: keys.length });
    expect((await move.kept).toSorted()).toEqual(keys.map((key) => `shed/1/${key}`).toSorted());
    expect(seededBucket(move.world, VAULT).versions.newest('shed/1/a//b')?.details).toMatchObject(details);
  });

  it('of nothing is done at once', async () => {
    expect(await moving(0).run()).toMatchObject({ code: 'same', objects: 0 });
  });

  it.each<{ what: string; options: SeedOptions; reason: RegExp; before?: (move: Move) => void }>([
    {
      what: 'is in Glacier',
      options: { storageClass: 'GLACIER' },
      reason: /1024 bytes in GLACIER cannot be: Inv/,
    },
    { what: 'is above 5 GB', options: { size: 5 * 1024 ** 3 + 1 }, reason: /larger than the 5 GB/ },
    { what: 'has a key like ../x', options: { key: () => '../x' }, reason: /cannot be named in a request/ },
    {
      what: 'has a key too long for the archive',
      options: { key: () => 'k'.repeat(1020) },
      reason: /KeyTooLong/,
    },
    {
      what: 'is encrypted with a key of the customer',
      options: { details: { customerKeyMd5: 'x' } },
      reason: /Server Side Encryption/,
    },
    {
      what: 'is encrypted with a disabled key',
      options: { details: { given: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key' } } },
      before: ({ world }) => disableKmsKey(world, 'key'),
      reason: /KMS.DisabledException/,
    },
    {
      what: 'may not be read',
      options: {},
      before: ({ world }) => world.faults.add({ operation: 'CopyObject', kind: 'denied' }),
      reason: /AccessDenied/,
    },
  ])('stops with a sentence at an object that $what', async ({ options, reason, before }) => {
    const move = moving(1, options);
    before?.(move);
    expect(await move.run()).toMatchObject({ code: 'refused', reason: expect.stringMatching(reason) });
    expect(await move.kept).toEqual([]);
  });

  it('5 GB to the byte is copied', async () => {
    expect(await moving(1, { size: 5 * 1024 ** 3 }).run()).toMatchObject({ code: 'same', copied: 1 });
  });

  it('stops above the bytes that may be copied', async () => {
    expect(await moving(4).run({ mostBytes: 4096 })).toMatchObject({ code: 'same' });
    const { code, reason } = await moving(5).run({ mostBytes: 4096 });
    expect(`${code}: ${reason}`).toMatch(/^refused: It holds more than the 4096 bytes/);
  });

  it('stops where something else stands in its place', async () => {
    const move = moving(1);
    seedObjects(move.world, VAULT, 1, { key: () => 'shed/1/object-0000000', size: 7 });
    expect(await move.run()).toMatchObject({
      code: 'refused',
      reason: expect.stringContaining('Another object'),
    });
  });

  it('where tags of content prove nothing, checksums have to agree', async () => {
    const given = { ServerSideEncryption: 'aws:kms', ChecksumCRC32: 'AAAAAA==' } as const;
    const good = moving(2, { details: { given } });
    expect(await good.run()).toMatchObject({ code: 'same', copied: 2 });
    expect(good.calls('HeadObject')).toHaveLength(2);

    const bad = moving(1, { details: { given } });
    bad.world.faults.add({
      operation: 'HeadObject',
      kind: 'run',
      effect: async () => {
        const source = bad.state.versions.newest('object-0000000');
        if (source) source.details = { given: { ...given, ChecksumCRC32: 'BBBBBB==' } };
      },
    });
    expect(await bad.run()).toMatchObject({ code: 'failed', reason: expect.stringContaining('checksum') });
  });

  it('B6.2 stops at the kill switch', async () => {
    const move = moving(20);
    move.halted = () => 'The kill switch is on.';
    expect(await move.run()).toMatchObject({ code: 'halted', copied: 0 });
  });

  it('B4.37 S3 being busy ends it for now', async () => {
    const move = moving(3);
    move.world.faults.add({ operation: 'CopyObject', kind: 'throttle' });
    expect(await move.run()).toMatchObject({ code: 'throttled' });
  });

  it('asks content back from Glacier where it may, and copies it once it is there', async () => {
    const move = moving(2, { storageClass: 'DEEP_ARCHIVE' });
    const asked: string[] = [];
    const fetch = async (key: string) => void asked.push(key);
    expect(await move.run({ fetch })).toMatchObject({ code: 'awaited', awaited: 2 });
    expect(asked).toEqual(['object-0000000', 'object-0000001']);
  });
});

it('an object of the same size that was overwritten meanwhile is the newer one', async () => {
  const move = moving(1);
  const young = (object: { readonly at: Date | undefined }) =>
    object.at !== undefined && object.at.getUTCFullYear() > 2025 ? 'it is in use' : undefined;
  expect(await move.run({ refuses: young })).toMatchObject({ code: 'same' });
  move.fill(1, { at: new Date('2026-10-01T00:00:00Z') });
  expect(await move.run({ refuses: young })).toMatchObject({
    code: 'refused',
    reason: /it is in use/,
  } satisfies {
    code: string;
    reason: RegExp;
  });
});
