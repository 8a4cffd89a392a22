import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { seedBucket, seedObjects } from '../../sandbox/services/s3/seed.ts';
import { expectFound, type Job } from './job.ts';

export const BUCKET = 'bench-forgotten-logs';
const YEARS_AGO = new Date('2022-03-01T00:00:00Z');
const FOLDERS = 20;

/** A bucket of versions, two of each object and a delete marker on every tenth. */
export const buckets: Job = {
  seed({ world, account, region }, versions) {
    seedBucket(world, { name: BUCKET, account, region, createdAt: YEARS_AGO, versioning: 'Enabled' });
    const markers = Math.floor(versions / 10);
    const objects = Math.ceil((versions - markers) / 2);
    const share = Math.ceil(objects / FOLDERS);
    const key = (index: number) => {
      const folder = String(Math.floor(index / share)).padStart(2, '0');
      return `logs-${folder}/${String(index).padStart(7, '0')}.json.gz`;
    };
    seedObjects(world, BUCKET, objects, { key, at: YEARS_AGO });
    seedObjects(world, BUCKET, versions - markers - objects, { key, at: YEARS_AGO });
    const every = Math.max(1, Math.floor(objects / Math.max(1, markers)));
    seedObjects(world, BUCKET, markers, {
      key: (index) => key(index * every),
      at: YEARS_AGO,
      markers: true,
    });
  },
  async flaws(sandbox, versions, found) {
    const s3 = new S3Client({ ...sandbox.clientConfig({ user: 'ana' }), forcePathStyle: true });
    const stands = await s3.send(new HeadBucketCommand({ Bucket: BUCKET })).then(
      () => ['the bucket stands'],
      () => [],
    );
    return [...stands, ...expectFound(found, versions)];
  },
};
