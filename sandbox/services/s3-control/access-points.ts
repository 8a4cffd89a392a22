import type * as control from '@aws-sdk/client-s3-control';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, operation } from '../../core/service.ts';
import { bucketNamed } from '../s3/state.ts';

interface AccessPoint {
  readonly name: string;
  readonly arn: string;
  readonly alias: string;
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly vpcId: string | undefined;
}

const points = drawer<Map<string, AccessPoint>>(() => new Map());

const arnOf = ({ partition, region, account }: Call, name = '') =>
  `arn:${partition}:s3:${region}:${account}:accesspoint/${name}`;

/** Requests name the account that they mean, and it can only be the caller's own. */
function checkAccount(accountId: string | undefined, call: Call): void {
  if (accountId === call.account) return;
  throw new AwsError('AccessDenied', 'Access Denied', 403);
}

export const createAccessPoint = operation<control.CreateAccessPointRequest, control.CreateAccessPointResult>(
  {
    authorize: ({ Name }, call) => [{ action: 's3:CreateAccessPoint', resources: [arnOf(call, Name)] }],
    run({ AccountId, Name: name = '', Bucket = '', BucketAccountId, VpcConfiguration, ...more }, call) {
      checkAccount(AccountId, call);
      const strange = Object.keys(more)[0];
      if (strange) throw notImplemented(`${strange} of s3-control:CreateAccessPoint`);
      if (!/^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/.test(name) || name.endsWith('-s3alias')) {
        throw new AwsError('InvalidRequest', 'Access Point name is not valid');
      }
      const { owner } = bucketNamed(call.world, call.partition, Bucket);
      if (owner !== (BucketAccountId ?? call.account))
        throw new AwsError('AccessDenied', 'Access Denied', 403);
      const known = points.of(call);
      if (known.has(name)) {
        const text =
          'Your previous request to create the named accesspoint succeeded and you already own it.';
        throw new AwsError('AccessPointAlreadyOwnedByYou', text, 409);
      }
      const alias = `${name}-${call.world.random.hex(34)}-s3alias`;
      const vpcId = VpcConfiguration?.VpcId;
      known.set(name, { name, arn: arnOf(call, name), alias, bucket: Bucket, bucketAccount: owner, vpcId });
      return { AccessPointArn: arnOf(call, name), Alias: alias };
    },
  },
);

export const deleteAccessPoint = operation<control.DeleteAccessPointRequest, object>({
  authorize: ({ Name }, call) => [{ action: 's3:DeleteAccessPoint', resources: [arnOf(call, Name)] }],
  run({ AccountId, Name = '' }, call) {
    checkAccount(AccountId, call);
    if (points.of(call).delete(Name)) return {};
    throw new AwsError('NoSuchAccessPoint', 'The specified accesspoint does not exist', 404);
  },
});

/** The account's access points in this region, perhaps only those of one bucket, at most 1,000 a page. */
export const listAccessPoints = operation<control.ListAccessPointsRequest, control.ListAccessPointsResult>({
  authorize: () => [{ action: 's3:ListAccessPoints', resources: ['*'] }],
  run({ AccountId, Bucket, MaxResults = 1000, NextToken, ...more }, call) {
    checkAccount(AccountId, call);
    const strange = Object.keys(more)[0];
    if (strange) throw notImplemented(`${strange} of s3-control:ListAccessPoints`);
    if (MaxResults < 0 || MaxResults > 1000) throw new AwsError('InvalidRequest', 'Invalid maxResults');
    const matching = [...points.of(call).values()]
      .filter(({ bucket, name }) => (!Bucket || bucket === Bucket) && (!NextToken || name > NextToken))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = matching.slice(0, MaxResults);
    return {
      AccessPointList: page.map(described),
      ...(page.length < matching.length && page.length > 0 && { NextToken: page.at(-1)?.name }),
    };
  },
});

function described({ name, arn, alias, bucket, bucketAccount, vpcId }: AccessPoint): control.AccessPoint {
  return {
    Name: name,
    NetworkOrigin: vpcId === undefined ? 'Internet' : 'VPC',
    ...(vpcId !== undefined && { VpcConfiguration: { VpcId: vpcId } }),
    Bucket: bucket,
    AccessPointArn: arn,
    Alias: alias,
    BucketAccountId: bucketAccount,
  };
}
