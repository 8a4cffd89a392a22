import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Aws, verb } from './access.ts';
import { parseArn } from './arn.ts';
import { AwsFailure } from './errors.ts';

/** Who our credentials are. */
export interface Identity {
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
}

/** Asks STS whose credentials these are; account and partition are taken from the answered ARN (B5.32). */
export const whoAmI = verb(['sts:GetCallerIdentity'], async (aws: Aws): Promise<Identity> => {
  const { Arn: arn = '' } = await aws.send(STSClient, new GetCallerIdentityCommand({}));
  const parsed = parseArn(arn);
  if (parsed === undefined || parsed.account === '') {
    throw new AwsFailure({
      kind: 'unknown',
      code: 'UnreadableIdentity',
      action: 'GetCallerIdentity',
      requestId: undefined,
      status: undefined,
      full: `STS answered with an identity that is no ARN of an account: ${JSON.stringify(arn)}`,
    });
  }
  return { account: parsed.account, partition: parsed.partition, arn };
});
