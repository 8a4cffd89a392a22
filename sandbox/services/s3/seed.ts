import type * as s3 from '@aws-sdk/client-s3';
import type { World } from '../../core/world.ts';
import { startDays } from './lifecycle/daily.ts';
import { addDeleteFailure, type DeleteFailure } from './objects/delete-failures.ts';
import { addBucket, allBuckets, type Bucket } from './state.ts';
import type { Details } from './versions/version.ts';

/** Makes a bucket without a call: with any age, in any region, with tags that users cannot write (`aws:…`). */
export function seedBucket(
  world: World,
  wish: {
    readonly name: string;
    readonly account: string;
    readonly region: string;
    readonly createdAt?: Date;
    readonly versioning?: s3.BucketVersioningStatus;
    readonly mfaDevice?: string;
    readonly objectLock?: boolean;
    readonly tags?: Readonly<Record<string, string>>;
  },
): Bucket {
  const partition = world.accounts.get(wish.account)?.partition ?? 'aws';
  const { name, account: owner, region, createdAt } = wish;
  const made = { name, owner, region, partition, ...(createdAt && { createdAt: createdAt.getTime() }) };
  const bucket = addBucket(world, made);
  if (wish.versioning ?? wish.objectLock) bucket.versioning = wish.versioning ?? 'Enabled';
  if (wish.mfaDevice !== undefined) bucket.mfaDevice = wish.mfaDevice;
  if (wish.objectLock) bucket.configurations.objectLock = { ObjectLockEnabled: 'Enabled' };
  for (const [key, value] of Object.entries(wish.tags ?? {})) bucket.tags.set(key, value);
  startDays(world);
  return bucket;
}

export interface SeedOptions {
  /** Default `object-0000000`, `object-0000001`, … */
  readonly key?: (index: number) => string;
  /** Default 1,024 bytes. */
  readonly size?: number | ((index: number) => number);
  /** Last modified. Default: now. */
  readonly at?: Date | ((index: number) => Date);
  readonly storageClass?: s3.ObjectStorageClass;
  /** Delete markers instead of objects. */
  readonly markers?: boolean;
  readonly details?: Details;
}

/** Puts `count` objects into a bucket without calls, a million in about a second. The same key again is a newer version. */
export function seedObjects(
  world: World,
  bucketName: string,
  count: number,
  options: SeedOptions = {},
): void {
  const bucket = seededBucket(world, bucketName);
  const {
    key = (index) => `object-${String(index).padStart(7, '0')}`,
    size = 1024,
    at = new Date(world.clock.now()),
    storageClass = 'STANDARD',
    markers = false,
    details,
  } = options;
  for (let index = 0; index < count; index++) {
    bucket.versions.add({
      key: key(index),
      isNull: bucket.versioning !== 'Enabled',
      isMarker: markers,
      at: Math.floor((typeof at === 'function' ? at(index) : at).getTime() / 1000),
      size: markers ? 0 : typeof size === 'function' ? size(index) : size,
      storageClass,
      ...(details && { details }),
    });
  }
}

/** Begins uploads that nobody ends, each with parts of the given sizes. */
export function seedUploads(
  world: World,
  bucketName: string,
  uploads: readonly { readonly key: string; readonly at?: Date; readonly parts?: readonly number[] }[],
): readonly string[] {
  const bucket = seededBucket(world, bucketName);
  return uploads.map(({ key, at = new Date(world.clock.now()), parts = [] }) => {
    const id = world.random.hex(64);
    const startedAt = Math.floor(at.getTime() / 1000) * 1000;
    const stored = parts.map((size, index) => {
      const number = index + 1;
      return [number, { number, etag: `"${world.random.hex(32)}"`, at: startedAt / 1000, size }] as const;
    });
    const wish = { Bucket: bucketName, Key: key };
    const initiator = `arn:${bucket.partition}:iam::${bucket.owner}:root`;
    bucket.uploads.set(id, { id, key, startedAt, initiator, wish, parts: new Map(stored) });
    return id;
  });
}

/** From now on DeleteObjects reports these keys in its `Errors`, as S3 now and then does. */
export function failDeletes(world: World, bucketName: string, failure: DeleteFailure): void {
  addDeleteFailure(seededBucket(world, bucketName), failure);
}

/** The bucket's whole state, for tests and the demo. */
export function seededBucket(world: World, name: string): Bucket {
  const bucket = allBuckets(world).find((each) => each.name === name);
  if (!bucket) throw new Error(`The sandbox has no bucket ${name}.`);
  return bucket;
}
