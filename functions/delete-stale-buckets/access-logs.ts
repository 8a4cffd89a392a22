import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { pages } from '../../shared/aws/pages.ts';
import { type LogTarget, lastUseIn, logTarget } from '../../shared/aws/s3/access-log.ts';
import type { Part } from '../../shared/aws/s3/configuration.ts';
import { type Listed, objectPage, readText } from '../../shared/aws/s3/objects.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Bucket } from './bucket.ts';
import type { Signs } from './facts.ts';
import type { Settings } from './settings.ts';

/** Rights for reading access logs, where the settings name their buckets. */
export const logRights = [...objectPage.rights, ...readText.rights];

const DAY_MS = 86_400_000;
const PARALLEL = 10;
/** A log of more than this is not read whole into memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * When an object was last asked for by the bucket's server access logs, where they go to a bucket that the settings
 * name. The logs' mere being there says nothing: every sweep's own calls leave lines. So the lines are read, newest day
 * first, up to the first use; what cannot be read, or is too much, is said and protects.
 */
export async function usesLogged(
  aws: Aws,
  bucket: Pick<Bucket, 'id' | 'account' | 'region'>,
  logging: Part | undefined,
  settings: Settings,
  now: Date,
): Promise<Signs['logs']> {
  if (settings.logBuckets.length === 0) return { state: 'off' };
  if (logging === undefined || logging.state === 'unreadable') {
    return { state: 'unreadable', why: logging?.why ?? 'nobody asked' };
  }
  const source = { account: bucket.account, region: bucket.region, bucket: bucket.id };
  const target = logging.state === 'set' ? logTarget(logging.value, source) : undefined;
  if (target === undefined || !settings.logBuckets.includes(target.bucket)) return { state: 'off' };
  try {
    return await lastUse(aws, bucket.id, target, settings, now);
  } catch (error) {
    if (error instanceof AwsFailure) return { state: 'unreadable', why: error.message };
    throw error;
  }
}

async function lastUse(
  aws: Aws,
  bucket: string,
  target: LogTarget,
  { windowDays, unknownAccessDays, logObjects }: Settings,
  now: Date,
): Promise<Signs['logs']> {
  let read = 0;
  for (let ago = 0; ago <= Math.max(windowDays, unknownAccessDays); ago += PARALLEL) {
    const days = Array.from(
      { length: PARALLEL },
      (_, index) => new Date(now.getTime() - (ago + index) * DAY_MS),
    );
    const found = (await inParallel(days, PARALLEL, (day) => logsOf(aws, target, day, logObjects))).flat();
    read += found.length;
    if (read > logObjects) {
      return { state: 'unreadable', why: `there are more than the ${logObjects} that are read` };
    }
    const large = found.find(({ size }) => size > MOST_BYTES);
    if (large !== undefined) return { state: 'unreadable', why: `one of them has ${large.size} bytes` };
    const uses = await inParallel(found, PARALLEL, async ({ key = '' }) => {
      // Deleted since it was listed: as if it had never been there.
      const text = (await readText(aws, { bucket: target.bucket, key })) ?? '';
      return lastUseIn(text, bucket, now)?.getTime() ?? 0;
    });
    const last = Math.max(0, ...uses);
    if (last > 0) return { state: 'read', value: { last: new Date(last) } };
  }
  return { state: 'read', value: { last: undefined } };
}

async function logsOf(aws: Aws, target: LogTarget, day: Date, most: number): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  const prefix = target.prefixOf(day);
  const listing = pages(async (token) => {
    const { objects: items, next } = await objectPage(aws, target.bucket, { prefix }, token);
    return { items, next };
  });
  for await (const page of listing) {
    found.push(...page);
    if (found.length > most) break;
  }
  return found;
}
