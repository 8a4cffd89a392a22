import type {
  DescribeVpcBlockPublicAccessExclusionsRequest,
  DescribeVpcBlockPublicAccessExclusionsResult,
  DescribeVpcBlockPublicAccessOptionsRequest,
  DescribeVpcBlockPublicAccessOptionsResult,
  ModifyVpcBlockPublicAccessOptionsRequest,
  ModifyVpcBlockPublicAccessOptionsResult,
  VpcBlockPublicAccessOptions,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { invalidValue, missing } from '../refuse.ts';
import { type BlockPublicAccess, ec2State } from '../state.ts';

const MODES = ['off', 'block-bidirectional', 'block-ingress'] as const;

/** Tells whether the account's VPCs in this region are shut to the internet. */
export const DescribeVpcBlockPublicAccessOptions = ec2Operation<
  DescribeVpcBlockPublicAccessOptionsRequest,
  DescribeVpcBlockPublicAccessOptionsResult
>([], {
  run: (_, call) => ({
    VpcBlockPublicAccessOptions: showOptions(
      call,
      ec2State.of(call).blockPublicAccess.seen().get(call.account),
    ),
  }),
});

/** None: CreateVpcBlockPublicAccessExclusion is not supported, and says so, hence no account has any. */
export const DescribeVpcBlockPublicAccessExclusions = ec2Operation<
  DescribeVpcBlockPublicAccessExclusionsRequest,
  DescribeVpcBlockPublicAccessExclusionsResult
>(['MaxResults', 'NextToken'], { run: () => ({ VpcBlockPublicAccessExclusions: [] }) });

/** Shuts the account's VPCs in this region to the internet, or opens them again. */
export const ModifyVpcBlockPublicAccessOptions = ec2Operation<
  ModifyVpcBlockPublicAccessOptionsRequest,
  ModifyVpcBlockPublicAccessOptionsResult
>(['InternetGatewayBlockMode'], {
  run(input, call) {
    if (!input.InternetGatewayBlockMode) throw missing('InternetGatewayBlockMode');
    const mode = MODES.find((known) => known === input.InternetGatewayBlockMode);
    if (!mode)
      throw invalidValue(`Invalid value '${input.InternetGatewayBlockMode}' for InternetGatewayBlockMode.`);
    const options: BlockPublicAccess = { mode, lastUpdate: call.now };
    ec2State.of(call).blockPublicAccess.set(call.account, options);
    return { VpcBlockPublicAccessOptions: showOptions(call, options) };
  },
});

function showOptions(call: Call, options: BlockPublicAccess | undefined): VpcBlockPublicAccessOptions {
  return {
    AwsAccountId: call.account,
    AwsRegion: call.region,
    State: options ? 'update-complete' : 'default-state',
    InternetGatewayBlockMode: options?.mode ?? 'off',
    LastUpdateTimestamp: options?.lastUpdate,
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
  };
}
