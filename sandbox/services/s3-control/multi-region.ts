import type * as control from '@aws-sdk/client-s3-control';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { bucketNamed } from '../s3/state.ts';

const points = drawer<Map<string, control.MultiRegionAccessPointReport>>(() => new Map());

/** Where the control plane of all multi-region access points is. */
const HOME = 'us-west-2';

/** The account's multi-region access points; only us-west-2 answers. */
export const listMultiRegionAccessPoints = operation<
  control.ListMultiRegionAccessPointsRequest,
  control.ListMultiRegionAccessPointsResult
>({
  authorize: () => [{ action: 's3:ListMultiRegionAccessPoints', resources: ['*'] }],
  run({ AccountId, MaxResults = 1000, NextToken }, call) {
    if (AccountId !== call.account) throw new AwsError('AccessDenied', 'Access Denied', 403);
    if (call.region !== HOME) {
      throw new AwsError('PermanentRedirect', `This action is always routed to ${HOME}`, 301);
    }
    const all = [...points.of(call).values()].filter(({ Name = '' }) => !NextToken || Name > NextToken);
    const page = all.toSorted((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1)).slice(0, MaxResults);
    const more = page.length > 0 && page.length < all.length;
    return { AccessPoints: page, ...(more && { NextToken: page.at(-1)?.Name }) };
  },
});

/** A multi-region access point that is there already: making one takes minutes and another API's token. */
export function seedMultiRegionAccessPoint(
  world: World,
  {
    name,
    account,
    buckets,
  }: { readonly name: string; readonly account: string; readonly buckets: readonly string[] },
): void {
  const partition = world.accounts.get(account)?.partition ?? 'aws';
  const Regions = buckets.map((Bucket) => {
    const { region, owner } = bucketNamed(world, partition, Bucket);
    return { Bucket, Region: region, BucketAccountId: owner };
  });
  const CreatedAt = new Date(world.clock.now());
  const known = points.of({ world, partition, account, region: HOME });
  known.set(name, { Name: name, Alias: `${world.random.hex(13)}.mrap`, CreatedAt, Status: 'READY', Regions });
}
