import type { Aws } from '../../shared/aws/access.ts';
import { type MetricQuery, metricData } from '../../shared/aws/cloudwatch/metric-data.ts';
import { listed } from '../../shared/aws/cloudwatch/points.ts';
import type { Part } from '../../shared/aws/s3/configuration.ts';
import type { Reading, Signs, Trend } from './facts.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that is called here. */
export const metricRights = metricData.rights;

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;

function windowOf({ windowDays, unknownAccessDays }: Settings, now: Date) {
  const to = Math.ceil(now.getTime() / DAY_MS) * DAY_MS;
  const days = Math.max(windowDays, unknownAccessDays);
  return { from: to - (days + 1) * DAY_MS, to, periodSeconds: DAY_SECONDS };
}

/** NumberOfObjects of many buckets over the whole window, some hundred in a call (B4.4). */
export async function trendsOf(
  aws: Aws,
  buckets: readonly string[],
  settings: Settings,
  now: Date,
): Promise<ReadonlyMap<string, Reading<Trend>>> {
  const window = windowOf(settings, now);
  const queries = buckets.map(
    (BucketName): MetricQuery => ({
      namespace: 'AWS/S3',
      name: 'NumberOfObjects',
      dimensions: { BucketName, StorageType: 'AllStorageTypes' },
      statistic: 'Average',
    }),
  );
  const series = await metricData(aws, queries, window);
  return new Map(
    buckets.map((bucket, index): [string, Reading<Trend>] => {
      const told = series[index];
      if (told === undefined || 'unknown' in told) {
        return [bucket, { state: 'unreadable', why: told?.unknown ?? 'CloudWatch did not answer' }];
      }
      const days = listed(told.value).map(([at, objects]) => ({ at: new Date(at), objects }));
      return [bucket, { state: 'read', value: { days, since: new Date(window.from) } }];
    }),
  );
}

/** Requests for objects; listings, ours among them, are not counted by these. */
const REQUESTS: readonly string[] = [
  'GetRequests',
  'HeadRequests',
  'PutRequests',
  'PostRequests',
  'DeleteRequests',
];

/** All requests, also those that say nothing about life: whether anything was counted at all. */
const ANY_REQUEST = 'AllRequests';
/** Of the days asked for: some are always missing. */
const ENOUGH = 0.8;

/** When an object was last asked for, by the request metrics of the whole bucket, where somebody has switched them on. */
export async function requestsOf(
  aws: Aws,
  bucket: string,
  metrics: Part | undefined,
  settings: Settings,
  now: Date,
): Promise<Signs['requests']> {
  if (metrics === undefined || metrics.state === 'unreadable') {
    return { state: 'unreadable', why: metrics?.why ?? 'nobody asked' };
  }
  const filter = metrics.state === 'set' ? wholeBucketFilter(metrics.value) : undefined;
  if (filter === undefined) return { state: 'off' };
  const queries = [...REQUESTS, ANY_REQUEST].map(
    (name): MetricQuery => ({
      namespace: 'AWS/S3',
      name,
      dimensions: { BucketName: bucket, FilterId: filter },
      statistic: 'Sum',
    }),
  );
  const series = await metricData(aws, queries, windowOf(settings, now));
  const broken = series.find((one) => 'unknown' in one);
  if (broken !== undefined) return { state: 'unreadable', why: 'CloudWatch did not answer' };
  const points = series.map((one) => ('value' in one ? listed(one.value) : []));
  const last = points
    .slice(0, REQUESTS.length)
    .flat()
    .filter(([, value]) => value > 0)
    .reduce((newest, [at]) => Math.max(newest, at), 0);
  if (last === 0 && !coversWindow(points.at(-1) ?? [], settings, now)) {
    return { state: 'unreadable', why: 'request metrics are not there for the whole window' };
  }
  // A datapoint stands for the day that begins at its time.
  return { state: 'read', value: { last: last === 0 ? undefined : new Date(last + DAY_MS - 1) } };
}

/**
 * Nobody asking leaves no points, as metrics that were switched on only lately do. What lists it day by day, a sweep of
 * ours among them, leaves a point in the sum of all requests: as far back as those are there, the others were counted.
 */
function coversWindow(
  points: readonly (readonly [at: number, value: number])[],
  { windowDays }: Settings,
  now: Date,
): boolean {
  const from = now.getTime() - windowDays * DAY_MS;
  const within = points.filter(([at]) => at >= from - DAY_MS);
  const first = Math.min(...within.map(([at]) => at));
  return first <= from + 2 * DAY_MS && within.length >= windowDays * ENOUGH;
}

/** A configuration that is narrowed to a prefix, a tag or an access point says nothing about the rest. */
function wholeBucketFilter(value: { readonly [key: string]: unknown }): string | undefined {
  const list: readonly unknown[] = Array.isArray(value.MetricsConfigurationList)
    ? value.MetricsConfigurationList
    : [];
  for (const one of list) {
    if (typeof one !== 'object' || one === null || 'Filter' in one) continue;
    if ('Id' in one && typeof one.Id === 'string') return one.Id;
  }
  return undefined;
}
