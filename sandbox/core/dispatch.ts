import { trail } from '../cloudtrail/trail.ts';
import { authorize } from '../iam/authorize.ts';
import { denial } from '../iam/denial.ts';
import { NoAnswer } from '../wire/message.ts';
import type { OperationModel, ServiceModel } from '../wire/model.ts';
import { createBuckets } from './buckets.ts';
import type { SandboxWorld } from './create-world.ts';
import { AwsError } from './errors.ts';
import type { Principal } from './principal.ts';
import { notImplemented, throttled } from './refusals.ts';
import type { Call, Demand, Operation, Where } from './service.ts';
import type { Fault, Part } from './world.ts';

/** A call that knows who asks, where and what; `readInput` is asked for its content once the call is on record. */
export interface Arrival {
  readonly model: ServiceModel;
  readonly operation: string;
  readonly principal: Principal;
  readonly where: Where;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly readInput: (operation: OperationModel) => unknown;
}

type Dispatch = (world: SandboxWorld, arrival: Arrival) => Promise<unknown>;

/** The way of every call: parse → token bucket → fault → IAM → operation → call record → CloudTrail. */
export function createDispatch(): Dispatch {
  const take = createBuckets();
  return async (world, arrival) => {
    const call = callOf(world, arrival);
    const [operation, described] = implemented(world, arrival, call);
    const over = { call, operation, described, model: arrival.model };
    let input: unknown;
    let output: unknown;
    let fault: Fault | undefined;
    try {
      input = await arrival.readInput(described);
      if (world.behaviour.throttling && !take(call, input)) throw throttled(call.service);
      fault = await struck(world, call, input);
      authorize(world, call, operation.authorize?.(input, call) ?? defaultDemand(arrival));
      if (isDryRun(arrival.model, input)) throw dryRun();
      output = await inPart(fault?.part, input, (some) => operation.run(some, call));
    } catch (error) {
      record(world, call, error);
      if (error instanceof AwsError) trail({ ...over, input, error });
      throw error;
    }
    const silence = fault?.kind === 'timeout-after' ? new NoAnswer('timeout') : undefined;
    record(world, call, silence);
    trail({ ...over, input, output });
    if (silence) throw silence;
    return output;
  };
}

async function inPart(
  part: Part | undefined,
  input: unknown,
  run: (input: unknown) => unknown,
): Promise<unknown> {
  if (part === undefined) return run(input);
  const some = part.narrow(input);
  const output = some === undefined ? {} : await run(some);
  return part.widen(input, Object(output));
}

function callOf(world: SandboxWorld, arrival: Arrival): Call {
  return {
    ...arrival.where,
    world,
    principal: arrival.principal,
    service: arrival.model.service.name,
    operation: arrival.operation,
    requestId: arrival.requestId,
    now: new Date(world.clock.now()),
    sourceIp: arrival.sourceIp,
    userAgent: arrival.userAgent,
  };
}

/** Whatever has no implementation is refused by name: never a silent success. */
function implemented(
  world: SandboxWorld,
  { model, operation }: Arrival,
  call: Call,
): [Operation, OperationModel] {
  const known = Object.hasOwn(model.service.operations, operation)
    ? model.service.operations[operation]
    : undefined;
  const described = model.operation(operation);
  if (known && described) return [known, described];
  const refusal = notImplemented(`${model.service.name}:${operation}`);
  record(world, call, refusal);
  throw refusal;
}

function defaultDemand({ model, operation }: Arrival): readonly Demand[] {
  return [{ action: `${model.service.iamPrefix}:${operation}`, resources: ['*'] }];
}

/** Lets the fault that hits this call strike; answers one that strikes only after the operation. */
async function struck(world: SandboxWorld, call: Call, input: unknown): Promise<Fault | undefined> {
  const fault = world.faults.strike(input, call);
  switch (fault?.kind) {
    case 'throttle':
      throw throttled(call.service);
    case 'timeout':
    case 'reset':
      throw new NoAnswer(fault.kind);
    case 'denied':
      throw denial(call, `${call.service}:${call.operation}`, '*');
    case 'error':
      throw new AwsError(
        fault.code ?? 'InternalError',
        fault.message ?? 'Fault on demand.',
        fault.status ?? 500,
      );
    case 'run':
      await fault.effect?.(call);
  }
  return fault;
}

/** EC2 answers a dry run, once the caller is known to be allowed, with an error that says so. */
function isDryRun(model: ServiceModel, input: unknown): boolean {
  if (model.protocol !== 'aws.protocols#ec2Query') return false;
  return typeof input === 'object' && input !== null && 'DryRun' in input && input.DryRun === true;
}

function dryRun(): AwsError {
  return new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

function record(world: SandboxWorld, call: Call, error?: unknown): void {
  const { partition, account, region, service, operation, requestId, principal } = call;
  const at = call.now.getTime();
  const entry = { at, partition, account, region, service, operation, principal: principal.arn, requestId };
  world.record(error === undefined ? entry : { ...entry, error: codeOf(error) });
}

function codeOf(error: unknown): string {
  if (error instanceof AwsError) return error.code;
  return error instanceof Error ? error.name : String(error);
}
