import { findStack, type StackRecord } from '../../cloudformation/stack.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';

export function validation(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** The ARN of the stack that a name or an ARN means, as IAM policies name it. */
export function stackArn(call: Call, nameOrId: string): string {
  if (nameOrId.startsWith('arn:')) return nameOrId;
  const id = findStack(call, nameOrId)?.id;
  const { partition, region, account } = call;
  return id ?? `arn:${partition}:cloudformation:${region}:${account}:stack/${nameOrId}/*`;
}

/** The demand of an operation on one stack. */
export const onStack = ({ StackName = '' }: { readonly StackName?: string | undefined }, call: Call) => [
  { action: `cloudformation:${call.operation}`, resources: [stackArn(call, StackName)] },
];

/** The demand of an operation that may also be asked for all stacks. */
export function onStackOrAll(
  input: { readonly StackName?: string | undefined },
  call: Call,
): readonly Demand[] {
  if (input.StackName !== undefined) return onStack(input, call);
  return [{ action: `cloudformation:${call.operation}`, resources: ['*'] }];
}

/** The stack that a request means; a gone one can be named by its id. Each operation has words of its own. */
export function stackNamed(
  call: Call,
  nameOrId = '',
  words = `Stack with id ${nameOrId} does not exist`,
): StackRecord {
  const found = findStack(call, nameOrId);
  if (found) return found;
  throw validation(words);
}
