import { notImplemented } from '../core/refusals.ts';
import type { Service } from '../core/service.ts';
import { bytes, queryValue, type WireRequest, type WireResponse } from './message.ts';
import { modelOf } from './model.ts';
import { formOf, xmlResponse } from './query.ts';
import type { Signature } from './signature.ts';

/** By the scope of the signature; services that share a signing name are told apart by target or version. */
export async function serviceOf(
  services: readonly Service[],
  request: WireRequest,
  signature: Signature | undefined,
): Promise<Service | undefined> {
  const candidates = services.filter(
    ({ signingName }) => signature === undefined || signingName === signature.signingName,
  );
  if (candidates.length < 2 && signature) return candidates[0];
  const target = request.headers['x-amz-target']?.split('.')[0];
  const version = queryValue(request, 'Version') ?? formOf(request).get('Version');
  if (!target && !version) return signature && byPath(candidates, request);
  for (const candidate of candidates) {
    const model = await modelOf(candidate);
    if (target ? model.target === target : model.version === version) return candidate;
  }
  return undefined;
}

/** S3 Control shares S3's name, and puts its version in front of its paths: `/v20180820/accesspoint`. */
async function byPath(candidates: readonly Service[], { path }: WireRequest): Promise<Service | undefined> {
  const version = /^\/v(\d{4})(\d{2})(\d{2})\//.exec(path)?.slice(1).join('-');
  const models = await Promise.all(candidates.map(modelOf));
  const found = models.find((model) => (version ? model.version === version : model.service.name === 's3'));
  return found?.service;
}

/** No schema is at hand, so the error is written as the request itself is: as a form's answer, as S3's, or as JSON. */
export function unknownService(
  request: WireRequest,
  requestId: string,
  signature: Signature | undefined,
): WireResponse {
  const named = signature
    ? `the service ${signature.signingName}`
    : 'the service that this request is meant for';
  const { code, message, status } = notImplemented(named);
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (signature?.signingName.startsWith('s3')) return xmlResponse(status, error, requestId);
  if (isForm) return xmlResponse(status, `<ErrorResponse>${error}</ErrorResponse>`, requestId);
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
    body: bytes(JSON.stringify({ __type: code, code, message })),
  };
}
