import type { TagSpecification } from '@aws-sdk/client-ec2';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, type OperationSpec, operation } from '../../core/service.ts';
import { checkTagPolicy } from '../organizations/effective.ts';
import { unsupported } from './refuse.ts';

/**
 * An EC2 operation: `accepts` names the parameters that it honours, any other is refused by name; DryRun is answered
 * after IAM has agreed; IAM is asked with `ec2:Region`.
 */
export function ec2Operation<
  I extends { DryRun?: boolean | undefined; TagSpecifications?: readonly TagSpecification[] | undefined },
  O,
>(accepts: readonly (keyof I & string)[], spec: OperationSpec<I, O>): Operation {
  return operation<I, O>({
    ...spec,
    run(input, call) {
      refuseUnknown(input, [...accepts, 'DryRun'], '');
      if (call.world.accounts.get(call.account)?.regions.get(call.region) === 'not-opted-in') {
        throw new AwsError(
          'AuthFailure',
          'AWS was not able to validate the provided access credentials',
          401,
        );
      }
      if (input.DryRun) {
        throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      }
      checkTagSpecifications(input, call);
      return spec.run(input, call);
    },
    authorize: spec.authorize ?? ((_, call) => [onAnything(call)]),
  });
}

/** A tag policy that is enforced for the new resource's type refuses to make it with other tags. */
function checkTagSpecifications(
  input: { readonly TagSpecifications?: readonly TagSpecification[] | undefined },
  call: Call,
): void {
  for (const { ResourceType, Tags = [] } of input.TagSpecifications ?? []) {
    checkTagPolicy(call, `ec2:${ResourceType}`, Tags);
  }
}

const onAnything = (call: Call) => ({
  action: `ec2:${call.operation}`,
  resources: ['*'],
  context: { 'ec2:Region': [call.region] },
});

/** Refuse members of a structure that the sandbox would otherwise ignore. `path` is printed before the member's name. */
export function refuseUnknown(value: object, known: readonly string[], path: string): void {
  for (const [name, given] of Object.entries(value)) {
    if (given !== undefined && !known.includes(name)) throw unsupported(`the parameter ${path}${name}`);
  }
}
