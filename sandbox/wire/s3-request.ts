import { AwsError } from '../core/errors.ts';
import { notImplemented } from '../core/refusals.ts';
import { unchunked } from './aws-chunked.ts';
import { checkIntegrity } from './integrity.ts';
import type { WireRequest } from './message.ts';
import type { OperationModel } from './model.ts';

/** Virtual-host style made path style: `bucket.s3.eu-west-1.amazonaws.com/key` is `/bucket/key`. */
export function pathStyle(request: WireRequest): WireRequest {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const [, bucket] = /^(.+)\.(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?|localhost)$/.exec(host) ?? [];
  return bucket ? { ...request, path: `/${bucket}${request.path}` } : request;
}

/** The request as its operation reads it: the body unpacked and found whole, and nothing in it that would be ignored. */
export function openS3(request: WireRequest, operation: OperationModel): WireRequest {
  refuseUnknown(request, operation);
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((each) => each.trim());
  if (!encodings.includes('aws-chunked')) {
    checkIntegrity(request, operation.name);
    return request;
  }
  const { body, trailers } = unchunked(request.body);
  const left = encodings.filter((each) => each !== 'aws-chunked').join(', ');
  const { 'content-encoding': _, ...headers } = { ...request.headers, ...trailers };
  const whole = { ...request, body, headers: left ? { ...headers, 'content-encoding': left } : headers };
  const length = request.headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== body.byteLength) {
    throw new AwsError(
      'IncompleteBody',
      'The number of bytes sent is not the x-amz-decoded-content-length that was announced.',
    );
  }
  checkIntegrity(whole, operation.name);
  return whole;
}

/** What belongs to signing and to the transport, not to the operation. */
const ANY_QUERY = /^(x-id|X-Amz-.*)$/i;
const ANY_HEADER =
  /^x-amz-(date|security-token|content-sha256|user-agent|decoded-content-length|trailer|sdk-checksum-algorithm|checksum-.*)$/;

function refuseUnknown({ query, headers }: WireRequest, { name, traits, input }: OperationModel): void {
  const members = input.kind === 'structure' ? input.members : [];
  const fixed = new URLSearchParams((traits.http?.[1] ?? '').split('?')[1] ?? '');
  const queries = new Set([...fixed.keys(), ...members.flatMap((each) => each.traits.httpQuery ?? [])]);
  const known = new Set(members.flatMap((each) => each.traits.httpHeader?.toLowerCase() ?? []));
  const prefixes = members.flatMap((each) => each.traits.httpPrefixHeaders?.toLowerCase() ?? []);
  for (const each of Object.keys(query)) {
    if (!queries.has(each) && !ANY_QUERY.test(each)) throw notImplemented(`?${each} of s3:${name}`);
  }
  for (const each of Object.keys(headers)) {
    if (!each.startsWith('x-amz-') || known.has(each) || ANY_HEADER.test(each)) continue;
    if (!prefixes.some((prefix) => each.startsWith(prefix))) throw notImplemented(`${each} of s3:${name}`);
  }
}
