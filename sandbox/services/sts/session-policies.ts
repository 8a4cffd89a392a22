import { deflateRawSync } from 'node:zlib';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import { parsePolicy } from '../../iam/document.ts';
import { managedPolicy } from '../iam/store.ts';

/**
 * AWS packs session policies into a binary form of undocumented size; compressed bytes against this room come near it,
 * so that ordinary policies fit and a full 2,048 characters of varied text do not.
 */
const PACKED_ROOM_BYTES = 900;

/** The session policies of a request as JSON text: its own document and the managed policies that it names. */
export function sessionPoliciesOf(
  { Policy, PolicyArns = [] }: AssumeRoleCommandInput,
  account: string,
  { world }: Call,
): readonly string[] {
  if (Policy !== undefined) parsePolicy(Policy, 'session');
  const named = PolicyArns.map(({ arn = '' }) => {
    const found = managedPolicy(world, account, arn);
    if (!found)
      throw new AwsError('MalformedPolicyDocument', `Policy ${arn} does not exist or is not attachable.`);
    return found.policy.text;
  });
  return Policy === undefined ? named : [Policy, ...named];
}

/** How much of the allotted space the packed session policies take, in percent; too much is an error. */
export function packedSize({ Policy, PolicyArns = [] }: AssumeRoleCommandInput): number | undefined {
  if (Policy === undefined && PolicyArns.length === 0) return undefined;
  const packed = deflateRawSync([Policy ?? '', ...PolicyArns.map(({ arn = '' }) => arn)].join('\n'));
  const percent = Math.ceil((packed.byteLength / PACKED_ROOM_BYTES) * 100);
  if (percent > 100) {
    const message = `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`;
    throw new AwsError('PackedPolicyTooLarge', message);
  }
  return percent;
}
