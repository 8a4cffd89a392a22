import type { Aws } from '../../shared/aws/access.ts';
import { type Configuration, readConfiguration } from '../../shared/aws/s3/configuration.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { usesLogged } from './access-logs.ts';
import { begunOf } from './begun.ts';
import type { Bucket } from './bucket.ts';
import { contentsOf, contentsRights } from './contents.ts';
import type { Facts, Signs } from './facts.ts';
import { isFresh, isObjection } from './judge.ts';
import { lifeOf } from './life.ts';
import { EMPTYING, isDue, markOf } from './mark.ts';
import { metricRights, requestsOf, trendsOf } from './metrics.ts';
import { referenceRights, referencesOf } from './references.ts';
import { hasOurRules } from './rules.ts';
import type { Settings } from './settings.ts';
import { shieldOf } from './shield.ts';
import { archivePlan } from './vault.ts';

/** Rights of everything that `gather` calls. */
export const gatherRights = [
  ...contentsRights,
  ...metricRights,
  ...readConfiguration.rights,
  ...referenceRights,
];

const PARALLEL = 5;
const DAY_MS = 86_400_000;
/** Where the settings know no giants any more: a rule of an earlier setting may still be there. */
const USUAL_GIANT = 5_000_000;
const NOT_ASKED = { state: 'unreadable', why: 'it was not asked' } as const;

/**
 * What the verdicts need, cheapest first: names and tags settle many buckets, metrics of hundreds come in one call, a
 * listing stops at its first fresh object, and only what shows no life at all has everything else read.
 */
export async function gather(
  buckets: readonly Bucket[],
  settings: Settings,
  around: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Facts>> {
  const now = around.now();
  const facts = new Map<string, Facts>(buckets.map(({ id }) => [id, {}]));
  const open = buckets.filter((bucket) => !isSettled(bucket, settings, now));
  const trends = await trendsOf(
    around.aws,
    open.map(({ id }) => id),
    settings,
    now,
  );

  const objected = buckets.filter((bucket) => isObjectedTo(bucket, settings));
  await inParallel(objected, PARALLEL, async ({ id }) => {
    if (await hasRule(around.aws, id)) facts.set(id, { ourRule: true });
  });

  const quiet: Bucket[] = [];
  await inParallel(open, PARALLEL, async (bucket) => {
    const trend = trends.get(bucket.id) ?? NOT_ASKED;
    const signs = await signsOf(bucket, trend, settings, around, now);
    const ourRule = await hasLostRule(bucket, trend, settings, around);
    facts.set(bucket.id, { signs, ...(ourRule && { ourRule }) });
    if (ourRule) return;
    if (lifeIn(bucket, signs, settings, now) === 'stale') quiet.push(bucket);
  });
  if (quiet.length === 0) return facts;

  const references = await referencesOf(quiet, around);
  await inParallel(quiet, PARALLEL, async (bucket) => {
    const configuration = await readConfiguration(around.aws, bucket.id);
    const known = references.get(bucket.id);
    const begun = await begunBefore(bucket, settings, around, now);
    facts.set(bucket.id, {
      ...facts.get(bucket.id),
      configuration,
      ...(known && { references: known }),
      ...(begun && { begun }),
    });
  });
  return facts;
}

async function begunBefore(
  bucket: Bucket,
  settings: Settings,
  around: Surroundings<Aws>,
  now: Date,
): Promise<Facts['begun']> {
  const mark = markOf(bucket.tags, settings.waitDays);
  if (mark.state !== 'marked' || !isDue(mark, now)) return undefined;
  return begunOf(bucket, mark, archivePlan(bucket, settings, mark), around);
}

/** Whoever takes all tags off a bucket that a rule of ours empties leaves nothing but the rule to know it by (B4.24). */
async function hasLostRule(
  { id, tags }: Bucket,
  trend: Signs['trend'],
  { giantObjects }: Settings,
  { aws }: Surroundings<Aws>,
): Promise<boolean> {
  const most = giantObjects ?? USUAL_GIANT;
  const wasGiant = trend.state === 'read' && trend.value.days.some(({ objects }) => objects > most);
  if (!wasGiant || tags.has(EMPTYING)) return false;
  return hasRule(aws, id);
}

async function hasRule(aws: Aws, bucket: string): Promise<boolean> {
  const lifecycle = (await readConfiguration(aws, bucket, ['lifecycle'])).get('lifecycle');
  return lifecycle?.state === 'set' && hasOurRules(lifecycle.value);
}

/** What is left of a mark says that there was one, and perhaps a rule. */
function isObjectedTo({ tags, tagsUnread }: Bucket, { waitDays }: Settings): boolean {
  const { state } = markOf(tags, waitDays);
  return tagsUnread === undefined && !tags.has(EMPTYING) && (state === 'withdrawn' || state === 'unclear');
}

/** The verdict rests on name and tags alone. */
function isSettled(bucket: Bucket, settings: Settings, now: Date): boolean {
  const mark = markOf(bucket.tags, settings.waitDays);
  return (
    shieldOf(bucket, settings) !== undefined ||
    mark.state === 'unclear' ||
    isFresh(mark, now) ||
    isObjection(mark, settings, now)
  );
}

function lifeIn(bucket: Bucket, signs: Signs, settings: Settings, now: Date) {
  return lifeOf(bucket, { signs }, markOf(bucket.tags, settings.waitDays), settings, now).state;
}

/** Each step only while the ones before show no life. */
async function signsOf(
  bucket: Bucket,
  trend: Signs['trend'],
  settings: Settings,
  { aws }: Surroundings<Aws>,
  now: Date,
): Promise<Signs> {
  const first: Signs = { contents: NOT_ASKED, trend, requests: NOT_ASKED, logs: NOT_ASKED };
  if (lifeIn(bucket, first, settings, now) === 'alive') return first;
  const contents = await contentsOf(aws, bucket.id, limitsFor(bucket, settings, now), now);
  const second: Signs = { ...first, contents };
  if (contents.state === 'unreadable' || lifeIn(bucket, second, settings, now) === 'alive') return second;
  const read: Configuration = await readConfiguration(aws, bucket.id, ['metrics', 'logging']);
  const requests = await requestsOf(aws, bucket.id, read.get('metrics'), settings, now);
  const third: Signs = { ...second, requests, logs: { state: 'off' } };
  if (lifeIn(bucket, third, settings, now) !== 'stale') return third;
  return { ...third, logs: await usesLogged(aws, bucket, read.get('logging'), settings, now) };
}

/** A listing is over at the first object within the shortest window; a rule of ours sets new delete markers. */
function limitsFor(bucket: Bucket, settings: Settings, now: Date) {
  const mark = markOf(bucket.tags, settings.waitDays);
  const ruled = mark.state === 'marked' && mark.emptyingSince !== undefined;
  const freshFrom = ruled ? new Date(8.64e15) : new Date(now.getTime() - settings.windowDays * DAY_MS);
  return { freshFrom, pages: settings.listPages };
}
