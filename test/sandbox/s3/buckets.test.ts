import { CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedBucket, seededBucket, seedUploads } from '../../../sandbox/services/s3/seed.ts';
import { clientOf, fill, openS3 } from './client.ts';

let sandbox: Sandbox;
let client: s3.S3Client;
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
});

const inRegion = (region: string, account?: string) =>
  clientOf(sandbox, { region, ...(account && { account }) });
const create = (Bucket: string, at = client, more: Partial<s3.CreateBucketCommandInput> = {}) =>
  at.send(new s3.CreateBucketCommand({ Bucket, ...more }));
const constraint = (LocationConstraint: string) => ({
  // More regions exist than the client's list knows.
  CreateBucketConfiguration: { LocationConstraint: LocationConstraint as s3.BucketLocationConstraint },
});

describe('CreateBucket', () => {
  it.each([
    ['ab', false],
    ['abc', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['Abc', false],
    ['a_c', false],
    ['-abc', false],
    ['abc-', false],
    ['a..c', false],
    ['192.168.5.4', false],
    ['xn--abc', false],
    ['sthree-abc', false],
    ['abc-s3alias', false],
    ['abc--ol-s3', false],
    ['logs-111122223333-eu-west-1-an', false],
  ])('%s may be a name: %s', async (name, fits) => {
    // The client refuses some names itself; here S3 is asked.
    const call = create(name, clientOf(sandbox, {}, { forcePathStyle: true }));
    if (fits) await expect(call).resolves.toBeDefined();
    else await expect(call).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('takes tags along, which is a right of its own', async () => {
    const iam = new IAMClient(sandbox.clientConfig());
    const allow = (Action: string | readonly string[]) =>
      JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
    const own = { UserName: 'ana', PolicyName: 'own' };
    await iam.send(new CreateUserCommand({ UserName: 'ana' }));
    await iam.send(new PutUserPolicyCommand({ ...own, PolicyDocument: allow('s3:CreateBucket') }));
    const ana = clientOf(sandbox, { user: 'ana' });
    const tagged = {
      CreateBucketConfiguration: {
        LocationConstraint: 'eu-west-1',
        Tags: [{ Key: 'team', Value: 'a' }],
      },
    } as const satisfies Partial<s3.CreateBucketCommandInput>;
    await expect(create('tagged', ana, tagged)).rejects.toMatchObject({ name: 'AccessDenied' });
    const both = allow(['s3:CreateBucket', 's3:TagResource']);
    await iam.send(new PutUserPolicyCommand({ ...own, PolicyDocument: both }));
    await create('tagged', ana, tagged);
    expect([...seededBucket(sandbox.world, 'tagged').tags]).toEqual([['team', 'a']]);
  });

  it('B4.44 directory buckets are another service, which the sandbox does not have', async () => {
    const call = create('abc--x-s3', clientOf(sandbox, {}, { forcePathStyle: true }));
    await expect(call).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'The sandbox does not implement the service s3express.',
    });
  });

  it('B4.46 names of an account and region belong to that account alone', async () => {
    const name = 'logs-111122223333-eu-west-1-an';
    await create(name, client, { BucketNamespace: 'account-regional' });
    await expect(
      create('logs-999900001111-eu-west-1-an', client, { BucketNamespace: 'account-regional' }),
    ).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('B4.46 a name is one for all accounts, and free again once its bucket is gone', async () => {
    sandbox.world.addAccount({ id: '999900001111' });
    const stranger = inRegion('us-east-1', '999900001111');
    await expect(create('stale-logs', stranger)).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
    await expect(create('stale-logs')).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await client.send(new s3.DeleteBucketCommand({ Bucket: 'stale-logs' }));
    await create('stale-logs', stranger);
    await create('stale-logs', stranger);
  });

  it.each([
    ['eu-west-1', 'eu-central-1', 'IllegalLocationConstraintException'],
    ['us-east-1', 'us-east-1', 'InvalidLocationConstraint'],
    ['us-east-1', 'nowhere-1', 'InvalidLocationConstraint'],
    ['us-east-1', 'af-south-1', 'InvalidLocationConstraint'],
  ])('asked in %s for %s, it is refused with %s', async (region, wished, name) => {
    await expect(create('elsewhere', inRegion(region), constraint(wished))).rejects.toMatchObject({ name });
  });
});

it.each([
  ['us-east-1', 'us-east-1', undefined, undefined],
  ['us-east-1', 'eu-central-1', 'eu-central-1', 'eu-central-1'],
  ['eu-west-1', 'eu-west-1', 'eu-west-1', 'eu-west-1'],
  ['eu-west-1', 'eu-west-1', 'EU', 'EU'],
])('B4.41 made in %s for %s as %s, its location is %s', async (asked, region, wished, told) => {
  await create('logs-two', inRegion(asked), wished === undefined ? {} : constraint(wished));
  const location = await inRegion(region).send(new s3.GetBucketLocationCommand({ Bucket: 'logs-two' }));
  const head = await inRegion(region).send(new s3.HeadBucketCommand({ Bucket: 'logs-two' }));

  expect(location.LocationConstraint).toBe(told);
  expect(head.BucketRegion).toBe(region);
});

it.each([
  ['us-east-1', 'AuthorizationHeaderMalformed', 400],
  ['eu-central-1', 'PermanentRedirect', 301],
])(
  'B4.41 asked in %s, a bucket of elsewhere answers %s, and its region in a header',
  async (region, name, status) => {
    const list = new s3.ListObjectsV2Command({ Bucket: 'stale-logs' });
    await expect(inRegion(region).send(list)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
    const head = inRegion(region).send(new s3.HeadBucketCommand({ Bucket: 'stale-logs' }));
    await expect(head).rejects.toMatchObject({
      $metadata: { httpStatusCode: status },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
    if (status !== 301) return;
    // The client finds its way with that header.
    const following = clientOf(sandbox, { region }, { followRegionRedirects: true });
    expect((await following.send(list)).KeyCount).toBe(0);
  },
);

it('B4.41 HeadBucket tells the region also to whom it refuses, and has no body', async () => {
  sandbox.world.addAccount({ id: '999900001111' });
  const head = inRegion('eu-west-1', '999900001111').send(new s3.HeadBucketCommand({ Bucket: 'stale-logs' }));
  await expect(head).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
    $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
  });
  const absent = client.send(new s3.HeadBucketCommand({ Bucket: 'not-there' }));
  await expect(absent).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
});

describe('ListBuckets', () => {
  it('B4.42 lists all buckets of the account, and pages where asked to', async () => {
    for (const name of ['b-2', 'b-1', 'a-1']) await create(name.replace('-', '-b-'));
    await create('far-away', inRegion('us-east-1'), constraint('eu-central-1'));
    const all = await client.send(new s3.ListBucketsCommand({}));
    expect(all.Buckets?.map(({ Name }) => Name)).toEqual([
      'a-b-1',
      'b-b-1',
      'b-b-2',
      'far-away',
      'stale-logs',
    ]);
    expect(all.Buckets?.[0]?.BucketRegion).toBeUndefined();

    const first = await client.send(new s3.ListBucketsCommand({ MaxBuckets: 2, Prefix: 'b-' }));
    expect(first.ContinuationToken).toBeUndefined();
    expect(first.Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])).toEqual([
      ['b-b-1', 'eu-west-1'],
      ['b-b-2', 'eu-west-1'],
    ]);
    const two = await client.send(new s3.ListBucketsCommand({ MaxBuckets: 2 }));
    const rest = await client.send(new s3.ListBucketsCommand({ ContinuationToken: two.ContinuationToken }));
    expect(rest.Buckets?.map(({ Name }) => Name)).toEqual(['b-b-2', 'far-away', 'stale-logs']);
  });

  it('B4.42 by region only at the endpoint of that region, and between 1 and 10,000 a page', async () => {
    await create('far-away', inRegion('eu-central-1'));
    const far = new s3.ListBucketsCommand({ BucketRegion: 'eu-central-1' });
    expect((await inRegion('eu-central-1').send(far)).Buckets).toHaveLength(1);
    await expect(client.send(far)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await client.send(new s3.ListBucketsCommand({ MaxBuckets: 10_000 }));
    for (const MaxBuckets of [0, 10_001]) {
      await expect(client.send(new s3.ListBucketsCommand({ MaxBuckets }))).rejects.toMatchObject({
        name: 'InvalidArgument',
      });
    }
  });

  it('B4.43 a bucket in a region that is not open is listed, and answers nothing', async () => {
    seedBucket(sandbox.world, { name: 'cape-town', account: sandbox.account, region: 'af-south-1' });
    const { Buckets } = await client.send(new s3.ListBucketsCommand({ Prefix: 'cape' }));
    expect(Buckets).toMatchObject([{ Name: 'cape-town', BucketRegion: 'af-south-1' }]);
    await expect(
      inRegion('af-south-1').send(new s3.ListObjectsV2Command({ Bucket: 'cape-town' })),
    ).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

describe('DeleteBucket', () => {
  const remove = () => client.send(new s3.DeleteBucketCommand({ Bucket: 'stale-logs' }));

  it.each(['objects', 'markers'])('B4.26 refuses while there are %s, of whatever age', async (what) => {
    const bucket = seededBucket(sandbox.world, 'stale-logs');
    if (what === 'markers') {
      bucket.versioning = 'Enabled';
      await client.send(new s3.DeleteObjectCommand({ Bucket: 'stale-logs', Key: 'a' }));
    } else await fill(client, 'stale-logs', ['a']);
    await expect(remove()).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('B4.10 uploads that never ended do not hold a general purpose bucket back', async () => {
    seedUploads(sandbox.world, 'stale-logs', [{ key: 'a', parts: [5_000_000] }]);
    await remove();
    await expect(remove()).rejects.toMatchObject({
      name: 'NoSuchBucket',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

it('B4.5 editing the policy moves CreationDate', async () => {
  await sandbox.world.clock.advance(86_400_000);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::stale-logs' },
    ],
  });
  await client.send(new s3.PutBucketPolicyCommand({ Bucket: 'stale-logs', Policy }));
  const { Buckets } = await client.send(new s3.ListBucketsCommand({}));
  expect(Buckets?.[0]?.CreationDate).toEqual(new Date('2026-11-03T08:00:00Z'));
});
