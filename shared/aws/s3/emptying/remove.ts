import { AwsFailure } from '../../errors.ts';
import { type Deletion, type Doomed, deleteVersion, deleteVersions, type NotDeleted } from '../deletion.ts';
import { carrierOf } from '../keys.ts';
import type { Version } from '../versions.ts';
import type { Job } from './job.ts';

/** Codes that say "not now": only keys with these are tried again (B4.34). */
const LATER: readonly string[] = ['InternalError', 'SlowDown', 'ServiceUnavailable'];
/** Codes that say that it is gone, which is what was wanted. */
const GONE: readonly string[] = ['NoSuchKey', 'NoSuchVersion'];
const TRIES = 6;
const BASE_MS = 250;
const LONGEST_MS = 10_000;

/** Deletes one page of versions: most of them in one batch, odd keys each by its own way; none is ever guessed. */
export async function remove(job: Job, page: readonly Version[]): Promise<void> {
  const batch: Version[] = [];
  const singles: Version[] = [];
  for (const version of page) {
    const carrier = version.key === undefined ? 'none' : carrierOf(version.key);
    if (carrier === 'batch') batch.push(version);
    else if (carrier === 'single') singles.push(version);
    else unnameable(job, version);
  }
  if (batch.length > 0) {
    await persistently(job, batch, (doomed) => deleteVersions(job.aws, job.bucket, doomed));
  }
  for (const version of singles) {
    if (job.end !== undefined) return;
    await persistently(job, [version], ([doomed]) => single(job, doomed));
  }
}

/** Left standing and told at the end: a lifecycle rule or a person has to delete it (B4.31). */
function unnameable(job: Job, { listed }: Version): void {
  job.count('unnameable', 1);
  if (job.keys.length < 10) job.keys.push(listed);
}

async function single(job: Job, doomed: Doomed | undefined): Promise<Deletion> {
  if (doomed !== undefined) await deleteVersion(job.aws, job.bucket, doomed);
  return { errors: [], strained: false };
}

/** Sends, reads what was not deleted, and sends again what may go later; everything else is counted by its code. */
async function persistently(
  job: Job,
  versions: readonly Version[],
  send: (doomed: readonly Doomed[]) => Promise<Deletion>,
): Promise<void> {
  let left: readonly Doomed[] = versions.map(({ key = '', id }) => ({ key, id }));
  let failed = new Map<string, string>();
  for (let attempt = 1; left.length > 0 && attempt <= TRIES; attempt++) {
    if (attempt > 1) await pause(job, attempt);
    const answer = await tried(job, left, send);
    if (answer === undefined) return;
    if (answer.strained) job.throttle.strained();
    else job.throttle.eased();
    const later = new Set(answer.errors.filter(({ code }) => LATER.includes(code)).map(identity));
    failed = new Map([...failed, ...settle(job, answer.errors)]);
    // By what was sent, not by what came back: XML may have changed the key on its way.
    left = left.filter((one) => later.has(identity(one)));
  }
  for (const each of left) failed.set(identity(each), 'SlowDown');
  addUp(job, versions, failed);
  if (left.length > 0) job.stop('throttled', `S3 was too busy for ${left.length} keys, ${TRIES} times over.`);
}

/** The answer; undefined when the whole call failed for good and the job stops. */
async function tried(
  job: Job,
  left: readonly Doomed[],
  send: (doomed: readonly Doomed[]) => Promise<Deletion>,
): Promise<Deletion | undefined> {
  try {
    return await send(left);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.kind === 'gone' && GONE.includes(error.code)) return { errors: [], strained: false };
    if (error.kind === 'throttled' || error.kind === 'retryable' || error.kind === 'timeout') {
      return { errors: left.map((one) => ({ ...one, code: 'SlowDown', message: '' })), strained: true };
    }
    job.count(error.code, left.length);
    stopFor(job, error);
    return undefined;
  }
}

/** A failed call of any kind ends the emptying in its own way. */
export function stopFor(job: Job, error: AwsFailure): void {
  const { kind, code, message } = error;
  if (code === 'NoSuchBucket') job.stop('gone', `${job.bucket} is gone.`);
  else if (kind === 'denied' || kind === 'denied-by-organisation') job.stop('denied', message);
  else if (kind === 'throttled' || kind === 'retryable' || kind === 'timeout') job.stop('throttled', message);
  else job.stop('failed', message);
}

/** What was refused for good, by identity; a refused key stops the bucket at once (B4.12, B4.34). */
function settle(job: Job, errors: readonly NotDeleted[]): readonly [string, string][] {
  const final = errors.filter(({ code }) => !LATER.includes(code) && !GONE.includes(code));
  for (const { code } of final) job.count(code, 1);
  const denied = final.filter(({ code }) => code === 'AccessDenied');
  const [first] = denied;
  if (first !== undefined) {
    const reason = `S3 refused to delete ${denied.length} of the keys: ${first.message || 'AccessDenied'}.`;
    job.stop(
      'denied',
      reason,
      denied.map(({ key }) => key),
    );
  }
  return final.map((one) => [identity(one), one.code]);
}

/** Quiet answers name only what failed: the rest is deleted (B4.35). */
function addUp(job: Job, versions: readonly Version[], failed: ReadonlyMap<string, string>): void {
  for (const { key = '', id, isMarker, size } of versions) {
    if (failed.size > 0 && failed.has(identity({ key, id }))) continue;
    job.counts[isMarker ? 'markers' : 'versions'] += 1;
    job.counts.bytes += size;
  }
  job.tell();
}

function identity({ key, id }: Doomed): string {
  return `${id} ${key}`;
}

async function pause(job: Job, attempt: number): Promise<void> {
  job.throttle.strained();
  const ceiling = Math.min(LONGEST_MS, BASE_MS * 2 ** attempt);
  await job.options.sleep(Math.ceil(ceiling * (0.5 + job.options.random() / 2)));
}
