import type { SandboxWorld } from '../core/create-world.ts';
import type { Arrival } from '../core/dispatch.ts';
import { AwsError } from '../core/errors.ts';
import type { Service } from '../core/service.ts';
import { holderOf, whereOf } from './admit.ts';
import { decompressed } from './decompress.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { modelOf } from './model.ts';
import { protocolOf, protocols } from './protocols.ts';
import { serviceOf, unknownService } from './service-of.ts';
import { signatureOf } from './signature.ts';

export interface Door {
  readonly world: SandboxWorld;
  readonly services: readonly Service[];
  readonly dispatch: (world: SandboxWorld, arrival: Arrival) => Promise<unknown>;
}

/** The one function behind both transports: an HTTP request in, an HTTP answer out. */
export async function answer(door: Door, received: WireRequest, sourceIp: string): Promise<WireResponse> {
  const { world } = door;
  const requestId = world.random.uuid();
  const signature = signatureOf(received);
  // S3 keeps what it is given, also what its owner compressed.
  const request = signature?.signingName === 's3' ? received : decompressed(received);
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
    if (!(error instanceof AwsError)) throw error;
    const refused = await spoken.writeError(error, { model, requestId });
    return request.method === 'HEAD' ? { ...refused, body: new Uint8Array() } : refused;
  }
}
