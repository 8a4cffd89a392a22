import type { World } from '../../core/world.ts';
import { putDatapoint, single } from '../cloudwatch/metrics.ts';
import type { Bucket } from './state.ts';

const DAY = 86_400_000;

const STORAGE_TYPES: Readonly<Record<string, string>> = {
  STANDARD: 'StandardStorage',
  REDUCED_REDUNDANCY: 'ReducedRedundancyStorage',
  STANDARD_IA: 'StandardIAStorage',
  ONEZONE_IA: 'OneZoneIAStorage',
  INTELLIGENT_TIERING: 'IntelligentTieringFAStorage',
  GLACIER_IR: 'GlacierInstantRetrievalStorage',
  GLACIER: 'GlacierStorage',
  DEEP_ARCHIVE: 'DeepArchiveStorage',
};

/**
 * The daily storage metrics of a bucket, one day late: its bytes by storage class, and its objects, which count every
 * version, delete marker and part of an upload. An empty bucket has none (User Guide, "Metrics and dimensions").
 */
export function putStorageMetrics(world: World, bucket: Bucket): void {
  const at = Math.floor(world.clock.now() / DAY) * DAY - DAY;
  if (bucket.createdAt >= at + DAY) return;
  const where = { partition: bucket.partition, account: bucket.owner, region: bucket.region };
  const put = (name: string, StorageType: string, value: number, unit: string) => {
    const dimensions = { BucketName: bucket.name, StorageType };
    putDatapoint(world, where, { namespace: 'AWS/S3', name, dimensions }, single(at, value, unit));
  };
  const parts = [...bucket.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
  const bytes = new Map<string, number>();
  let objects = parts.length;
  for (const [kind, total] of bucket.versions.totals) {
    objects += total.count;
    const type = STORAGE_TYPES[kind];
    if (type !== undefined && total.count > 0) bytes.set(type, (bytes.get(type) ?? 0) + total.bytes);
  }
  const inParts = parts.reduce((sum, { size }) => sum + size, 0);
  if (parts.length > 0) bytes.set('StandardStorage', (bytes.get('StandardStorage') ?? 0) + inParts);
  for (const [type, value] of bytes) put('BucketSizeBytes', type, value, 'Bytes');
  if (objects > 0) put('NumberOfObjects', 'AllStorageTypes', objects, 'Count');
}
