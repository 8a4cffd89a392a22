import { AwsError } from '../core/errors.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import type { Outcome } from './environment.ts';
import type { FunctionVersion, LambdaFunction } from './function.ts';
import { logsOf, writeLog } from './logs.ts';
import { measure } from './measure.ts';
import { endLines, startLine, type Usage } from './platform-lines.ts';
import { dropPlace, type Place, retire, returnPlace, takePlace } from './pool.ts';

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly qualifier?: string;
}

export interface InvocationResult {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  readonly executedVersion: string;
  /** The last 4 KB of its log. */
  readonly logTail: string;
  readonly durationMs: number;
  readonly initMs?: number;
}

const ACCOUNT_CONCURRENCY = 1000;
const RESPONSE_LIMIT = 6_291_556;
const running = new WeakMap<LambdaFunction, number>();

/** Runs one invocation in an environment of the function, waiting for its end; throws when Lambda has no room for it. */
export async function runInvocation(
  world: World,
  where: Where,
  fn: LambdaFunction,
  version: FunctionVersion,
  invocation: Invocation,
): Promise<InvocationResult> {
  const busy = running.get(fn) ?? 0;
  if (busy >= (fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY)) {
    measure(world, where, fn.name, { Throttles: 1 });
    throw throttled(fn);
  }
  running.set(fn, busy + 1);
  // Also an error is measured when the function was invoked, not when it failed.
  const since = world.clock.now();
  try {
    const result = await world.clock.track(inPlace(world, where, fn, version, invocation));
    const Errors = result.functionError ? 1 : 0;
    measure(world, where, fn.name, { Invocations: 1, Errors, Duration: result.durationMs }, since);
    return result;
  } finally {
    running.set(fn, (running.get(fn) ?? 1) - 1);
  }
}

async function inPlace(
  world: World,
  where: Where,
  fn: LambdaFunction,
  version: FunctionVersion,
  { requestId, payload }: Invocation,
): Promise<InvocationResult> {
  const { configuration, name } = version;
  const place = await takePlace(world, where, version);
  const cold = !place.used;
  place.used = true;
  const loaded = await place.environment.loaded;
  const initMs = cold && 'initMs' in loaded ? { initMs: loaded.initMs } : {};
  place.requestId = requestId;
  const now = () => world.clock.now();
  const log = (text: string) => {
    if (place.logs) writeLog(world, where, { at: now(), functionName: name, requestId, text });
  };
  log(startLine(configuration.logFormat, requestId, version.version, now()));
  const started = performance.now();
  const outcome: Outcome =
    'error' in loaded
      ? { error: loaded.error, broken: true }
      : await place.environment.invoke({
          requestId,
          payload,
          invokedFunctionArn: version.arn,
          traceId: `Root=1-${world.random.hex(8)}-${world.random.hex(24)};Parent=${world.random.hex(16)};Sampled=0`,
          timeoutMs: configuration.timeout * 1000,
        });
  const durationMs = performance.now() - started;
  const usage = usageOf(version, outcome, { durationMs, ...initMs });
  if (usage.status === 'timeout') log(timeoutLine(now(), requestId, configuration.timeout));
  for (const line of endLines(configuration.logFormat, requestId, usage, now())) log(line);
  await release(world, fn, place, outcome.broken);
  return {
    ...answerOf(outcome),
    executedVersion: version.version,
    logTail: logTail(world, name, requestId),
    durationMs,
    ...initMs,
  };
}

function usageOf(
  { configuration }: FunctionVersion,
  { error, maxMemoryMb = configuration.memorySize }: Outcome,
  times: { readonly durationMs: number; readonly initMs?: number },
): Usage {
  const timedOut = error?.errorType === 'Sandbox.Timedout';
  const status = timedOut ? 'timeout' : error ? 'error' : 'success';
  return { ...times, memoryMb: configuration.memorySize, maxMemoryMb, status };
}

function timeoutLine(now: number, requestId: string, seconds: number): string {
  return `${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`;
}

async function release(world: World, fn: LambdaFunction, place: Place, broken: boolean): Promise<void> {
  if (broken) return dropPlace(world, place);
  returnPlace(world, place);
  const current = [fn.latest, ...fn.published].some(
    ({ revisionId }) => revisionId === place.version.revisionId,
  );
  if (!current) await retire(world, place.version.revisionId);
}

function answerOf({ error, payload = 'null' }: Outcome): Pick<InvocationResult, 'payload' | 'functionError'> {
  if (error) return { payload: JSON.stringify(error), functionError: 'Unhandled' };
  if (Buffer.byteLength(payload) <= RESPONSE_LIMIT) return { payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
  return {
    payload: JSON.stringify({ errorMessage, errorType: 'Function.ResponseSizeTooLarge' }),
    functionError: 'Unhandled',
  };
}

function logTail(world: World, name: string, requestId: string): string {
  const text = logsOf(world, name)
    .filter((line) => line.requestId === requestId)
    .map((line) => `${line.text}\n`)
    .join('');
  return Buffer.from(text).subarray(-4096).toString();
}

function throttled(fn: LambdaFunction): AwsError {
  const Reason =
    fn.reservedConcurrency === undefined
      ? 'ConcurrentInvocationLimitExceeded'
      : 'ReservedFunctionConcurrentInvocationLimitExceeded';
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason, Type: 'User' });
}
