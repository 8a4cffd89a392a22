import { commonPrefixes } from '../versions.ts';
import type { Job } from './job.ts';

/** Listings at once: S3's own rate limit is per prefix. */
const RANGES = 4;
/** Folders below folders that are looked into before giving up. */
const DEPTH = 3;

/**
 * Keys at which what lies behind a key can be split, at most three, in order; none where the keys have no folders.
 * Costs one call, or a few where everything is below one folder.
 */
export async function rangesBehind(job: Job, after: string): Promise<readonly string[]> {
  let prefix = '';
  for (let depth = 0; depth < DEPTH; depth++) {
    const found = await commonPrefixes(job.aws, job.bucket, prefix, after);
    const behind = found.filter((one) => isBehind(one, after));
    if (behind.length > 1) return bordersOf(behind);
    const [only] = found;
    if (only === undefined || found.length > 1) return behind;
    prefix = only;
  }
  return [];
}

function bordersOf(prefixes: readonly string[]): readonly string[] {
  const share = prefixes.length / RANGES;
  const picked = Array.from({ length: RANGES - 1 }, (_, index) => prefixes[Math.floor(share * (index + 1))]);
  return [...new Set(picked.filter((one) => one !== undefined))];
}

/** JavaScript orders strings as UTF-8 does unless there are surrogates or what comes behind them. */
const UNLIKE_UTF8 = /[\ud800-\uffff]/;

/** Whether a key comes later than another in S3's order, which is that of UTF-8 bytes. */
export function isBehind(key: string | undefined, border: string | undefined): boolean {
  if (key === undefined || border === undefined) return false;
  if (!UNLIKE_UTF8.test(key) && !UNLIKE_UTF8.test(border)) return key > border;
  return Buffer.compare(Buffer.from(key), Buffer.from(border)) > 0;
}
