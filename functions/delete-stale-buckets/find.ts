import type { Bucket as Told } from '@aws-sdk/client-s3';
import type { Aws } from '../../shared/aws/access.ts';
import { formatArn } from '../../shared/aws/arn.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { bucketTags, listBuckets } from '../../shared/aws/tagging/buckets.ts';
import { inParallel } from '../../shared/engine/parallel.ts';
import type { Found, Missing, Surroundings } from '../../shared/engine/policy.ts';
import type { Place, ResourceRef, Signal } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import { otherKindOf } from './names.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `find` calls. */
export const findRights = [...listBuckets.rights, ...bucketNamed.rights, ...bucketTags.rights];

const PARALLEL = 10;

/** The buckets that a signal names, or all of the region, each with its tags: they carry marks and exemptions. */
export async function* find(
  signal: Signal,
  _settings: Settings,
  { aws, place }: Surroundings<Aws>,
): AsyncGenerator<Found<Bucket>> {
  if (signal.scope.kind === 'resources') {
    const looked = await inParallel(signal.scope.resources, PARALLEL, (ref) => named(aws, ref));
    yield {
      resources: looked.flatMap((one) => ('bucket' in one ? [one.bucket] : [])),
      missing: looked.flatMap((one) => ('missing' in one ? [one.missing] : [])),
    };
    return;
  }
  for await (const page of listBuckets(aws)) {
    yield { resources: await inParallel(page, PARALLEL, (told) => withTags(aws, told, place)), missing: [] };
  }
}

type Looked = { readonly bucket: Bucket } | { readonly missing: Missing };

async function named(aws: Aws, ref: ResourceRef): Promise<Looked> {
  const name = ref.id.replace(/^arn:aws[a-z-]*:s3:::/, '');
  const kind = otherKindOf(name);
  if (ref.type !== 'AWS::S3::Bucket' || kind !== undefined) {
    const reason = `${ref.id} is ${kind ?? `a ${ref.type}`}, which this policy does not look at.`;
    return { missing: { ref, why: 'unresolved', reason } };
  }
  try {
    const told = await bucketNamed(aws, name);
    if (told === undefined) {
      return { missing: { ref, why: 'gone', reason: `${name} does not exist (any more) in this account.` } };
    }
    if (told.BucketRegion !== undefined && told.BucketRegion !== aws.place.region) {
      const reason = `${name} lies in ${told.BucketRegion}: it is looked at in a run of that region.`;
      return { missing: { ref, why: 'unresolved', reason } };
    }
    return { bucket: await withTags(aws, told, aws.place) };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return { missing: { ref, why: 'unreadable', reason: `${name} cannot be read: ${error.message}.` } };
  }
}

async function withTags(aws: Aws, told: Told, place: Place): Promise<Bucket> {
  const name = told.Name ?? '';
  try {
    return bucketFrom(told, place, await bucketTags(aws, name), undefined);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return bucketFrom(told, place, new Map(), error.message);
  }
}

/** A bucket as ListBuckets (or the AWS CLI's saved answer) tells it, with its tags. */
export function bucketFrom(
  { Name: id = '', CreationDate: createdAt }: Told,
  { partition, account, region }: Place,
  tags: Tags,
  tagsUnread: string | undefined,
): Bucket {
  return {
    type: 'AWS::S3::Bucket',
    id,
    // A bucket's ARN has neither region nor account: its name is unique in the partition.
    arn: formatArn({ partition, service: 's3', region: '', account: '', resource: id }),
    name: id,
    tags,
    account,
    region,
    createdAt,
    tagsUnread,
  };
}
