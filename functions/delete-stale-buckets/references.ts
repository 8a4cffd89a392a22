import type { Aws } from '../../shared/aws/access.ts';
import { distributions } from '../../shared/aws/cloudfront.ts';
import { deliveryChannels } from '../../shared/aws/config-service.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { collect } from '../../shared/aws/pages.ts';
import { hostedZones, recordsNamed } from '../../shared/aws/route53.ts';
import {
  accessPoints,
  MULTI_REGION_HOME,
  multiRegionAccessPoints,
} from '../../shared/aws/s3/access-points.ts';
import { sessionLogBucket } from '../../shared/aws/ssm/session-preferences.ts';
import { trails } from '../../shared/aws/trails.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { brief } from '../../shared/engine/words.ts';
import { analyticsRights, byAthena, byFirehose } from './analytics.ts';
import type { Bucket } from './bucket.ts';
import { byGlue, catalogRights } from './data-catalog.ts';
import type { References } from './facts.ts';
import { replicationRights, replications } from './replications.ts';

/** One place that names a bucket. `mention`: nothing uses the bucket through it, but somebody may rely on the name. */
export interface Use {
  readonly bucket: string;
  readonly reason: string;
  readonly mention?: boolean;
}

interface Lookup {
  /** For "whether … uses it could not be read". */
  readonly who: string;
  readonly read: (buckets: readonly Bucket[], around: Surroundings<Aws>) => Promise<readonly Use[]>;
}

/**
 * Who in the account may name a bucket without leaving a trace in it. Targets of load balancer, flow, access and
 * CloudFront logs, of inventories and Storage Lens need no lookup: AWS writes there only as a service that the bucket's
 * own policy or ACL lets in, and either protects (B4.18). An Object Lambda access point stands on an access point, which
 * is found.
 */
const LOOKUPS: readonly Lookup[] = [
  { who: 'a trail', read: (_buckets, { aws }) => byTrails(aws) },
  { who: 'AWS Config', read: (_buckets, { aws }) => byConfig(aws) },
  { who: 'CloudFront', read: (_buckets, { aws }) => byCloudFront(aws) },
  { who: 'Route 53', read: (buckets, { aws }) => byRoute53(aws, buckets) },
  { who: 'an access point', read: (_buckets, { aws }) => byAccessPoints(aws) },
  { who: 'a multi-region access point', read: (_buckets, around) => byMultiRegionAccessPoints(around) },
  { who: 'Session Manager', read: (_buckets, { aws }) => bySessionManager(aws) },
  { who: 'Athena', read: (_buckets, { aws }) => byAthena(aws) },
  { who: 'Firehose', read: (_buckets, { aws }) => byFirehose(aws) },
  { who: 'Glue', read: (_buckets, { aws }) => byGlue(aws) },
  { who: 'a replication', read: replications },
];

/** Rights of everything that is called here. */
export const referenceRights = [
  ...[trails, deliveryChannels, distributions, hostedZones, recordsNamed].flatMap(({ rights }) => rights),
  ...[accessPoints, multiRegionAccessPoints, sessionLogBucket].flatMap(({ rights }) => rights),
  ...analyticsRights,
  ...catalogRights,
  ...replicationRights,
];

/** Who refers to these buckets; a lookup that fails is told for every one of them (B4.18). */
export async function referencesOf(
  buckets: readonly Bucket[],
  around: Surroundings<Aws>,
): Promise<ReadonlyMap<string, References>> {
  const read = await inParallel(LOOKUPS, LOOKUPS.length, async ({ who, read: look }) => {
    try {
      return { uses: await look(buckets, around), unread: [] };
    } catch (error) {
      return { uses: [], unread: [`${who}: ${error instanceof AwsFailure ? error.message : brief(error)}`] };
    }
  });
  const unread = read.flatMap((one) => one.unread);
  const uses = Map.groupBy(
    read.flatMap((one) => one.uses),
    ({ bucket }) => bucket,
  );
  return new Map(
    buckets.map(({ id }) => {
      const own = uses.get(id) ?? [];
      const reasons = (mention: boolean) =>
        own.filter((one) => (one.mention ?? false) === mention).map(({ reason }) => reason);
      return [id, { uses: reasons(false), mentions: reasons(true), unread }];
    }),
  );
}

async function byTrails(aws: Aws): Promise<readonly Use[]> {
  return (await trails(aws)).map(({ S3BucketName: bucket = '', Name }) => ({
    bucket,
    reason: `the trail ${Name} writes to it`,
  }));
}

async function byConfig(aws: Aws): Promise<readonly Use[]> {
  return (await deliveryChannels(aws)).map(({ s3BucketName: bucket = '' }) => ({
    bucket,
    reason: 'AWS Config delivers to it',
  }));
}

async function byCloudFront(aws: Aws): Promise<readonly Use[]> {
  const all = await collect(distributions(aws));
  return all.flatMap(({ Id, Enabled, Origins }) =>
    (Origins?.Items ?? []).flatMap(({ DomainName, OriginPath }) => {
      const bucket = bucketOfDomain(DomainName ?? '', OriginPath);
      if (bucket === undefined) return [];
      return Enabled === false
        ? [{ bucket, reason: `the disabled distribution ${Id} names it as an origin`, mention: true }]
        : [{ bucket, reason: `the distribution ${Id} has it as an origin` }];
    }),
  );
}

/**
 * `NAME.s3.amazonaws.com`, `NAME.s3.REGION.…`, `NAME.s3-website-REGION.…`; names may hold dots. Where the endpoint itself
 * is named (`s3.REGION.…`), the path begins with the bucket:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketOfDomain(domain: string, path = ''): string | undefined {
  const [, name, endpoint] = /^(?:(.+)\.)?(s3[.-].*amazonaws\.(?:com(?:\.cn)?|eu)\.?)$/.exec(domain) ?? [];
  if (endpoint === undefined) return undefined;
  return name ?? /^\/([^/]+)/.exec(path)?.[1];
}

/** Only a record of the bucket's own name can lead to it: S3 reads the name from the host (B4.19). */
async function byRoute53(aws: Aws, buckets: readonly Bucket[]): Promise<readonly Use[]> {
  const dotted = buckets.map(({ id }) => id).filter((id) => id.includes('.'));
  if (dotted.length === 0) return [];
  const zones = await collect(hostedZones(aws));
  const pairs = dotted.flatMap((name) =>
    zones
      .map(({ Id = '', Name = '' }) => ({ name, id: Id, zone: Name.replace(/\.$/, '') }))
      .filter(({ zone }) => name === zone || name.endsWith(`.${zone}`)),
  );
  const found = await inParallel(pairs, 5, async ({ name, id, zone }) => {
    const records = await recordsNamed(aws, id, name);
    const leads = records.some(({ AliasTarget, ResourceRecords = [] }) =>
      [AliasTarget?.DNSName ?? '', ...ResourceRecords.map(({ Value = '' }) => Value)].some((target) =>
        /(^|\.)s3[.-]/.test(target),
      ),
    );
    if (leads) return [{ bucket: name, reason: `a record in the zone ${zone} leads to it` }];
    const reason =
      records.length > 0 ? `the zone ${zone} has records of its name` : `its name lies in the zone ${zone}`;
    return [{ bucket: name, reason, mention: true }];
  });
  return found.flat();
}

async function byAccessPoints(aws: Aws): Promise<readonly Use[]> {
  const all = await collect(accessPoints(aws));
  return all.map(({ Bucket: bucket = '', Name }) => ({
    bucket,
    reason: `the access point ${Name} leads to it`,
  }));
}

/** They exist in the standard partition only, and tell their buckets of all regions in one. */
async function byMultiRegionAccessPoints({
  aws,
  place,
  elsewhere,
}: Surroundings<Aws>): Promise<readonly Use[]> {
  if (place.partition !== 'aws') return [];
  const home = place.region === MULTI_REGION_HOME ? aws : await elsewhere?.(MULTI_REGION_HOME);
  if (home === undefined) throw new Error(`${MULTI_REGION_HOME} cannot be entered from here`);
  const all = await collect(multiRegionAccessPoints(home));
  return all.flatMap(({ Name, Regions = [] }) =>
    Regions.map(({ Bucket: bucket = '' }) => ({
      bucket,
      reason: `the multi-region access point ${Name} leads to it`,
    })),
  );
}

async function bySessionManager(aws: Aws): Promise<readonly Use[]> {
  const bucket = await sessionLogBucket(aws);
  return bucket === undefined ? [] : [{ bucket, reason: 'Session Manager sends its logs to it' }];
}
