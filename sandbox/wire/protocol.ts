import type { AwsError } from '../core/errors.ts';
import type { WireRequest, WireResponse } from './message.ts';
import type { OperationModel, ServiceModel } from './model.ts';

/** One of AWS's ways to put a call on the wire, seen from the server. */
export interface Protocol {
  /** Which operation the request names; undefined when it names none. */
  operationName(request: WireRequest, model: ServiceModel): string | undefined;
  readInput(request: WireRequest, model: ServiceModel, operation: OperationModel): Promise<unknown>;
  writeOutput(output: unknown, answer: Answer, operation: OperationModel): Promise<WireResponse>;
  writeError(error: AwsError, answer: Answer): Promise<WireResponse>;
}

/** What every answer needs beside its content. */
export interface Answer {
  readonly model: ServiceModel;
  readonly requestId: string;
}
