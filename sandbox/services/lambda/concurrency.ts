import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  GetFunctionConcurrencyRequest,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda';
import { type Operation, operation } from '../../core/service.ts';
import { findFunction, functions } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';
import { invalid } from './settings.ts';

/** What an account may reserve: its 1,000 less the 100 that stay for functions without a reservation. */
const RESERVABLE = 900;

export const putFunctionConcurrency: Operation = operation<PutFunctionConcurrencyRequest, Concurrency>({
  authorize: (input, call) => onFunction('lambda:PutFunctionConcurrency', call, input.FunctionName),
  run({ FunctionName = '', ReservedConcurrentExecutions: reserved = 0 }, call) {
    const found = findFunction(call.world, call, FunctionName);
    const others = [...functions.of(call).values()].filter((each) => each !== found);
    const taken = others.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
    if (taken + reserved > RESERVABLE) {
      throw invalid(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      );
    }
    found.reservedConcurrency = reserved;
    return { ReservedConcurrentExecutions: reserved };
  },
});

export const getFunctionConcurrency: Operation = operation<GetFunctionConcurrencyRequest, Concurrency>({
  authorize: (input, call) => onFunction('lambda:GetFunctionConcurrency', call, input.FunctionName),
  run({ FunctionName = '' }, call) {
    const { reservedConcurrency } = findFunction(call.world, call, FunctionName);
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});

export const deleteFunctionConcurrency: Operation = operation<DeleteFunctionConcurrencyRequest, object>({
  authorize: (input, call) => onFunction('lambda:DeleteFunctionConcurrency', call, input.FunctionName),
  run({ FunctionName = '' }, call) {
    delete findFunction(call.world, call, FunctionName).reservedConcurrency;
    return {};
  },
});
