import type {
  DeleteFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { type EventInvoke, findFunction, type LambdaFunction } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';
import { invalid } from './settings.ts';

export const putFunctionEventInvokeConfig: Operation = operation<
  PutFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig
>({
  authorize: (input, call) => onFunction('lambda:PutFunctionEventInvokeConfig', call, input.FunctionName),
  run(input, call) {
    refuseOthers('PutFunctionEventInvokeConfig', input, [
      'FunctionName',
      'Qualifier',
      'MaximumRetryAttempts',
      'MaximumEventAgeInSeconds',
      'DestinationConfig',
    ]);
    if ((input.Qualifier ?? '$LATEST') !== '$LATEST') throw invalid('The sandbox configures $LATEST only');
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age, DestinationConfig: to } = input;
    if (attempts !== undefined && (attempts < 0 || attempts > 2))
      throw range('maximumRetryAttempts', attempts);
    if (age !== undefined && (age < 60 || age > 21_600)) throw range('maximumEventAgeInSeconds', age);
    found.eventInvoke = {
      lastModified: call.now,
      ...(attempts !== undefined && { maximumRetryAttempts: attempts }),
      ...(age !== undefined && { maximumEventAge: age }),
      ...(to?.OnFailure?.Destination && { onFailure: to.OnFailure.Destination }),
      ...(to?.OnSuccess?.Destination && { onSuccess: to.OnSuccess.Destination }),
    };
    return describe(found, found.eventInvoke);
  },
});

export const getFunctionEventInvokeConfig: Operation = operation<
  GetFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig
>({
  authorize: (input, call) => onFunction('lambda:GetFunctionEventInvokeConfig', call, input.FunctionName),
  run(input, call) {
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    if (found.eventInvoke) return describe(found, found.eventInvoke);
    throw noConfig(found);
  },
});

/** What was configured goes; Lambda's own defaults hold again. */
export const deleteFunctionEventInvokeConfig: Operation = operation<
  DeleteFunctionEventInvokeConfigRequest,
  object
>({
  authorize: (input, call) => onFunction('lambda:DeleteFunctionEventInvokeConfig', call, input.FunctionName),
  run(input, call) {
    refuseOthers('DeleteFunctionEventInvokeConfig', input, ['FunctionName', 'Qualifier']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    if (!found.eventInvoke) throw noConfig(found);
    delete found.eventInvoke;
    return {};
  },
});

function noConfig({ arn }: LambdaFunction): AwsError {
  const message = `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`;
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

function describe(found: LambdaFunction, config: EventInvoke): FunctionEventInvokeConfig {
  return {
    FunctionArn: `${found.arn}:$LATEST`,
    LastModified: config.lastModified,
    ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAge !== undefined && { MaximumEventAgeInSeconds: config.maximumEventAge }),
    DestinationConfig: {
      OnSuccess: { ...(config.onSuccess && { Destination: config.onSuccess }) },
      OnFailure: { ...(config.onFailure && { Destination: config.onFailure }) },
    },
  };
}

const range = (name: string, value: number) =>
  invalid(`1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint`);
