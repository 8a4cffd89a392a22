import type * as s3 from '@aws-sdk/client-s3';
import { drawer } from '../../core/drawer.ts';
import type { World } from '../../core/world.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import { refuse } from './refuse.ts';
import { VersionStore } from './versions/version-store.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly initiator: string;
  readonly wish: s3.CreateMultipartUploadRequest;
  readonly parts: Map<number, Part>;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly at: number;
  readonly size: number;
  /** Absent in seeded uploads: then `size` zero bytes. */
  readonly body?: Uint8Array;
}

/** The subresources of a bucket, each as it was last put. */
export interface Configurations {
  abac?: s3.AbacStatus;
  acl?: s3.AccessControlPolicy;
  encryption?: s3.ServerSideEncryptionConfiguration;
  lifecycle?: Pick<s3.PutBucketLifecycleConfigurationRequest, 'TransitionDefaultMinimumObjectSize'> & {
    readonly Rules: readonly s3.LifecycleRule[];
  };
  logging?: s3.LoggingEnabled;
  notification?: s3.NotificationConfiguration;
  objectLock?: s3.ObjectLockConfiguration;
  ownership?: s3.OwnershipControls;
  policy?: string;
  publicAccess?: s3.PublicAccessBlockConfiguration;
  replication?: s3.ReplicationConfiguration;
  requestPayment?: s3.RequestPaymentConfiguration;
  cors?: s3.CORSConfiguration;
  website?: s3.WebsiteConfiguration;
}

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly owner: string;
  readonly partition: string;
  readonly region: string;
  /** As CreateBucket was told it: `EU` stays `EU`. */
  readonly location?: string;
  /** Epoch ms. */
  createdAt: number;
  versioning?: s3.BucketVersioningStatus;
  /** The device whose codes permanent deletions have to carry. */
  mfaDevice?: string;
  /** MFA delete was on once. */
  mfaDisabled?: boolean;
  /** Tag key to value, those of `aws:` among them. */
  readonly tags: Map<string, string>;
  readonly configurations: Configurations;
  readonly inventories: Map<string, s3.InventoryConfiguration>;
  readonly versions: VersionStore;
  readonly uploads: Map<string, Upload>;
}

type Names = Map<string, Bucket>;

/** Bucket names are one set for a whole partition, so the drawer's place is the partition alone. */
const names = drawer<Names>(() => new Map());

export function bucketsOf(world: World, partition: string): Names {
  return names.of({ world, partition, account: '', region: partition });
}

/** Every bucket of the world, by name. */
export function allBuckets(world: World): readonly Bucket[] {
  return names
    .all(world)
    .flatMap(({ state }) => [...state.values()])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The bucket of this name, or NoSuchBucket. */
export function bucketNamed(world: World, partition: string, name = ''): Bucket {
  const bucket = bucketsOf(world, partition).get(name);
  if (!bucket) throw refuse.noSuchBucket(name);
  return bucket;
}

/** A bucket as AWS makes it today: its owner owns all in it, nothing is public, everything is encrypted with AES256. */
export function addBucket(
  world: World,
  made: Pick<Bucket, 'name' | 'owner' | 'partition' | 'region' | 'location'> & {
    readonly createdAt?: number;
  },
): Bucket {
  const bucket: Bucket = {
    createdAt: world.clock.now(),
    ...made,
    arn: `arn:${made.partition}:s3:::${made.name}`,
    tags: new Map(),
    configurations: {
      ownership: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      publicAccess: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    },
    inventories: new Map(),
    versions: new VersionStore(),
    uploads: new Map(),
  };
  bucketsOf(world, made.partition).set(made.name, bucket);
  return bucket;
}

export function dropBucket(world: World, bucket: Bucket): void {
  bucketsOf(world, bucket.partition).delete(bucket.name);
  setResourcePolicy(world, bucket.arn, undefined);
}

/** The canonical id that S3 uses for an account where others use its number. */
export function canonicalId(account: string): string {
  return account.padStart(64, '79a59df900b949e5');
}
