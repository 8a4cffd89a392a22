import { setTimeout as sleep } from 'node:timers/promises';
import { createAws } from '../shared/aws/factory.ts';
import { PatientRetry } from '../shared/aws/retry.ts';
import { emptyAndDeleteBucket } from '../shared/aws/s3/emptying/empty.ts';
import { BUCKET } from './jobs/buckets.ts';

/** Reeve's emptying alone, as `delete-stale-buckets` does it once a bucket is due. */
export async function handler(
  _: unknown,
  { invokedFunctionArn }: { invokedFunctionArn: string },
): Promise<number> {
  const [, partition = '', , region = '', account = ''] = invokedFunctionArn.split(':');
  const aws = createAws(
    { partition, account, region },
    {
      retryStrategy: new PatientRetry({ attempts: 5, now: () => new Date(), sleep, random: Math.random }),
      endpoint: process.env.AWS_ENDPOINT_URL ?? '',
    },
  );
  const { code, reason, deleted } = await emptyAndDeleteBucket(aws, {
    bucket: BUCKET,
    keeps: () => undefined,
    now: () => new Date(),
    sleep,
    random: Math.random,
    remainingMs: () => Number.POSITIVE_INFINITY,
    halted: async () => undefined,
  });
  if (code !== 'empty') throw new Error(`${code}: ${reason}`);
  return deleted.versions + deleted.markers;
}
