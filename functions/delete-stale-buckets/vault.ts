import type { Bucket as Told } from '@aws-sdk/client-s3';
import type { Aws } from '../../shared/aws/access.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { readConfiguration } from '../../shared/aws/s3/configuration.ts';
import type { StorageClass } from '../../shared/aws/s3/storage-classes.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import type { Marked } from './mark.ts';
import { othersIn } from './protections.ts';
import type { Settings } from './settings.ts';

/** Where the objects of one bucket are kept when it is emptied (B4.48). */
export interface ArchivePlan {
  readonly bucket: string;
  /** Ends in `/`; objects are below `objects/`, and `manifest.json` says that they are all there. */
  readonly prefix: string;
  readonly storageClass: StorageClass;
  readonly mostBytes: number;
  /** Its manifest was seen: the deletion may have begun, so it is never written again. */
  readonly isWhole?: boolean;
}

/** Rights of `openVault`, all of them also needed for reading. */
export const vaultRights = [...bucketNamed.rights, ...readConfiguration.rights];

const GB = 1024 ** 3;

/** Where the objects of this bucket would go; the mark's time keeps two buckets of one name apart. */
export function archivePlan(
  { id }: Pick<Bucket, 'id'>,
  { archiveBucket, archivePrefix, archiveClass, archiveLimitGb }: Settings,
  { at }: Pick<Marked, 'at'>,
): ArchivePlan | undefined {
  if (archiveBucket === undefined) return undefined;
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    bucket: archiveBucket,
    prefix: `${archivePrefix}${id}/${stamp}/`,
    storageClass: archiveClass,
    mostBytes: archiveLimitGb * GB,
  };
}

/** A manifest or a copy, by its key, whoever's settings it was archived with: an undo needs it (B4.48). */
export function isArchived(key: string): boolean {
  return /\/\d{8}T\d{6}Z\/(objects\/|manifest\.json$)/.test(key);
}

/** As the journal keeps it. */
export function journaled({ bucket, prefix, storageClass }: ArchivePlan): { readonly [key: string]: Json } {
  return { bucket, prefix, storageClass };
}

/** `s3://vault/reeve/old-logs/20261121T093000Z/` */
export function addressOf({ bucket, prefix }: Pick<ArchivePlan, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}/${prefix}`;
}

/** Access to the archive bucket in its own region, or why it is no place to keep somebody's objects in. */
export async function openVault(
  bucket: string,
  around: Surroundings<Aws>,
): Promise<{ readonly aws: Aws } | { readonly refusal: string }> {
  const told = await bucketNamed(around.aws, bucket);
  if (told === undefined) return { refusal: `This account has no archive bucket ${bucket}.` };
  const reached = await reachVault(told, around);
  if ('refusal' in reached) return reached;
  const others = othersIn(
    await readConfiguration(reached.aws, bucket, ['policy', 'acl']),
    around.place.account,
  );
  return others.length === 0
    ? reached
    : { refusal: `The archive bucket ${bucket} is no safe place: ${others.join('; ')}.` };
}

/** Access to a bucket in its own region. */
export async function reachVault(
  { BucketRegion }: Told,
  { aws, place, elsewhere }: Surroundings<Aws>,
): Promise<{ readonly aws: Aws } | { readonly refusal: string }> {
  const region = BucketRegion ?? place.region;
  const near = region === place.region ? aws : await elsewhere?.(region);
  return near === undefined
    ? { refusal: `The archive bucket lies in ${region}, out of reach from here.` }
    : { aws: near };
}

export function manifestKey({ prefix }: Pick<ArchivePlan, 'prefix'>): string {
  return `${prefix}manifest.json`;
}

export function objectsPrefix({ prefix }: Pick<ArchivePlan, 'prefix'>): string {
  return `${prefix}objects/`;
}
