import { buffer } from 'node:stream/consumers';
import { AwsError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { isFields } from './template.ts';

/** Reads an object of the account's S3, with the rights of whoever changes the stack. */
export async function readObject(
  world: World,
  principal: Principal,
  where: Where,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<Uint8Array> {
  const input = { Bucket, Key, ...(VersionId !== undefined && { VersionId }) };
  const output = await world.invoke(principal, where, 's3', 'GetObject', input);
  // Boundary: GetObject's own output.
  const { Body } = (isFields(output) ? output : {}) as { Body: AsyncIterable<Uint8Array> };
  return buffer(Body);
}

/**
 * The template behind a TemplateURL: `https://s3.REGION.amazonaws.com/BUCKET/KEY`, or with the bucket in the host name.
 */
export async function readTemplateUrl(
  world: World,
  principal: Principal,
  where: Where,
  url: string,
): Promise<string> {
  const { bucket, key } = placeOf(url);
  try {
    return Buffer.from(await readObject(world, principal, where, bucket, key)).toString('utf8');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'ValidationError',
      `S3 error: ${error.message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
    );
  }
}

const HOST = /^(?:(?<bucket>.+)\.)?s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

function placeOf(url: string): { readonly bucket: string; readonly key: string } {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: '', pathname: '' };
  const host = HOST.exec(hostname);
  const own = host?.groups?.bucket;
  const path = own === undefined ? pathname : `/${own}${pathname}`;
  const [, bucket, key] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
  if (host && bucket !== undefined && key !== undefined) return { bucket, key };
  throw new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
}
