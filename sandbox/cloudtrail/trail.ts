import type { AwsError } from '../core/errors.ts';
import type { Call, Operation } from '../core/service.ts';
import type { OperationModel, ServiceModel } from '../wire/model.ts';

/** A call that is over, as CloudTrail sees it. */
export interface Finished {
  readonly call: Call;
  readonly operation: Operation;
  readonly described: OperationModel;
  readonly model: ServiceModel;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: AwsError;
}

const READS = /^(Describe|Get|List|Head|Query|Scan|BatchGet|Receive|Search|Lookup)/;

/** Does CloudTrail log this call as a change? */
export function isMutation(operation: Operation, name: string): boolean {
  return operation.writes ?? !READS.test(name);
}

export function trail(_finished: Finished): void {}
