import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { clientOf, fill, openS3 } from './client.ts';

const Bucket = 'stale-logs';
let sandbox: Sandbox;
let client: s3.S3Client;
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
});
afterEach(() => sandbox.close());

const text = async (Key: string, VersionId?: string) =>
  (await client.send(new s3.GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const version = (Status: 'Enabled' | 'Suspended') =>
  client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (Key: string, Body = 'x', more: Partial<s3.PutObjectCommandInput> = {}) =>
  client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
const versions = async () => {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new s3.ListObjectVersionsCommand({ Bucket }),
  );
  return {
    ids: Versions.map(({ VersionId }) => VersionId),
    markers: DeleteMarkers.map((each) => each.VersionId),
  };
};
const remove = (Objects: s3.ObjectIdentifier[], more: Partial<s3.DeleteObjectsCommandInput> = {}) =>
  client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects }, ...more }));

describe('objects', () => {
  it('an object comes back with what it was put with', async () => {
    await put('report.txt', 'grüße', {
      ContentType: 'text/plain',
      Metadata: { owner: 'ana' },
      StorageClass: 'STANDARD_IA',
      Tagging: 'team=web&cost=a%20b',
    });
    const got = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'report.txt' }));

    expect(await got.Body?.transformToString()).toBe('grüße');
    expect(got).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { owner: 'ana' },
      StorageClass: 'STANDARD_IA',
      TagCount: 2,
      ContentLength: 7,
      ETag: `"${createHash('md5').update('grüße').digest('hex')}"`,
      ServerSideEncryption: 'AES256',
      LastModified: new Date('2026-11-02T08:00:00Z'),
    });
    const tags = await client.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'report.txt' }));
    expect(tags.TagSet).toEqual([
      { Key: 'team', Value: 'web' },
      { Key: 'cost', Value: 'a b' },
    ]);
  });

  it.each(['in process', 'over HTTP'])(
    'a stream goes in chunks with its checksum behind it, %s',
    async (way) => {
      if (way === 'over HTTP')
        client = clientOf(sandbox, {}, { ...(await sandbox.listen()), requestHandler: {} });
      const chunks = [Buffer.alloc(70_000, 'a'), Buffer.from('the end')];
      await put('stream', undefined, { Body: Readable.from(chunks), ContentLength: 70_007 });
      const got = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'stream' }));

      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(chunks))).toBe(
        true,
      );
      expect(got.ContentEncoding).toBeUndefined();
      expect(got.ChecksumCRC32).toBeDefined();
    },
  );

  it.each([
    ['BadDigest', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }],
    ['BadDigest', { ChecksumSHA256: 'AAAA' }],
    ['InvalidStorageClass', { StorageClass: 'CELLAR' as 'GLACIER' }],
    ['AccessControlListNotSupported', { ACL: 'public-read' as const }],
    ['InvalidRequest', { ObjectLockLegalHoldStatus: 'ON' as const }],
    ['NotImplemented', { GrantRead: 'id=1' }],
  ])('PutObject answers %s to what does not fit', async (name, more) => {
    await expect(put('a', 'x', more)).rejects.toMatchObject({ name });
  });

  it('a copy keeps metadata and tags, unless they are to be replaced', async () => {
    await put('a b+c', 'x', { Metadata: { owner: 'ana' }, Tagging: 'team=web' });
    const copy = (Key: string, more: Partial<s3.CopyObjectCommandInput> = {}) =>
      client.send(new s3.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/a%20b%2Bc`, ...more }));
    await copy('same');
    await copy('other', {
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
      Metadata: { owner: 'bo' },
    });

    const head = (Key: string) => client.send(new s3.HeadObjectCommand({ Bucket, Key }));
    expect(await head('same')).toMatchObject({ Metadata: { owner: 'ana' }, TagCount: 1 });
    expect((await head('other')).Metadata).toEqual({ owner: 'bo' });
    expect((await head('other')).TagCount).toBeUndefined();
    await expect(copy('a b+c')).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('If-None-Match: * writes only where nothing is', async () => {
    await put('once', 'x', { IfNoneMatch: '*' });
    await expect(put('once', 'y', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

describe('versions', () => {
  it('B4.8 versioning keeps every version and marker; the id of what came before is null', async () => {
    await put('k', 'before');
    await version('Enabled');
    const { VersionId: second } = await put('k', 'second');
    const { VersionId: marker, DeleteMarker } = await client.send(
      new s3.DeleteObjectCommand({ Bucket, Key: 'k' }),
    );

    expect(DeleteMarker).toBe(true);
    expect(second).toMatch(/^[\w.]{32}$/);
    expect(await versions()).toEqual({ ids: [second, 'null'], markers: [marker] });
    expect(await text('k', 'null')).toBe('before');
    await expect(text('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(text('k', marker)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });

  it('B4.8 suspended, there is one null version: each write and each marker takes its place', async () => {
    await version('Enabled');
    const { VersionId: kept } = await put('k');
    await version('Suspended');
    await put('k', 'one');
    expect(await put('k', 'two')).toMatchObject({ VersionId: 'null' });
    expect(await versions()).toEqual({ ids: ['null', kept], markers: [] });
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(await versions()).toEqual({ ids: [kept], markers: ['null'] });
  });

  it('taking the marker away brings the object back', async () => {
    await version('Enabled');
    await put('k', 'here');
    const { VersionId } = await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k' }));
    const undone = await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));

    expect(undone).toMatchObject({ DeleteMarker: true, VersionId });
    expect(await text('k')).toBe('here');
  });

  it('B4.9 deleting without version ids only adds markers, and DeleteBucket finds the bucket not empty', async () => {
    await version('Enabled');
    await fill(client, Bucket, ['a', 'b']);
    const { Deleted } = await remove([{ Key: 'a' }, { Key: 'b' }]);

    expect(Deleted).toMatchObject([
      { Key: 'a', DeleteMarker: true },
      { Key: 'b', DeleteMarker: true },
    ]);
    expect((await versions()).ids).toHaveLength(2);
    await expect(client.send(new s3.DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
  });
});

describe('DeleteObjects', () => {
  it('B4.34 takes 1,000 keys and not one more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}` }));
    expect((await remove(many(1000))).Deleted).toHaveLength(1000);
    await expect(remove(many(1001))).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(remove([])).rejects.toMatchObject({ name: 'MalformedXML' });
  });

  it('B4.35 quiet tells errors only', async () => {
    await fill(client, Bucket, ['a']);
    const quiet = { Delete: { Quiet: true, Objects: [{ Key: 'a' }, { Key: 'b', VersionId: 'nonsense' }] } };
    const { Deleted, Errors } = await remove([], quiet);

    expect(Deleted).toBeUndefined();
    expect(Errors).toMatchObject([{ Key: 'b', VersionId: 'nonsense', Code: 'NoSuchVersion' }]);
    await expect(text('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('what is given twice is deleted twice: the second time there is nothing left to do', async () => {
    await version('Enabled');
    const { VersionId } = await put('a');
    const { Deleted, Errors } = await remove([
      { Key: 'a', VersionId },
      { Key: 'a', VersionId },
    ]);

    expect(Deleted).toEqual([
      { Key: 'a', VersionId },
      { Key: 'a', VersionId },
    ]);
    expect(Errors).toBeUndefined();
    expect(await versions()).toEqual({ ids: [], markers: [] });
  });

  it('B4.36 takes no batch without a checksum or an MD5', async () => {
    const { endpoint } = await sandbox.listen();
    const ask = clientOf(sandbox, {}, { endpoint, requestHandler: {} });
    const strip = (headers: Record<string, string>) => {
      for (const name of ['x-amz-checksum-crc32', 'x-amz-sdk-checksum-algorithm', 'content-md5'])
        delete headers[name];
    };
    ask.middlewareStack.add(
      (next) => (args) => {
        // Every HTTP request of the SDK has headers.
        strip((args.request as { headers: Record<string, string> }).headers);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'strip' },
    );
    const command = new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }] } });
    await expect(ask.send(command)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

it('B4.47 a bucket that is not whose it should be is refused with 403', async () => {
  const call = new s3.GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner: '999900001111' });
  await expect(client.send(call)).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
});

it('B4.16 a stranger gets nowhere without a bucket policy, whatever his own policies say', async () => {
  sandbox.world.addAccount({ id: '999900001111' });
  const stranger = clientOf(sandbox, { account: '999900001111' });
  await expect(stranger.send(new s3.ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

it('B4.16 where the requester pays, a stranger has to say so, and the owner need not', async () => {
  sandbox.world.addAccount({ id: '999900001111' });
  const stranger = clientOf(sandbox, { account: '999900001111' });
  const Policy = JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '999900001111' },
        Action: 's3:ListBucket',
        Resource: `arn:aws:s3:::${Bucket}`,
      },
    ],
  });
  await client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
  const RequestPaymentConfiguration = { Payer: 'Requester' as const };
  await client.send(new s3.PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
  const list = (RequestPayer?: 'requester') => new s3.ListObjectsV2Command({ Bucket, RequestPayer });

  await client.send(list());
  await expect(stranger.send(list())).rejects.toMatchObject({ name: 'AccessDenied' });
  await stranger.send(list('requester'));
});

it('HEAD tells the length of an object, also over HTTP', async () => {
  await put('a', 'hello');
  const over = clientOf(sandbox, {}, { ...(await sandbox.listen()), requestHandler: {} });
  expect((await over.send(new s3.HeadObjectCommand({ Bucket, Key: 'a' }))).ContentLength).toBe(5);
});

it('an ACL is XML that other clients can read: its grantees declare their prefix', async () => {
  const { endpoint } = await sandbox.listen();
  const scope = `${sandbox.credentials().accessKeyId}/20261102/eu-west-1/s3/aws4_request`;
  const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}` };
  const answer = await fetch(`${endpoint}/${Bucket}?acl`, { headers });
  expect(await answer.text()).toContain(
    '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">',
  );
});

it('B4.37 counts each key of a batch against 3,500 writes a second and prefix once throttling is on', async () => {
  sandbox = createSandbox({ behaviour: { throttling: true } });
  client = clientOf(sandbox);
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  const batch = (prefix: string) =>
    remove(Array.from({ length: 1000 }, (_, index) => ({ Key: `${prefix}/${index}` })));
  for (let count = 0; count < 3; count++) await batch('a');

  await expect(batch('a')).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
  await batch('b');
  await sandbox.world.clock.advance(142);
  await expect(batch('a')).rejects.toMatchObject({ name: 'SlowDown' });
  await sandbox.world.clock.advance(1);
  await batch('a');
});
