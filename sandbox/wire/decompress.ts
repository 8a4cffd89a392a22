import { gunzipSync } from 'node:zlib';
import type { WireRequest } from './message.ts';

/** The request with its body as it was before the client packed it: SDKs gzip PutMetricData from 10 KiB on. */
export function decompressed(request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  return { ...request, body: gunzipSync(request.body) };
}
