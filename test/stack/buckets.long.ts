import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { seedMetrics } from '../../sandbox/services/cloudwatch/series.ts';
import {
  type SeedOptions,
  seedBucket,
  seededBucket,
  seedObjects,
  seedUploads,
} from '../../sandbox/services/s3/seed.ts';
import { PACKAGING_MS } from './company.ts';
import { Workplace } from './workplace.ts';

const DAY = 24 * 60;
/** Each simulated day is some real calls of a real function. */
vi.setConfig({ testTimeout: 180_000 });

let here: Workplace;
let s3: S3Client;
beforeAll(async () => {
  here = await Workplace.open('delete-stale-buckets', 'test/stack/buckets.yml', '2026-11-20T09:15:00Z');
  s3 = new S3Client({ ...here.sandbox.clientConfig({ user: 'ana' }), forcePathStyle: true, maxAttempts: 1 });
}, PACKAGING_MS);
beforeAll(() => {
  const { account, region } = here.sandbox;
  for (const name of ['vault', 'access-logs', 'more-logs']) {
    seedBucket(here.world, { name, account, region, createdAt: daysAgo(1100) });
  }
});
beforeAll(async () => {
  const client = new FirehoseClient({ ...here.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  const RoleARN = `arn:aws:iam::${here.sandbox.account}:role/delivery`;
  const ExtendedS3DestinationConfiguration = { RoleARN, BucketARN: 'arn:aws:s3:::clicks' };
  const input = { DeliveryStreamName: 'clicks', ExtendedS3DestinationConfiguration };
  await client.send(new CreateDeliveryStreamCommand(input));
  const glue = new GlueClient({ ...here.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'sales' } }));
});
afterAll(async () => {
  const denied = here.denied();
  await here.sandbox.close();
  expect(denied).toEqual([]);
});

const daysAgo = (days: number) => new Date(here.world.clock.now() - days * DAY * 60_000);

function stale(name: string, versions: number, options: SeedOptions = {}): string {
  const { account, region } = here.sandbox;
  seedBucket(here.world, { name, account, region, createdAt: daysAgo(1100), versioning: 'Enabled' });
  seedObjects(here.world, name, versions, { at: daysAgo(700), ...options });
  return name;
}

function exists(name: string): boolean {
  try {
    return seededBucket(here.world, name) !== undefined;
  } catch {
    return false;
  }
}

async function tagsOf(Bucket: string): Promise<Readonly<Record<string, string>>> {
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
}

it('B4.24 the daily sweep marks, waits, empties and deletes', async () => {
  stale('old-logs', 30, { details: { tags: [{ Key: 'year', Value: '2022' }] } });
  seedObjects(here.world, 'old-logs', 870, { at: daysAgo(690), key: () => 'often-written' });
  seedObjects(here.world, 'old-logs', 90, {
    at: daysAgo(600),
    markers: true,
    key: (index) => `gone-${index}`,
  });
  seedUploads(here.world, 'old-logs', [{ key: 'half', at: daysAgo(600), parts: [10] }]);
  await here.advance(DAY + 15);
  expect(await tagsOf('old-logs')).toHaveProperty('reeve:delete-after');
  expect(here.mails().at(-1)).toContain('old-logs');

  await here.advance(2 * DAY);
  expect(exists('old-logs')).toBe(false);
  const steps = (await here.journal()).map(({ action, result }) => `${action} ${result}`);
  expect(steps).toEqual(['mark done', 'empty-and-delete gone']);
  expect([...seededBucket(here.world, 'vault').versions.index.walk()]).toHaveLength(30 + 1 + 1);
});

it('B4.24 an objection of the owner is heard at once', async () => {
  const name = stale('their-photos', 10);
  await here.advance(DAY + 15);
  const tags = await tagsOf(name);
  expect(tags).toHaveProperty('reeve:delete-after');
  const TagSet = Object.entries({ ...tags, 'reeve:delete-after': '2027-06-30' }).map(([Key, Value]) => ({
    Key,
    Value,
  }));
  const runs = () => here.world.calls.filter(({ operation }) => operation === 'GetBucketTagging').length;
  const before = runs();
  await s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
  await here.settle();
  expect(runs()).toBeGreaterThan(before);

  await here.advance(3 * DAY);
  expect(exists(name)).toBe(true);
});

it('B4.25 a new object takes the mark off', async () => {
  const name = stale('reports', 10);
  await here.advance(DAY + 15);
  await s3.send(new PutObjectCommand({ Bucket: name, Key: 'new', Body: 'x' }));
  await here.advance(DAY);
  await expect(tagsOf(name)).rejects.toMatchObject({ name: 'NoSuchTagSet' });
});

it('B4.3 a reader that only access logs know of keeps the bucket', async () => {
  const name = stale('quietly-read', 10);
  seededBucket(here.world, name).configurations.logging = { TargetBucket: 'access-logs', TargetPrefix: 'q/' };
  const body = new TextEncoder().encode(
    `owner ${name} [02/Nov/2026:09:15:00 +0000] 192.0.2.3 someone 3E57 REST.GET.OBJECT key "-" 200\n`,
  );
  const key = () => 'q/2026-11-02-10-15-00-ABC';
  seedObjects(here.world, 'access-logs', 1, { key, size: body.byteLength, details: { body } });
  await here.advance(2 * DAY);
  await expect(tagsOf(name)).rejects.toMatchObject({ name: 'NoSuchTagSet' });
});

it('B4.46 a name that others rely on is kept, empty and shut', async () => {
  const route53 = here.client(Route53Client);
  await route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }));
  const name = stale('files.example.com', 20);
  await here.advance(3 * DAY);
  expect(await tagsOf(name)).toHaveProperty('reeve:tombstone');
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: name }));
  expect(Policy).toContain('ReeveTombstone');
});

it('B4.39 a giant is emptied by a lifecycle rule', async () => {
  const name = stale('giant', 20, { key: () => 'one' });
  seedObjects(here.world, name, 2980, { at: daysAgo(690), key: () => 'one' });
  seedMetrics(here.place, {
    namespace: 'AWS/S3',
    metric: 'NumberOfObjects',
    dimensions: { BucketName: name, StorageType: 'AllStorageTypes' },
    series: 3000,
    from: daysAgo(500),
    period: 86_400,
  });
  await here.advance(4 * DAY);
  const steps = (await here.journal()).filter(({ resource }) => resource === name);
  expect(steps.map(({ action, result }) => `${action} ${result}`).toSorted()).toEqual([
    'empty-and-delete gone',
    'empty-by-rule done',
    'mark done',
  ]);
  expect(exists(name)).toBe(false);
});

it('B5.16 of two runs over the same bucket at once one acts, the other comes back later', async () => {
  const name = stale('twice', 10);
  await here.advance(DAY + 15);
  here.world.faults.add({
    operation: 'DeleteBucket',
    kind: 'run',
    times: 1,
    effect: async () => {
      await here.invoke({ reeve: 'sweep' });
    },
  });
  await here.advance(2 * DAY);
  expect(exists(name)).toBe(false);
});

it('B6.8 an exemption that is not in order is told about, and nothing happens', async () => {
  const name = stale('somebodys', 10);
  const TagSet = [{ Key: 'reeve:exempt', Value: 'OPS-7 until 2027-01-31' }];
  await s3.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet } }));
  await here.advance(DAY + 15);
  expect(await tagsOf(name)).not.toHaveProperty('reeve:delete-after');
  expect(here.mails().some((message) => message.includes('it cannot be told who set it'))).toBe(true);
});

it('B6.11 the role grants what all of this took, and nothing that none of it took', () => {
  const { given, used } = here.grants();
  expect(used).toEqual(given);
});
