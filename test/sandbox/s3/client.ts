import * as s3 from '@aws-sdk/client-s3';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts';

/** A fresh account, a real client on it, without retries, and a bucket called `stale-logs`. */
export async function openS3(
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; client: s3.S3Client; Bucket: string }> {
  const sandbox = createSandbox(options);
  const client = clientOf(sandbox);
  const Bucket = 'stale-logs';
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  return { sandbox, client, Bucket };
}

export function clientOf(
  sandbox: Sandbox,
  who: Parameters<Sandbox['clientConfig']>[0] = {},
  more: s3.S3ClientConfig = {},
): s3.S3Client {
  return new s3.S3Client({ ...sandbox.clientConfig(who), maxAttempts: 1, ...more });
}

/** A document that is put, key by key, as the objects of a bucket. */
export async function fill(client: s3.S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'x' }));
}
