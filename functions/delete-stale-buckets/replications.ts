import type { Bucket as Told } from '@aws-sdk/client-s3';
import type { Aws } from '../../shared/aws/access.ts';
import { collect } from '../../shared/aws/pages.ts';
import { bucketsEverywhere } from '../../shared/aws/s3/buckets.ts';
import { type Part, readConfiguration } from '../../shared/aws/s3/configuration.ts';
import { groups, inParallel } from '../../shared/engine/parallel.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Bucket } from './bucket.ts';
import type { Use } from './references.ts';

/** Rights of everything that is called here. */
export const replicationRights = [...bucketsEverywhere.rights, 's3:GetReplicationConfiguration'];

const PARALLEL = 10;

/**
 * The buckets that others of the account, in any region, are replicated to (B4.17). Sources in other accounts show in
 * the destination's own policy. Throws where one cannot be asked: any of them could be the source.
 */
export async function replications(
  _buckets: readonly Bucket[],
  around: Surroundings<Aws>,
): Promise<readonly Use[]> {
  const all = await collect(bucketsEverywhere(around.aws));
  const perRegion = groups(all, ({ BucketRegion = around.place.region }) => BucketRegion);
  const uses = await inParallel(perRegion, 3, async (inRegion) => {
    const aws = await accessTo(inRegion[0]?.BucketRegion ?? around.place.region, around);
    return inParallel(inRegion, PARALLEL, (source) => destinationsOf(aws, source));
  });
  return uses.flat(2);
}

async function accessTo(region: string, { aws, place, elsewhere }: Surroundings<Aws>): Promise<Aws> {
  if (region === place.region) return aws;
  if (elsewhere === undefined) throw new Error(`${region} cannot be entered from here`);
  return elsewhere(region);
}

async function destinationsOf(aws: Aws, { Name: name = '' }: Told): Promise<readonly Use[]> {
  const part = (await readConfiguration(aws, name, ['replication'])).get('replication');
  if (part === undefined || part.state === 'unreadable') {
    // Deleted since it was listed: it replicates nothing any more.
    if (part?.why.startsWith('NoSuchBucket')) return [];
    throw new Error(`the replication of ${name} (${part?.why ?? 'not asked'})`);
  }
  return targetsOf(part).map((bucket) => ({ bucket, reason: `the bucket ${name} is replicated to it` }));
}

function targetsOf(part: Part & { readonly state: 'set' | 'unset' }): readonly string[] {
  if (part.state === 'unset') return [];
  const arns = JSON.stringify(part.value).matchAll(/"Bucket":"arn:aws[a-z-]*:s3:::([^"]+)"/g);
  return [...arns].flatMap(([, bucket]) => bucket ?? []);
}
