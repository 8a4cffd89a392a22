import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { type Upload, type UploadPosition, uploadPage } from '../../shared/aws/s3/uploads.ts';
import { type Position, type Version, versionPage } from '../../shared/aws/s3/versions.ts';
import type { Contents, Reading } from './facts.ts';
import { chargedDays } from './price.ts';
import { isArchived } from './vault.ts';

/** Rights of everything that `contentsOf` calls. */
export const contentsRights = [...versionPage.rights, ...uploadPage.rights];

const DAY_MS = 86_400_000;

/**
 * What a bucket holds, in sums. Stops at the first sign that is as new as `freshFrom` (the bucket lives, the rest does
 * not matter) and after so many pages (B4.2).
 */
export async function contentsOf(
  aws: Aws,
  bucket: string,
  limits: { readonly freshFrom: Date; readonly pages: number },
  now: Date,
): Promise<Reading<Contents>> {
  const sums = new Sums(now);
  try {
    const whole =
      (await addUploads(aws, bucket, sums, limits)) && (await addVersions(aws, bucket, sums, limits));
    return { state: 'read', value: sums.contents(whole) };
  } catch (error) {
    if (error instanceof AwsFailure) return { state: 'unreadable', why: error.message };
    throw error;
  }
}

type Limits = Parameters<typeof contentsOf>[2];

async function addUploads(
  aws: Aws,
  bucket: string,
  sums: Sums,
  { freshFrom, pages }: Limits,
): Promise<boolean> {
  let position: UploadPosition | undefined;
  for (let page = 0; page < pages; page++) {
    const { uploads, next } = await uploadPage(aws, bucket, position);
    for (const upload of uploads) sums.addUpload(upload);
    if (sums.isNewAs(freshFrom)) return false;
    if (next === undefined) return true;
    position = next;
  }
  return false;
}

async function addVersions(
  aws: Aws,
  bucket: string,
  sums: Sums,
  { freshFrom, pages }: Limits,
): Promise<boolean> {
  let position: Position | undefined;
  for (let page = 0; page < pages; page++) {
    const { versions, next } = await versionPage(aws, bucket, position);
    for (const version of versions) sums.addVersion(version);
    if (sums.isNewAs(freshFrom)) return false;
    if (next === undefined) return true;
    position = next;
  }
  return false;
}

/** Adds up a listing; keys are looked at and forgotten. */
export class Sums {
  readonly #now: number;
  #objects = 0;
  #noncurrent = 0;
  #markers = 0;
  #uploads = 0;
  #bytes = 0;
  readonly #classes = new Map<string, number>();
  readonly #early = new Map<string, number>();
  #newest: Date | undefined;
  #newestMarker: Date | undefined;
  #newestUpload: Date | undefined;
  #stateFiles = false;
  #serviceLogs = false;
  #archives = false;

  constructor(now: Date) {
    this.#now = now.getTime();
  }

  addVersion({
    key = '',
    isMarker,
    isLatest,
    at,
    size,
    storageClass,
  }: Pick<Version, 'key' | 'isMarker' | 'isLatest' | 'at' | 'size' | 'storageClass'>): void {
    if (key.endsWith('.tfstate')) this.#stateFiles = true;
    if (/(^|\/)AWSLogs\//.test(key)) this.#serviceLogs = true;
    if (isArchived(key)) this.#archives = true;
    if (isMarker) {
      this.#markers += 1;
      this.#newestMarker = later(this.#newestMarker, at);
      return;
    }
    if (isLatest) this.#objects += 1;
    else this.#noncurrent += 1;
    this.#newest = later(this.#newest, at);
    this.#bytes += size;
    add(this.#classes, storageClass, size);
    const ageDays = at === undefined ? 0 : (this.#now - at.getTime()) / DAY_MS;
    add(this.#early, storageClass, size * chargedDays(storageClass, ageDays));
  }

  addUpload({ at }: Pick<Upload, 'at'>): void {
    this.#uploads += 1;
    this.#newestUpload = later(this.#newestUpload, at);
  }

  isNewAs(moment: Date): boolean {
    return [this.#newest, this.#newestMarker, this.#newestUpload].some(
      (at) => at !== undefined && at >= moment,
    );
  }

  contents(complete: boolean): Contents {
    return {
      complete,
      objects: this.#objects,
      noncurrent: this.#noncurrent,
      markers: this.#markers,
      uploads: this.#uploads,
      bytes: this.#bytes,
      classes: this.#classes,
      earlyByteDays: this.#early,
      newest: this.#newest,
      newestMarker: this.#newestMarker,
      newestUpload: this.#newestUpload,
      stateFiles: this.#stateFiles,
      serviceLogs: this.#serviceLogs,
      archives: this.#archives,
    };
  }
}

function later(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other > one ? other : one;
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  if (amount > 0) sums.set(name, (sums.get(name) ?? 0) + amount);
}
