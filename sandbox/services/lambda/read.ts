import type {
  FunctionConfiguration as Described,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
} from '@aws-sdk/client-lambda';
import { type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { findFunction, findVersion, functions, parseFunctionName } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';
import { describeVersion } from './describe.ts';
import { invalid } from './settings.ts';

export const getFunction: Operation = operation<GetFunctionRequest, GetFunctionResponse>({
  authorize: (input, call) => onFunction('lambda:GetFunction', call, input.FunctionName),
  run({ FunctionName = '', Qualifier }, call) {
    const found = findFunction(call.world, call, FunctionName);
    const version = findVersion(found, Qualifier ?? parseFunctionName(FunctionName).qualifier);
    return {
      Configuration: describeVersion(version),
      Code: { RepositoryType: 'S3' },
      ...(found.tags.size > 0 && { Tags: Object.fromEntries(found.tags) }),
      ...(found.reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: found.reservedConcurrency },
      }),
    };
  },
});

export const getFunctionConfiguration: Operation = operation<GetFunctionConfigurationRequest, Described>({
  authorize: (input, call) => onFunction('lambda:GetFunctionConfiguration', call, input.FunctionName),
  run({ FunctionName = '', Qualifier }, call) {
    const found = findFunction(call.world, call, FunctionName);
    return describeVersion(findVersion(found, Qualifier ?? parseFunctionName(FunctionName).qualifier));
  },
});

export const listFunctions: Operation = operation<ListFunctionsRequest, ListFunctionsResponse>({
  run(input, call) {
    refuseOthers('ListFunctions', input, ['Marker', 'MaxItems', 'FunctionVersion']);
    const { Marker = '', MaxItems = 50 } = input;
    if (MaxItems < 1) throw invalid("Value at 'maxItems' failed to satisfy constraint");
    const size = Math.min(MaxItems, 50);
    const names = [...functions.of(call).keys()].sort().filter((name) => name > Marker);
    const page = names.slice(0, size).flatMap((name) => functions.of(call).get(name) ?? []);
    const versions = page.flatMap((each) =>
      input.FunctionVersion === 'ALL' ? [each.latest, ...each.published] : [each.latest],
    );
    const last = page.at(-1)?.name;
    return {
      Functions: versions.map(describeVersion),
      ...(last && names.length > size && { NextMarker: last }),
    };
  },
});
