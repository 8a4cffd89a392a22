import * as s3 from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { clientOf, fill, openS3 } from './client.ts';

const Bucket = 'stale-logs';
let sandbox: Sandbox;
beforeEach(async () => {
  ({ sandbox } = await openS3());
});
afterEach(() => sandbox.close());

const WAYS = {
  'in process': async () => clientOf(sandbox),
  'over HTTP': async () => clientOf(sandbox, {}, { ...(await sandbox.listen()), requestHandler: {} }),
};
/** As B4.28 wants it: the SDK leaves keys encoded. */
const decoded = (key = '') => decodeURIComponent(key.replaceAll('+', ' '));
const listed = async (client: s3.S3Client) => {
  const { Contents = [] } = await client.send(new s3.ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
  return Contents.map(({ Key }) => decoded(Key));
};

const ORDINARY = [
  'folder/',
  '/lead',
  'a//b',
  'a b',
  'a+b',
  '100%20',
  '%',
  '😀/ü',
  'ä',
  "it's (1)!*~",
  'a?b#c&d=e',
];
const FORBIDDEN = ['a\u0001b', '\u0008', '\u000b', '\u000c', '\u001f', '\ufffe', 'end\uffff'];

describe.each(Object.entries(WAYS))('%s', (_way, open) => {
  it.each([
    ...ORDINARY.map((key) => ['B4.32', key]),
    ...['../x', './y', '.', '..', 'a/../b'].map((key) => ['B4.31', key]),
    ...['a\rb', 'a\nb', 'a\r\nb'].map((key) => ['B4.30', key]),
    ['B4.32', 'k'.repeat(1024)],
    ['B4.32', 'ü'.repeat(512)],
  ])('%s the key %j goes there and back, and goes away in a batch', async (_case, Key) => {
    const client = await open();
    await fill(client, Bucket, [Key]);
    expect(await listed(client)).toEqual([Key]);
    await client.send(new s3.HeadObjectCommand({ Bucket, Key }));
    const { Errors } = await client.send(
      new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }),
    );

    expect(Errors).toBeUndefined();
    expect(await listed(client)).toEqual([]);
  });

  it.each(FORBIDDEN)(
    'B4.27 the key %j is listed with url encoding and goes by DeleteObject only',
    async (Key) => {
      const client = await open();
      await fill(client, Bucket, [Key, 'good']);
      expect(await listed(client)).toContain(Key);
      const batch = new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'good' }, { Key }] } });
      await expect(client.send(batch)).rejects.toMatchObject({ name: 'MalformedXML' });
      expect(await listed(client)).toHaveLength(2);
      await client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
      expect(await listed(client)).toEqual(['good']);
    },
  );
});

it('B4.28 deleting a key that was not decoded succeeds, and changes nothing', async () => {
  const client = clientOf(sandbox);
  await fill(client, Bucket, ['a b']);
  const { Deleted } = await client.send(
    new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a+b' }] } }),
  );
  expect(Deleted).toEqual([{ Key: 'a+b' }]);
  expect(await listed(client)).toEqual(['a b']);
});

it.each(['k'.repeat(1025), `${'ü'.repeat(512)}x`])('B4.32 a key of 1,025 bytes is too long', async (Key) => {
  const put = clientOf(sandbox).send(new s3.PutObjectCommand({ Bucket, Key, Body: '' }));
  await expect(put).rejects.toMatchObject({ name: 'KeyTooLongError', $metadata: { httpStatusCode: 400 } });
});

it('B4.33 the client refuses half a character before anything is sent', async () => {
  const remove = clientOf(sandbox).send(new s3.DeleteObjectCommand({ Bucket, Key: 'a\ud83d' }));
  await expect(remove).rejects.toThrow(URIError);
});

it('lists by the bytes of UTF-8: what JavaScript sorts last comes before emoji', async () => {
  const client = clientOf(sandbox);
  await fill(client, Bucket, ['😀', '\uffee', 'z', 'Z', 'é']);
  expect(await listed(client)).toEqual(['Z', 'z', 'é', '\uffee', '😀']);
});

it('B4.50 a bucket with dots answers in path style, one without also as a virtual host', async () => {
  const client = clientOf(sandbox, {}, { forcePathStyle: true });
  await client.send(new s3.CreateBucketCommand({ Bucket: 'logs.example.com' }));
  await client.send(new s3.PutObjectCommand({ Bucket: 'logs.example.com', Key: 'a/b', Body: 'x' }));
  const virtual = clientOf(sandbox, {}, { endpoint: 'http://localhost' });
  await virtual.send(new s3.PutObjectCommand({ Bucket, Key: 'c/d', Body: 'x' }));

  expect(await listed(virtual)).toEqual(['c/d']);
  expect(await listed(client)).toEqual(['c/d']);
});
