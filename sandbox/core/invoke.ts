import { modelOf } from '../wire/model.ts';
import type { SandboxWorld, WorldOptions } from './create-world.ts';
import type { createDispatch } from './dispatch.ts';
import { notImplemented } from './refusals.ts';
import { homeRegion } from './regions.ts';
import type { Service } from './service.ts';

/** Calls made inside AWS: the same way as every call, only not over the wire. */
export function invokeThrough(
  services: readonly Service[],
  dispatch: ReturnType<typeof createDispatch>,
): WorldOptions['invoke'] {
  return async (world: SandboxWorld, principal, where, name, operation, input) => {
    const service = services.find((each) => each.name === name);
    if (!service) throw notImplemented(`the service ${name}`);
    const inside = principal.type === 'AWSService' ? principal.arn : 'AWS Internal';
    return dispatch(world, {
      model: await modelOf(service),
      operation,
      principal,
      where: service.global ? { ...where, region: homeRegion(where.partition) } : where,
      sourceIp: inside,
      userAgent: inside,
      requestId: world.random.uuid(),
      readInput: () => input,
    });
  };
}
