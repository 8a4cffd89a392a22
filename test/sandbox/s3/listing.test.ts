import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedObjects, seedUploads } from '../../../sandbox/services/s3/seed.ts';
import { fill, openS3 } from './client.ts';

const Bucket = 'stale-logs';
let sandbox: Sandbox;
let client: s3.S3Client;
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
});

const enable = () =>
  client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
const list = (more: Partial<s3.ListObjectsV2CommandInput> = {}) =>
  client.send(new s3.ListObjectsV2Command({ Bucket, ...more }));
const versions = (more: Partial<s3.ListObjectVersionsCommandInput> = {}) =>
  client.send(new s3.ListObjectVersionsCommand({ Bucket, ...more }));
const keys = (objects: readonly { Key?: string | undefined }[] = []) => objects.map(({ Key }) => Key);

describe('ListObjectsV2', () => {
  it.each([
    [{}, ['a/1', 'a/2', 'b/c/1', 'd'], []],
    [{ Prefix: 'a/' }, ['a/1', 'a/2'], []],
    [{ Delimiter: '/' }, ['d'], ['a/', 'b/']],
    [{ Delimiter: '/', Prefix: 'b/' }, [], ['b/c/']],
    [{ StartAfter: 'a/1' }, ['a/2', 'b/c/1', 'd'], []],
    [{ Delimiter: '/', StartAfter: 'a/1' }, ['d'], ['a/', 'b/']],
    [{ Delimiter: '/', StartAfter: 'a/' }, ['d'], ['b/']],
    [{ MaxKeys: 0 }, [], []],
  ])('with %j lists %j and %j', async (more, contents, prefixes) => {
    await fill(client, Bucket, ['d', 'b/c/1', 'a/2', 'a/1']);
    const listed = await list(more);
    expect(keys(listed.Contents)).toEqual(contents);
    expect((listed.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)).toEqual(prefixes);
    expect(listed.KeyCount).toBe(contents.length + prefixes.length);
  });

  it('has shorter pages where the world says so, and goes on behind them', async () => {
    sandbox.world.behaviour.keysAPage = 2;
    seedObjects(sandbox.world, Bucket, 3);
    const { Contents, NextContinuationToken } = await list({ MaxKeys: 5000 });
    expect(Contents).toHaveLength(2);
    expect((await list({ ContinuationToken: NextContinuationToken })).Contents).toHaveLength(1);
    expect(await versions()).toMatchObject({ IsTruncated: true, NextKeyMarker: 'object-0000001' });
  });

  it('B4.2 goes through all keys by a token, 1,000 at most on a page, whatever is asked', async () => {
    seedObjects(sandbox.world, Bucket, 2001);
    const sizes: (number | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: s3.ListObjectsV2Output = await list({ MaxKeys: 5000, ContinuationToken });
      sizes.push(page.KeyCount);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(sizes).toEqual([1000, 1000, 1]);
    await expect(list({ ContinuationToken: 'bm9uc2Vuc2U=' })).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  });

  it('shows neither markers nor prefixes under which nothing is left', async () => {
    await enable();
    await fill(client, Bucket, ['a/1', 'b']);
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'a/1' }));
    expect(await list({ Delimiter: '/' })).toMatchObject({ KeyCount: 1, Contents: [{ Key: 'b' }] });
  });

  it('B4.28 encodes keys only where it is asked to, and refuses other encodings', async () => {
    await fill(client, Bucket, ['a b/ü+']);
    expect(keys((await list()).Contents)).toEqual(['a b/ü+']);
    expect(keys((await list({ EncodingType: 'url' })).Contents)).toEqual(['a+b/%C3%BC%2B']);
    await expect(list({ EncodingType: 'zip' as 'url' })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('the older listing goes on behind a key, and names it only with a delimiter', async () => {
    await fill(client, Bucket, ['a/1', 'b', 'c']);
    const old = (more: Partial<s3.ListObjectsCommandInput>) =>
      client.send(new s3.ListObjectsCommand({ Bucket, ...more }));
    expect(await old({ MaxKeys: 1, Delimiter: '/' })).toMatchObject({ NextMarker: 'a/', IsTruncated: true });
    expect(keys((await old({ Marker: 'a/', Delimiter: '/' })).Contents)).toEqual(['b', 'c']);
    expect((await old({ MaxKeys: 1 })).NextMarker).toBeUndefined();
  });
});

describe('ListObjectVersions', () => {
  const seed = async () => {
    await enable();
    for (const [key, count] of [
      ['a', 3],
      ['b', 2],
      ['c/1', 2],
    ] as const) {
      seedObjects(sandbox.world, Bucket, count, { key: () => key });
    }
    seedObjects(sandbox.world, Bucket, 1, { key: () => 'b', markers: true });
  };

  it('B4.8 lists by key and from new to old, over pages of every size, each version once', async () => {
    await seed();
    const whole = await versions();
    const order = whole.Versions?.map(({ Key, VersionId }) => `${Key} ${VersionId}`);
    expect(keys(whole.Versions)).toEqual(['a', 'a', 'a', 'b', 'b', 'c/1', 'c/1']);
    expect(whole.Versions?.map(({ IsLatest }) => IsLatest)).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(whole.DeleteMarkers).toMatchObject([{ Key: 'b', IsLatest: true }]);
    for (const MaxKeys of [1, 2, 3, 7, 8]) {
      const found: string[] = [];
      let markers: Partial<s3.ListObjectVersionsCommandInput> | undefined = {};
      while (markers) {
        const page: s3.ListObjectVersionsOutput = await versions({ MaxKeys, ...markers });
        found.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
        markers = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      }
      expect(found).toEqual(order);
    }
  });

  it('goes on behind a version that was deleted meanwhile, as one who empties a bucket deletes it', async () => {
    await seed();
    const page = await versions({ MaxKeys: 2 });
    const Objects = (page.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
    await client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const next = await versions({ KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker });
    expect(keys(next.Versions)).toEqual(['a', 'b', 'b', 'c/1', 'c/1']);
  });

  it('groups by delimiter, and goes on behind the group', async () => {
    await seed();
    const first = await versions({ Delimiter: '/', MaxKeys: 7 });
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: 'c/' }], IsTruncated: false });
    expect(await versions({ Delimiter: '/', KeyMarker: 'c/' })).toMatchObject({ IsTruncated: false });
    expect((await versions({ Delimiter: '/', KeyMarker: 'c/' })).CommonPrefixes).toBeUndefined();
  });

  it.each([
    [{ VersionIdMarker: 'null' }, 'without a key marker'],
    [{ KeyMarker: 'a', VersionIdMarker: '' }, 'cannot be empty'],
    [{ KeyMarker: 'a', VersionIdMarker: 'nonsense' }, 'Invalid version id'],
  ])('refuses the marker %j', async (more, message) => {
    await expect(versions(more)).rejects.toThrow(message);
  });
});

it('B4.10 lists uploads by key and beginning, over pages, and aborts them once', async () => {
  const [first, second] = seedUploads(sandbox.world, Bucket, [
    { key: 'b', at: new Date('2026-01-01') },
    { key: 'b', at: new Date('2026-01-02') },
    { key: 'a/1' },
  ]);
  const uploads = (more: Partial<s3.ListMultipartUploadsCommandInput> = {}) =>
    client.send(new s3.ListMultipartUploadsCommand({ Bucket, ...more }));
  const page = await uploads({ MaxUploads: 2 });
  expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b', NextUploadIdMarker: first });
  const rest = await uploads({ KeyMarker: 'b', UploadIdMarker: first });
  expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual([second]);
  expect((await uploads({ KeyMarker: 'b' })).Uploads).toBeUndefined();
  expect((await uploads({ Delimiter: '/' })).CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
  const abort = () => client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key: 'b', UploadId: first }));
  await abort();
  await expect(abort()).rejects.toMatchObject({ name: 'NoSuchUpload' });
  expect((await uploads()).Uploads).toHaveLength(2);
});
