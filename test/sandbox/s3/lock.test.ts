import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { disableKmsKey } from '../../../sandbox/services/s3/objects/encryption.ts';
import { clientOf, openS3 } from './client.ts';

const Bucket = 'locked-logs';
const DAY = 86_400_000;
let sandbox: Sandbox;
let client: s3.S3Client;
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
  await client.send(new s3.CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
});

const put = async (Key: string, more: Partial<s3.PutObjectCommandInput> = {}) =>
  (await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'x', ...more }))).VersionId;
const remove = (Objects: s3.ObjectIdentifier[], BypassGovernanceRetention = false, by = client) =>
  by.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention }));
const inDays = (days: number) => new Date(sandbox.world.clock.now() + days * DAY);
const retain = (Key: string, Mode: s3.ObjectLockRetentionMode, days: number, bypass = false) =>
  client.send(
    new s3.PutObjectRetentionCommand({
      Bucket,
      Key,
      Retention: { Mode, RetainUntilDate: inDays(days) },
      BypassGovernanceRetention: bypass,
    }),
  );

describe('Object Lock', () => {
  it('B4.11 is on with versioning, which then stays on', async () => {
    const got = await client.send(new s3.GetObjectLockConfigurationCommand({ Bucket }));
    expect(got.ObjectLockConfiguration).toEqual({ ObjectLockEnabled: 'Enabled' });
    const suspend = { Status: 'Suspended' as const };
    await expect(
      client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: suspend })),
    ).rejects.toMatchObject({ name: 'InvalidBucketState' });
  });

  it('B4.11 is missing with its own error, and needs versions to be switched on', async () => {
    const other = { Bucket: 'stale-logs' };
    const get = new s3.GetObjectLockConfigurationCommand(other);
    await expect(client.send(get)).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
    const enable = { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' as const } };
    const call = () => client.send(new s3.PutObjectLockConfigurationCommand({ ...other, ...enable }));
    await expect(call()).rejects.toMatchObject({ name: 'InvalidBucketState' });
    await client.send(
      new s3.PutBucketVersioningCommand({ ...other, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await call();
  });

  it.each([
    ['governance', 'GOVERNANCE', true],
    ['compliance', 'COMPLIANCE', false],
  ] as const)(
    'B4.12 %s holds a version until its day; bypassing it helps: %s',
    async (_name, Mode, helps) => {
      const VersionId = await put('a', { ObjectLockMode: Mode, ObjectLockRetainUntilDate: inDays(10) });
      const refused = await remove([{ Key: 'a', VersionId }, { Key: 'b' }]);
      expect(refused.Errors).toMatchObject([{ Key: 'a', VersionId, Code: 'AccessDenied' }]);
      expect(refused.Deleted).toHaveLength(1);

      const bypassed = await remove([{ Key: 'a', VersionId }], true);
      expect(bypassed.Errors === undefined).toBe(helps);
      if (helps) return;
      await sandbox.world.clock.advance(10 * DAY - 1);
      expect((await remove([{ Key: 'a', VersionId }])).Errors).toHaveLength(1);
      await sandbox.world.clock.advance(1);
      expect((await remove([{ Key: 'a', VersionId }])).Deleted).toHaveLength(1);
    },
  );

  it('B4.11 bypassing governance is a right of its own', async () => {
    const VersionId = await put('a', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(1) });
    const Policy = JSON.stringify({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:BypassGovernanceRetention',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ],
    });
    await client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await remove([{ Key: 'a', VersionId }], true)).Errors).toMatchObject([{ Code: 'AccessDenied' }]);
  });

  it('B4.11 a legal hold holds without end, whatever the mode says', async () => {
    const VersionId = await put('a', { ObjectLockLegalHoldStatus: 'ON' });
    await sandbox.world.clock.advance(400 * DAY);
    expect((await remove([{ Key: 'a', VersionId }], true)).Errors).toHaveLength(1);
    const hold = { Bucket, Key: 'a', VersionId };
    expect((await client.send(new s3.GetObjectLegalHoldCommand(hold))).LegalHold?.Status).toBe('ON');
    await client.send(new s3.PutObjectLegalHoldCommand({ ...hold, LegalHold: { Status: 'OFF' } }));
    expect((await remove([{ Key: 'a', VersionId }])).Errors).toBeUndefined();
  });

  it('a marker may always be put on top', async () => {
    await put('a', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(10) });
    expect((await remove([{ Key: 'a' }])).Deleted).toMatchObject([{ DeleteMarker: true }]);
  });

  it('B4.12 the default retention counts from when a version is written', async () => {
    const rule = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 30 } };
    await client.send(
      new s3.PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: rule },
      }),
    );
    await put('a');
    const { Retention } = await client.send(new s3.GetObjectRetentionCommand({ Bucket, Key: 'a' }));
    expect(Retention).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(30) });
  });

  it('B4.11 compliance gets longer, never shorter; governance shorter only by bypass', async () => {
    await put('c');
    await retain('c', 'COMPLIANCE', 10);
    await retain('c', 'COMPLIANCE', 11);
    await expect(retain('c', 'COMPLIANCE', 10, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(retain('c', 'GOVERNANCE', 12, true)).rejects.toMatchObject({ name: 'AccessDenied' });
    await put('g');
    await retain('g', 'GOVERNANCE', 10);
    await expect(retain('g', 'GOVERNANCE', 9)).rejects.toMatchObject({ name: 'AccessDenied' });
    await retain('g', 'GOVERNANCE', 9, true);
    await expect(retain('g', 'GOVERNANCE', -1)).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('objects that cannot be read', () => {
  const get = (Key: string, more: Partial<s3.GetObjectCommandInput> = {}) =>
    client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }));
  const copy = (Key: string) =>
    client.send(new s3.CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` }));

  it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('B4.48 from %s: InvalidObjectState', async (StorageClass) => {
    await put('a', { StorageClass });
    await expect(get('a')).rejects.toMatchObject({ name: 'InvalidObjectState', StorageClass });
    await expect(copy('a')).rejects.toMatchObject({ name: 'InvalidObjectState' });
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head.StorageClass).toBe(StorageClass);
  });

  it('B4.48 without the key of its owner: 400, with another one: 403', async () => {
    const SSECustomerKey = 'a'.repeat(32);
    const own = { SSECustomerAlgorithm: 'AES256', SSECustomerKey };
    await put('a', own);
    await expect(get('a')).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(copy('a')).rejects.toMatchObject({ name: 'InvalidRequest' });
    const wrong = get('a', { ...own, SSECustomerKey: 'b'.repeat(32) });
    await expect(wrong).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await (await get('a', own)).Body?.transformToString()).toBe('x');
  });

  it('B4.48 with a disabled KMS key', async () => {
    const SSEKMSKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    await put('a', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
    expect((await get('a')).SSEKMSKeyId).toBe(SSEKMSKeyId);
    disableKmsKey(sandbox.world, SSEKMSKeyId);
    await expect(get('a')).rejects.toMatchObject({ name: 'KMS.DisabledException' });
    await expect(copy('a')).rejects.toMatchObject({ name: 'KMS.DisabledException' });
  });

  it('who may not list the bucket is not told what is missing', async () => {
    await client.send(
      new s3.PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` },
          ],
        }),
      }),
    );
    await expect(get('absent')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(clientOf(sandbox).send(new s3.HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('multipart uploads', () => {
  const FIVE = 5 * 1024 ** 2;
  const begin = async () =>
    (await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'big', Tagging: 'team=web' })))
      .UploadId;
  const part = async (UploadId: string | undefined, PartNumber: number, size: number) => {
    const Body = Buffer.alloc(size, PartNumber);
    const { ETag } = await client.send(
      new s3.UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber, Body }),
    );
    return { PartNumber, ETag };
  };
  const complete = (UploadId: string | undefined, Parts: s3.CompletedPart[]) =>
    client.send(
      new s3.CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } }),
    );

  it('become one object of their parts', async () => {
    const id = await begin();
    const parts = [await part(id, 1, FIVE), await part(id, 3, 10)];
    const listed = await client.send(
      new s3.ListPartsCommand({ Bucket, Key: 'big', UploadId: id, MaxParts: 1 }),
    );
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1', Parts: [{ Size: FIVE }] });
    await complete(id, parts);
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'big' }));
    expect(head).toMatchObject({ ContentLength: FIVE + 10, PartsCount: 2, TagCount: 1 });
    expect(head.ETag).toMatch(/-2"$/);
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('B4.10 are refused with what is wrong about their parts', async () => {
    const id = await begin();
    const small = await part(id, 1, FIVE - 1);
    const last = await part(id, 2, 1);
    await expect(complete(id, [small, last])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(id, [last, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(id, [{ ...last, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(id, [])).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(part(id, 10_001, 1)).rejects.toMatchObject({ name: 'InvalidArgument' });
    await complete(id, [small]);
  });
});
