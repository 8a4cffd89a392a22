import { type Aws, verb } from '../../access.ts';
import { AwsFailure } from '../../errors.ts';
import { deleteBucket, deleteVersion, deleteVersions } from '../deletion.ts';
import { abortUpload, uploadPage } from '../uploads.ts';
import { versionPage } from '../versions.ts';
import { type Emptied, type EmptyingOptions, Job } from './job.ts';
import { type FirstPage, pass } from './pass.ts';
import { stopFor } from './remove.ts';

/** Passes over a bucket that is not empty after a clean one: somebody writes to it (B4.26). */
const ROUNDS = 3;

const emptyingRights = [versionPage, uploadPage, abortUpload, deleteVersions, deleteVersion].flatMap(
  ({ rights }) => rights,
);

/** Deletes everything in a bucket for good: all versions, delete markers and unfinished uploads; the bucket stays. */
export const emptyBucket = verb(
  emptyingRights,
  (aws: Aws, options: EmptyingOptions): Promise<Emptied> =>
    inRounds(new Job(aws, options), async (job) => {
      const { versions } = await versionPage(job.aws, job.bucket, undefined);
      return versions.length === 0;
    }),
);

/** The same, and then the bucket itself. `requestId` is that of DeleteBucket. */
export const emptyAndDeleteBucket = verb(
  [...emptyingRights, ...deleteBucket.rights],
  async (
    aws: Aws,
    options: EmptyingOptions,
  ): Promise<Emptied & { readonly requestId: string | undefined }> => {
    let requestId: string | undefined;
    const emptied = await inRounds(new Job(aws, options), async (job) => {
      try {
        requestId = await deleteBucket(job.aws, job.bucket);
        return true;
      } catch (error) {
        if (!(error instanceof AwsFailure) || error.code !== 'BucketNotEmpty') throw error;
        return false;
      }
    });
    return { ...emptied, requestId };
  },
);

/** Passes until the bucket is closed; every way out is an `Emptied` with its reason. */
async function inRounds(job: Job, close: (job: Job) => Promise<boolean>): Promise<Emptied> {
  let seen: FirstPage = new Set();
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      seen = await pass(job, seen);
      stopForWhatIsLeft(job);
      if (job.end !== undefined || (await close(job))) return job.result();
    }
    job.stop('failed', `It was not empty after ${ROUNDS} passes: somebody writes to it.`);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    // Somebody else is at it (B4.26): the next run looks again.
    if (error.code === 'OperationAborted') job.stop('throttled', error.message);
    else stopFor(job, error);
  }
  return job.result();
}

/** A pass that could not delete all it saw does not go on to the bucket. */
function stopForWhatIsLeft(job: Job): void {
  const codes = [...job.errors].map(([code, keys]) => `${code} for ${keys}`).join(', ');
  if (job.errors.has('unnameable')) {
    const keys = job.errors.get('unnameable') ?? 0;
    job.stop('unnameable', `${keys} keys cannot be named in a request: a lifecycle rule can delete them.`);
  } else if (codes !== '') job.stop('failed', `Not everything could be deleted: ${codes}.`);
}
