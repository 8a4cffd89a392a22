import * as s3 from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { seedObjects } from '../../../sandbox/services/s3/seed.ts';
import { openS3 } from './client.ts';

const Bucket = 'stale-logs';

it('a listing by a version that was cut from a million costs what a page costs', async () => {
  const { sandbox, client } = await openS3();
  await client.send(
    new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  seedObjects(sandbox.world, Bucket, 50_000, { key: (index) => `logs/${index % 7}/${index}` });
  let left = 50_000;
  for (;;) {
    const { Versions = [] } = await client.send(new s3.ListObjectVersionsCommand({ Bucket }));
    if (Versions.length === 0) break;
    const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    left -= Objects.length;
  }
  expect(left).toBe(0);
});
