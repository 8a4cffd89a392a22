import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { AwsError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { type Call, type Demand, operation } from '../../core/service.ts';
import { iamOf, principalOfSession, type Role } from '../iam/store.ts';
import { packedSize, sessionPoliciesOf } from './session-policies.ts';
import { invalid, validated } from './validate.ts';

type Input = AssumeRoleCommandInput;
type Output = Omit<AssumeRoleCommandOutput, '$metadata'>;

const DEFAULT_SECONDS = 3600;
const CHAINED_LIMIT_SECONDS = 3600;

/**
 * Temporary credentials of a role. The caller's own policies and the role's trust policy are judged by the IAM gate; a
 * role that does not exist is denied like one that does not trust the caller.
 */
export const assumeRole = operation<Input, Output>({
  writes: false,
  authorize(input, { principal }) {
    const { RoleArn, RoleSessionName } = validated(input);
    if (principal.type === 'Root') {
      throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', 403);
    }
    const context = {
      'sts:RoleSessionName': [RoleSessionName],
      ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': [input.ExternalId] }),
      ...(input.SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': [input.SourceIdentity] }),
    };
    const demand = (action: string): Demand => ({ action, resources: [RoleArn], context });
    return input.SourceIdentity === undefined
      ? [demand('sts:AssumeRole')]
      : [demand('sts:AssumeRole'), demand('sts:SetSourceIdentity')];
  },
  run(input, call) {
    const { RoleArn, RoleSessionName } = validated(input);
    const [account, role] = roleOf(call, RoleArn);
    const seconds = durationOf(input, role, call);
    const policies = sessionPoliciesOf(input, account, call);
    const packed = packedSize(input);
    const session: Omit<Principal, 'accessKeyId'> = {
      ...principalOfSession(account, role, RoleSessionName),
      ...(policies.length > 0 ? { sessionPolicies: policies } : {}),
      ...sourceIdentityOf(input, call),
    };
    const credential = call.world.issue(session, seconds * 1000);
    return {
      Credentials: {
        AccessKeyId: credential.accessKeyId,
        SecretAccessKey: credential.secretAccessKey,
        SessionToken: credential.sessionToken,
        Expiration: new Date(call.now.getTime() + seconds * 1000),
      },
      AssumedRoleUser: { AssumedRoleId: session.principalId, Arn: session.arn },
      ...(packed === undefined ? {} : { PackedPolicySize: packed }),
      ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
    };
  },
});

/** The gate lets only calls to existing roles pass, since only those have a trust policy. */
function roleOf({ world }: Call, arn: string): [account: string, role: Role] {
  const account = arn.split(':')[4] ?? '';
  const role = iamOf(world, account).roles.get(arn.split('/').at(-1) ?? '');
  if (role?.arn !== arn) throw new Error(`${arn} was let through the gate but is no role.`);
  return [account, role];
}

/** A session that goes over from role to role lives one hour at most. */
function durationOf({ DurationSeconds = DEFAULT_SECONDS }: Input, role: Role, { principal }: Call): number {
  if (principal.type === 'AssumedRole' && DurationSeconds > CHAINED_LIMIT_SECONDS) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (DurationSeconds > role.maxSessionDuration) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return DurationSeconds;
}

/** A source identity, once set, goes along through every further role and cannot be changed. */
function sourceIdentityOf({ SourceIdentity }: Input, { principal }: Call): { sourceIdentity?: string } {
  const inherited = principal.sourceIdentity;
  if (inherited !== undefined && SourceIdentity !== undefined && SourceIdentity !== inherited) {
    throw new AwsError('AccessDenied', 'The source identity of a role session cannot be changed.', 403);
  }
  const identity = inherited ?? SourceIdentity;
  return identity === undefined ? {} : { sourceIdentity: identity };
}
