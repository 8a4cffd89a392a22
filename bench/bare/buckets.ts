import { setTimeout as wait } from 'node:timers/promises';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { BUCKET } from '../jobs/buckets.ts';

/**
 * The measuring stick: a listing of all versions, a DeleteObjects call for each of its pages, a few at once, and the
 * bucket. It looks at nothing that it deletes, reads no errors, and cannot be interrupted.
 */
const s3 = new S3Client({ forcePathStyle: true });

/** Batches at once, as many as Reeve has under way. */
const PARALLEL = 8;

export async function handler(): Promise<number> {
  const under = new Set<Promise<void>>();
  let deleted = 0;
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: BUCKET,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    const { Versions = [], DeleteMarkers = [] } = page;
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    deleted += Objects.length;
    const task = patiently({ Bucket: BUCKET, Delete: { Objects, Quiet: true } }).finally(() =>
      under.delete(task),
    );
    under.add(task);
    if (under.size >= PARALLEL) await Promise.race(under);
  } while (page.IsTruncated);
  await Promise.all(under);
  await s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  return deleted;
}

/** S3 says SlowDown for longer than the SDK has patience. */
async function patiently(input: ConstructorParameters<typeof DeleteObjectsCommand>[0]): Promise<void> {
  for (;;) {
    try {
      await s3.send(new DeleteObjectsCommand(input));
      return;
    } catch (error) {
      if (!(error instanceof S3ServiceException) || error.name !== 'SlowDown') throw error;
      await wait(1000);
    }
  }
}
