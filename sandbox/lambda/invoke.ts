import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { findFunction } from './function.ts';
import { type InvocationResult, runInvocation } from './run.ts';

/** What a function answered: its payload read, and how it went. */
export interface Invoked extends Omit<InvocationResult, 'payload'> {
  readonly answer: unknown;
}

/** Runs a deployed function on an event and waits for its answer, as `aws lambda invoke` by someone who may. */
export async function invokeFunction(
  world: World,
  where: Where,
  name: string,
  event: unknown,
): Promise<Invoked> {
  const fn = findFunction(world, where, name);
  const invocation = { requestId: world.random.uuid(), payload: JSON.stringify(event ?? {}) };
  const { payload, ...result } = await runInvocation(world, where, fn, fn.latest, invocation);
  return { ...result, answer: JSON.parse(payload) as unknown };
}
