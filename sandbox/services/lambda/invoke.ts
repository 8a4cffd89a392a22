import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { enqueue } from '../../lambda/async.ts';
import { findFunction, findVersion, parseFunctionName } from '../../lambda/function.ts';
import { runInvocation } from '../../lambda/run.ts';
import { onFunction } from './demands.ts';

const SYNC_LIMIT = 6_291_456;
const ASYNC_LIMIT = 1_048_576;

export const invoke: Operation = operation<InvocationRequest, InvocationResponse>({
  dataPlane: true,
  authorize: (input, call) => onFunction('lambda:InvokeFunction', call, input.FunctionName),
  async run(input, call) {
    refuseOthers('Invoke', input, ['FunctionName', 'InvocationType', 'LogType', 'Payload', 'Qualifier']);
    const { FunctionName = '', InvocationType = 'RequestResponse', LogType = 'None' } = input;
    const found = findFunction(call.world, call, FunctionName);
    const version = findVersion(found, input.Qualifier ?? parseFunctionName(FunctionName).qualifier);
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    const bytes = Buffer.from(input.Payload ?? new Uint8Array());
    const limit = InvocationType === 'Event' ? ASYNC_LIMIT : SYNC_LIMIT;
    if (bytes.length > limit) {
      const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
      throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
    }
    const invocation = { requestId: call.requestId, payload: json(bytes), qualifier: version.version };
    if (InvocationType === 'Event') {
      enqueue(call.world, call, found, invocation);
      return { StatusCode: 202, Payload: new Uint8Array() as never };
    }
    const result = await runInvocation(call.world, call, found, version, invocation);
    return {
      StatusCode: 200,
      ExecutedVersion: result.executedVersion,
      // Boundary: the SDK's own output type is a byte array with text helpers; the wire writes the bytes.
      Payload: Buffer.from(result.payload) as never,
      ...(result.functionError && { FunctionError: result.functionError }),
      ...(LogType === 'Tail' && { LogResult: Buffer.from(result.logTail).toString('base64') }),
    };
  },
});

function json(bytes: Buffer): string {
  if (bytes.length === 0) return '{}';
  try {
    JSON.parse(bytes.toString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Could not parse request body into json: ${why}`;
    throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return bytes.toString();
}
