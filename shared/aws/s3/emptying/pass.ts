import { AwsFailure } from '../../errors.ts';
import { fitsPath } from '../keys.ts';
import { abortUpload, type Upload, type UploadPosition, uploadPage } from '../uploads.ts';
import { type Position, type Version, type VersionPage, versionPage } from '../versions.ts';
import type { Job } from './job.ts';
import { isBehind, rangesBehind } from './ranges.ts';
import { remove, stopFor } from './remove.ts';

/** A bucket with more pages is listed in several ranges at once, if its keys have folders. */
const SPLIT_AFTER_PAGES = 20;

/** What a pass remembers for the loop guard: the versions of its first page. */
export type FirstPage = ReadonlySet<string>;

/** Aborts all uploads, then deletes all versions and markers, listing ahead while batches are under way. */
export async function pass(job: Job, before: FirstPage): Promise<FirstPage> {
  try {
    await abortUploads(job);
    return await deleteListed(job, before);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    stopFor(job, error);
    return before;
  }
}

async function deleteListed(job: Job, before: FirstPage): Promise<FirstPage> {
  if (!(await job.goesOn())) return before;
  const { versions, next } = await versionPage(job.aws, job.bucket, undefined);
  const again = versions.filter((version) => before.has(identity(version)));
  if (again.length > 0) {
    job.stop(
      'stuck',
      `${again.length} versions that were deleted are listed again.`,
      again.map(({ listed }) => listed),
    );
    return before;
  }
  const under = new Underway();
  try {
    await begin(job, under, versions);
    if (next !== undefined) await follow(job, under, next, undefined, SPLIT_AFTER_PAGES);
  } finally {
    // Also when a listing fails: what was begun has to be counted.
    await under.over();
  }
  return new Set(versions.map(identity));
}

/** Lists page after page up to a key, each page being deleted while the next is listed. */
async function follow(
  job: Job,
  under: Underway,
  from: Position,
  until: string | undefined,
  splitAfter: number,
): Promise<void> {
  let position: Position | undefined = from;
  for (let pages = 1; position !== undefined && (await job.goesOn()); pages++) {
    if (pages === splitAfter) return inRanges(job, under, position);
    const page: VersionPage = await versionPage(job.aws, job.bucket, position);
    const within = page.versions.filter(({ key }) => !isBehind(key, until));
    await begin(job, under, within);
    position =
      within.length < page.versions.length || isBehind(page.next?.key, until) ? undefined : page.next;
  }
}

/** From here on several listings at once, as far as the keys have folders to split by. */
async function inRanges(job: Job, under: Underway, position: Position): Promise<void> {
  const borders = await rangesBehind(job, position.key);
  const starts = [position, ...borders.map((key) => ({ key }))];
  await Promise.all(
    starts.map((start, index) => follow(job, under, start, borders[index], Number.POSITIVE_INFINITY)),
  );
}

/** Waits for room, then deletes the page without waiting for it to end. Nothing of a page with a kept one goes. */
async function begin(job: Job, under: Underway, versions: readonly Version[]): Promise<void> {
  for (const version of versions) {
    const why = job.options.keeps(version);
    if (why !== undefined) return job.stop('kept', `Nothing more is deleted: ${why}.`, [version.listed]);
  }
  if (versions.length === 0) return;
  const leave = await job.throttle.enter();
  if (job.end !== undefined) return leave();
  under.add(remove(job, versions).finally(leave));
}

async function abortUploads(job: Job): Promise<void> {
  let position: UploadPosition | undefined;
  do {
    if (!(await job.goesOn())) return;
    const page = await uploadPage(job.aws, job.bucket, position);
    const young = page.uploads.map((one) => job.options.keeps({ ...one, isMarker: false })).find(Boolean);
    if (young !== undefined) return job.stop('kept', `Nothing more is deleted: ${young}.`);
    const under = new Underway();
    for (const upload of page.uploads) {
      const leave = await job.throttle.enter();
      under.add(abort(job, upload).finally(leave));
    }
    await under.over();
    position = page.next;
  } while (position !== undefined);
}

async function abort(job: Job, { key, listed, id }: Upload): Promise<void> {
  if (job.end !== undefined) return;
  if (key === undefined || !fitsPath(key)) {
    job.count('unnameable', 1);
    if (job.keys.length < 10) job.keys.push(listed);
    return;
  }
  try {
    await abortUpload(job.aws, job.bucket, key, id);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code !== 'NoSuchUpload') return stopFor(job, error);
  }
  job.counts.uploads += 1;
}

function identity({ listed, id }: Version): string {
  return `${id} ${listed}`;
}

/** What was begun and not yet waited for; the first that threw is thrown again at the end. */
class Underway {
  readonly #tasks = new Set<Promise<void>>();
  #thrown: { readonly error: unknown } | undefined;

  add(task: Promise<void>): void {
    const watched = task
      .catch((error: unknown) => {
        this.#thrown ??= { error };
      })
      .finally(() => this.#tasks.delete(watched));
    this.#tasks.add(watched);
  }

  async over(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }
}
