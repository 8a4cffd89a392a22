import type { SandboxWorld } from '../core/create-world.ts';
import type { Arrival } from '../core/dispatch.ts';
import { AwsError } from '../core/errors.ts';
import type { Credential } from '../core/principal.ts';
import { notImplemented, refusedCredential } from '../core/refusals.ts';
import { homeRegion } from '../core/regions.ts';
import type { Service, Where } from '../core/service.ts';
import { bytes, queryValue, type WireRequest, type WireResponse } from './message.ts';
import { modelOf } from './model.ts';
import { type ProtocolName, protocolOf, protocols } from './protocols.ts';
import { formOf, xmlResponse } from './query.ts';
import { type Signature, signatureOf } from './signature.ts';

export interface Door {
  readonly world: SandboxWorld;
  readonly services: readonly Service[];
  readonly dispatch: (world: SandboxWorld, arrival: Arrival) => Promise<unknown>;
}

/** The one function behind both transports: an HTTP request in, an HTTP answer out. */
export async function answer(door: Door, request: WireRequest, sourceIp: string): Promise<WireResponse> {
  const { world } = door;
  const requestId = world.random.uuid();
  const signature = signatureOf(request);
  const service = await serviceOf(door.services, request, signature);
  if (!service) return unknownService(request, requestId, signature);
  const model = await modelOf(service);
  const name = protocolOf(request, model);
  const spoken = protocols[name];
  try {
    // A service that once spoke query keeps its codes of that time.
    const manner = model.queryCompatible ? 'awsQuery' : name;
    const credential = holderOf(world, manner, signature);
    const where = whereOf(world, service, credential, signature, manner);
    const operation = spoken.operationName(request, model) ?? `${request.method} ${request.path}`;
    const output = await door.dispatch(world, {
      model,
      operation,
      principal: credential.principal,
      where,
      sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
      requestId,
      readInput: (described) => spoken.readInput(request, model, described),
    });
    const described = model.operation(operation);
    if (!described) throw new Error(`${operation} was answered but is not described.`);
    return await spoken.writeOutput(output, { model, requestId }, described);
  } catch (error) {
    if (error instanceof AwsError) return spoken.writeError(error, { model, requestId });
    throw error;
  }
}

/** By the scope of the signature; services that share a signing name are told apart by target or version. */
async function serviceOf(
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
  for (const candidate of candidates) {
    const model = await modelOf(candidate);
    if (target ? model.target === target : model.version === version) return candidate;
  }
  return undefined;
}

/** No schema is at hand, so the error is written as the request itself is: as a form's answer, as S3's, or as JSON. */
function unknownService(
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
  if (signature?.signingName === 's3') return xmlResponse(status, error, requestId);
  if (isForm) return xmlResponse(status, `<ErrorResponse>${error}</ErrorResponse>`, requestId);
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, 'x-amzn-requestid': requestId },
    body: bytes(JSON.stringify({ __type: code, code, message })),
  };
}

function holderOf(world: SandboxWorld, name: ProtocolName, signature: Signature | undefined): Credential {
  const credential = signature && world.credential(signature.accessKeyId);
  if (!credential || credential.sessionToken !== signature.sessionToken)
    throw refusedCredential(name, 'unknown');
  if (credential.expiresAt !== undefined && credential.expiresAt <= world.clock.now()) {
    throw refusedCredential(name, 'expired');
  }
  return credential;
}

/** Keys are not known in a region that the account has not opted into. */
function whereOf(
  world: SandboxWorld,
  service: Service,
  { principal: { account } }: Credential,
  signature: Signature | undefined,
  name: ProtocolName,
): Where {
  const found = world.accounts.get(account);
  if (!found || !signature) throw refusedCredential(name, 'unknown');
  const { partition, regions } = found;
  const region = service.global ? homeRegion(partition) : signature.region;
  const state = regions.get(region);
  if (state === undefined || state === 'not-opted-in') throw refusedCredential(name, 'unknown');
  return { partition, account, region };
}
