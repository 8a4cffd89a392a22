import { AwsError } from '../core/errors.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { tellOutcome } from './destinations.ts';
import { findVersion, functions, type LambdaFunction } from './function.ts';
import { measure } from './measure.ts';
import { type Invocation, type InvocationResult, runInvocation } from './run.ts';

/** An event that waits in a function's own queue. */
export interface Queued {
  readonly invocation: Invocation;
  /** Simulated epoch ms of the Invoke call. */
  readonly since: number;
  /** How often the function ran for it. */
  readonly runs: number;
  /** How often there was no room for it. */
  readonly refusals: number;
}

const DEFAULT_AGE_S = 21_600;
const DEFAULT_RETRIES = 2;
const MINUTE = 60_000;
/** When Lambda has no room it tries again after a second, then more and more slowly, up to every five minutes. */
const REFUSED_FIRST_MS = 1000;
const REFUSED_MOST_MS = 5 * MINUTE;

/** Takes an event for asynchronous invocation: it runs as soon as possible, and again when it fails. */
export function enqueue(world: World, where: Where, fn: LambdaFunction, invocation: Invocation): void {
  const queued: Queued = { invocation, since: world.clock.now(), runs: 0, refusals: 0 };
  measure(world, where, fn.name, { AsyncEventsReceived: 1 });
  world.clock.at(world.clock.now(), () => attempt(world, where, fn, queued));
}

async function attempt(world: World, where: Where, fn: LambdaFunction, queued: Queued): Promise<void> {
  if (functions.of({ ...where, world }).get(fn.name) !== fn) return;
  const { maximumEventAge = DEFAULT_AGE_S } = fn.eventInvoke ?? {};
  const age = world.clock.now() - queued.since;
  measure(world, where, fn.name, { AsyncEventAge: age });
  if (age > maximumEventAge * 1000) {
    return tellOutcome(world, where, fn, queued, 'EventAgeExceeded');
  }
  const version = findVersion(fn, queued.invocation.qualifier);
  try {
    const result = await runInvocation(world, where, fn, version, queued.invocation);
    await afterRun(world, where, fn, { ...queued, runs: queued.runs + 1 }, result);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const wait = Math.min(REFUSED_FIRST_MS * 2 ** queued.refusals, REFUSED_MOST_MS);
    again(world, where, fn, { ...queued, refusals: queued.refusals + 1 }, wait);
  }
}

/** Lambda waits one minute before the first retry and two before the second. */
async function afterRun(
  world: World,
  where: Where,
  fn: LambdaFunction,
  queued: Queued,
  result: InvocationResult,
): Promise<void> {
  if (!result.functionError) return tellOutcome(world, where, fn, queued, 'Success', result);
  const { maximumRetryAttempts = DEFAULT_RETRIES, maximumEventAge = DEFAULT_AGE_S } = fn.eventInvoke ?? {};
  if (queued.runs > maximumRetryAttempts)
    return tellOutcome(world, where, fn, queued, 'RetriesExhausted', result);
  const wait = queued.runs * MINUTE;
  if (world.clock.now() + wait - queued.since > maximumEventAge * 1000) {
    return tellOutcome(world, where, fn, queued, 'EventAgeExceeded', result);
  }
  again(world, where, fn, queued, wait);
}

function again(world: World, where: Where, fn: LambdaFunction, queued: Queued, waitMs: number): void {
  world.clock.at(world.clock.now() + waitMs, () => attempt(world, where, fn, queued));
}
