import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedObjects, seedUploads } from '../../../sandbox/services/s3/seed.ts';
import { fill, openS3 } from './client.ts';

const Bucket = 'stale-logs';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let sandbox: Sandbox;
let client: s3.S3Client;
// It is eight in the morning.
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
});

const put = (...Rules: s3.LifecycleRule[]) =>
  client.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
const rule = (more: Partial<s3.LifecycleRule>): s3.LifecycleRule => ({
  Status: 'Enabled',
  Filter: { Prefix: '' },
  ...more,
});
const enable = () =>
  client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
const inside = async () => {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new s3.ListObjectVersionsCommand({ Bucket }),
  );
  return { versions: Versions.length, markers: DeleteMarkers.length };
};
const turn = (ms: number) => sandbox.world.clock.advance(ms);

describe('lifecycle', () => {
  it('B4.7 B4.39 a day of life ends at the midnight after it, not before', async () => {
    await put(rule({ Expiration: { Days: 1 } }));
    await fill(client, Bucket, ['a']);
    await turn(40 * HOUR - 1);
    expect(await inside()).toEqual({ versions: 1, markers: 0 });
    await turn(1);
    expect(await inside()).toEqual({ versions: 0, markers: 0 });
  });

  it('B4.39 with versions, expiry puts a marker, then old versions and lone markers go', async () => {
    await enable();
    await fill(client, Bucket, ['a', 'a', 'b']);
    await put(
      rule({ ID: 'all', Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
      rule({ ID: 'markers', Expiration: { ExpiredObjectDeleteMarker: true } }),
    );
    await turn(2 * DAY);
    expect(await inside()).toEqual({ versions: 2, markers: 2 });
    await turn(2 * DAY);
    expect(await inside()).toEqual({ versions: 0, markers: 0 });
    await client.send(new s3.DeleteBucketCommand({ Bucket }));
  });

  it('keeps the newest of the old versions where it is told to', async () => {
    await enable();
    await fill(client, Bucket, ['a', 'a', 'a', 'a']);
    await put(rule({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }));
    await turn(3 * DAY);
    expect(await inside()).toEqual({ versions: 3, markers: 0 });
  });

  it('B4.10 ends uploads that were begun too long ago', async () => {
    seedUploads(sandbox.world, Bucket, [
      { key: 'old' },
      { key: 'new', at: new Date('2026-11-03T09:00:00Z') },
    ]);
    await put(rule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }));
    await turn(2 * DAY);
    const { Uploads } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toMatchObject([{ Key: 'new' }]);
  });

  it('B4.15 a Deny in the bucket policy does not hold it back', async () => {
    await fill(client, Bucket, ['a']);
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject*', Resource: `arn:aws:s3:::${Bucket}/*` },
      ],
    });
    await client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    await put(rule({ Expiration: { Days: 1 } }));
    await turn(2 * DAY);
    expect(await inside()).toEqual({ versions: 0, markers: 0 });
  });

  it.each([
    ['prefix', { Filter: { Prefix: 'logs/' } }, ['keep/1', 'tagged']],
    ['tag', { Filter: { Tag: { Key: 'team', Value: 'web' } } }, ['keep/1', 'logs/1']],
    ['size', { Filter: { ObjectSizeGreaterThan: 5 } }, ['keep/1', 'logs/1']],
    ['disabled', { Status: 'Disabled' as const }, ['keep/1', 'logs/1', 'tagged']],
    ['date', { Expiration: { Date: new Date('2027-01-01') } }, ['keep/1', 'logs/1', 'tagged']],
  ])('acts only where its rule applies: %s', async (_what, more, left) => {
    await fill(client, Bucket, ['keep/1', 'logs/1']);
    await client.send(
      new s3.PutObjectCommand({ Bucket, Key: 'tagged', Body: 'longer', Tagging: 'team=web' }),
    );
    await put(rule({ Expiration: { Days: 1 }, ...more }));
    await turn(3 * DAY);
    const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(left);
  });

  it('leaves locked versions alone', async () => {
    const locked = { Bucket: 'locked-logs' };
    await client.send(new s3.CreateBucketCommand({ ...locked, ObjectLockEnabledForBucket: true }));
    const hold = { ObjectLockLegalHoldStatus: 'ON' as const };
    await client.send(new s3.PutObjectCommand({ ...locked, Key: 'a', Body: 'x', ...hold }));
    const Rules = [rule({ Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } })];
    await client.send(
      new s3.PutBucketLifecycleConfigurationCommand({ ...locked, LifecycleConfiguration: { Rules } }),
    );
    await turn(10 * DAY);
    const { Versions, DeleteMarkers } = await client.send(new s3.ListObjectVersionsCommand(locked));
    expect([Versions?.length, DeleteMarkers?.length]).toEqual([1, 1]);
  });

  it('B4.39 putting replaces all rules', async () => {
    await put(rule({ ID: 'one', Expiration: { Days: 1 } }));
    await put(rule({ ID: 'two', Expiration: { Days: 2 } }));
    const { Rules } = await client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules?.map(({ ID }) => ID)).toEqual(['two']);
  });

  it.each<[string, s3.LifecycleRule[]]>([
    ['MalformedXML', []],
    ['InvalidRequest', [rule({})]],
    ['InvalidArgument', [rule({ Expiration: { Days: 0 } })]],
    ['InvalidArgument', [rule({ Expiration: { Date: new Date('2027-01-01T01:00:00Z') } })]],
    ['MalformedXML', [rule({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } })]],
    [
      'InvalidArgument',
      [rule({ ID: 'a', Expiration: { Days: 1 } }), rule({ ID: 'a', Expiration: { Days: 1 } })],
    ],
    ['InvalidArgument', [rule({ NoncurrentVersionExpiration: {} })]],
  ])('is refused with %s: %j', async (name, rules) => {
    await expect(put(...rules)).rejects.toMatchObject({ name });
  });
});

describe('daily metrics', () => {
  const metric = async (name: string, type: string) => {
    const cloudwatch = new CloudWatchClient(sandbox.clientConfig());
    const Dimensions = [
      { Name: 'BucketName', Value: Bucket },
      { Name: 'StorageType', Value: type },
    ];
    const Metric = { Namespace: 'AWS/S3', MetricName: name, Dimensions };
    const now = sandbox.world.clock.now();
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - 10 * DAY),
        EndTime: new Date(now),
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 86_400, Stat: 'Average' } }],
      }),
    );
    return MetricDataResults?.[0]?.Values;
  };

  it('B4.4 tell bytes by class and count versions, markers and parts, a day late', async () => {
    await enable();
    seedObjects(sandbox.world, Bucket, 3, { key: () => 'a', size: 100 });
    seedObjects(sandbox.world, Bucket, 2, { size: 10, storageClass: 'STANDARD_IA' });
    seedObjects(sandbox.world, Bucket, 1, { markers: true });
    seedUploads(sandbox.world, Bucket, [{ key: 'u', parts: [7, 8] }]);
    await turn(15 * HOUR);
    expect(await metric('NumberOfObjects', 'AllStorageTypes')).toEqual([]);
    await turn(2 * HOUR);

    expect(await metric('NumberOfObjects', 'AllStorageTypes')).toEqual([8]);
    expect(await metric('BucketSizeBytes', 'StandardStorage')).toEqual([315]);
    expect(await metric('BucketSizeBytes', 'StandardIAStorage')).toEqual([20]);
  });

  it('B4.4 an empty bucket has no datapoint', async () => {
    await turn(3 * DAY);
    expect(await metric('NumberOfObjects', 'AllStorageTypes')).toEqual([]);
  });
});
