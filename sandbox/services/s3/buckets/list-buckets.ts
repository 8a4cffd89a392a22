import type * as s3 from '@aws-sdk/client-s3';
import { operation } from '../../../core/service.ts';
import { refuse } from '../refuse.ts';
import { allBuckets, type Bucket, canonicalId } from '../state.ts';

const MOST = 10_000;

/** All buckets of the account in every region, in pages only where one asks for them or filters. */
export const listBuckets = operation<s3.ListBucketsRequest, s3.ListBucketsOutput>({
  authorize: () => [{ action: 's3:ListAllMyBuckets', resources: ['*'] }],
  run({ MaxBuckets, ContinuationToken, Prefix, BucketRegion }, call) {
    const filtered = [MaxBuckets, ContinuationToken, Prefix, BucketRegion].some((each) => each !== undefined);
    const size = MaxBuckets ?? (filtered ? MOST : Number.POSITIVE_INFINITY);
    if (MaxBuckets !== undefined && (MaxBuckets < 1 || MaxBuckets > MOST)) {
      throw refuse.invalidArgument('max-buckets must be between 1 and 10000', 'max-buckets', `${MaxBuckets}`);
    }
    if (BucketRegion !== undefined && BucketRegion !== call.region) {
      const message = `Argument value ${BucketRegion} is not the region of this endpoint, ${call.region}`;
      throw refuse.invalidArgument(message, 'bucket-region', BucketRegion);
    }
    const start = ContinuationToken === undefined ? '' : nameIn(ContinuationToken);
    const matching = allBuckets(call.world).filter(
      ({ owner, partition, name, region }) =>
        owner === call.account &&
        partition === call.partition &&
        name > start &&
        name.startsWith(Prefix ?? '') &&
        (BucketRegion === undefined || region === BucketRegion),
    );
    const page = matching.slice(0, size);
    const last = page.at(-1);
    return {
      Buckets: page.map((bucket) => described(bucket, filtered)),
      Owner: { ID: canonicalId(call.account) },
      ...(Prefix !== undefined && { Prefix }),
      ...(page.length < matching.length && last && { ContinuationToken: tokenOf(last.name) }),
    };
  },
});

function described({ name, createdAt, region, arn }: Bucket, filtered: boolean): s3.Bucket {
  const CreationDate = new Date(Math.floor(createdAt / 1000) * 1000);
  return { Name: name, CreationDate, ...(filtered && { BucketRegion: region, BucketArn: arn }) };
}

const tokenOf = (name: string) => Buffer.from(name).toString('base64url');

function nameIn(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (tokenOf(name) === token) return name;
  throw refuse.invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}
