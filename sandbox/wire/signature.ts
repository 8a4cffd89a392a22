import { queryValue, type WireRequest } from './message.ts';

/** Who signed a request, and for where. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signingName: string;
  readonly sessionToken?: string;
}

/** Reads the SigV4 scope from the Authorization header or a presigned query; undefined when the request is not signed. */
export function signatureOf(request: WireRequest): Signature | undefined {
  const header = request.headers.authorization ?? '';
  const scope = /Credential=([^,\s]+)/.exec(header)?.[1] ?? queryValue(request, 'X-Amz-Credential');
  const [accessKeyId, , region, signingName] = scope?.split('/') ?? [];
  if (!accessKeyId || !region || !signingName) return undefined;
  const sessionToken = request.headers['x-amz-security-token'] ?? queryValue(request, 'X-Amz-Security-Token');
  return { accessKeyId, region, signingName, ...(sessionToken ? { sessionToken } : {}) };
}
