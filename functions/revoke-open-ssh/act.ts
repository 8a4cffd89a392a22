import type { IpPermission, RevokeSecurityGroupIngressCommandOutput } from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { authorizeIngress, revokeIngressById, revokeIngressExactly } from '../../shared/aws/ec2/ingress.ts';
import { rulesOfGroups } from '../../shared/aws/ec2/security-groups.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted } from '../../shared/engine/policy.ts';
import { authorizeRules } from './authorize.ts';
import { ruleFrom } from './from-ec2.ts';
import { type CloseIngress, normalised } from './remedy.ts';
import { permissionOf, type Rule } from './rule.ts';

/** Rights of everything that `act` and `undo` call. */
export const actRights = [revokeIngressById, revokeIngressExactly, authorizeIngress, rulesOfGroups].flatMap(
  ({ rights }) => rights,
);

/** Closes the rules of one change in one call, after putting back what narrowing keeps. Safe to run twice. */
export async function act(change: CloseIngress, aws: Aws): Promise<Acted> {
  const kept = await authorizeRules(aws, change.groupId, change.authorize);
  if (kept.failure !== undefined) {
    return takeAway(aws, change.groupId, kept.added, kept.failure);
  }
  const ended = await revoke(aws, change.groupId, change.revoke);
  if (ended.result !== 'done') return ended;
  return { ...ended, after: { groupId: change.groupId, revoked: ended.revoked, authorized: kept.added } };
}

/** A half-done narrowing has only added rules: without them the group is as it was (B3.22). */
async function takeAway(
  aws: Aws,
  groupId: string,
  added: readonly string[],
  failure: AwsFailure,
): Promise<Acted> {
  try {
    if (added.length > 0) await revokeIngressById(aws, groupId, added);
    return failed(failure);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const reason = `${failure.message}; its first pieces ${added.join(', ')} could not be taken away: ${error.message}`;
    return { ...failed(failure), reason };
  }
}

type Revoked =
  | { readonly result: 'done'; readonly revoked: readonly string[]; readonly requestId: string | undefined }
  | Exclude<Acted, { readonly result: 'done' }>;

async function revoke(aws: Aws, groupId: string, rules: readonly Rule[]): Promise<Revoked> {
  try {
    return outcome(await revokeTogether(aws, groupId, rules), rules);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code === 'InvalidGroup.NotFound') return { result: 'gone', reason: `${groupId} was deleted.` };
    // One rule that is gone refuses the whole call, and nothing was revoked (B3.38).
    return error.kind === 'gone' ? revokeSingly(aws, groupId, rules) : failed(error);
  }
}

/** By ids, or by exact permissions where one is unknown: the two forms exclude each other (B3.19). */
function revokeTogether(
  aws: Aws,
  groupId: string,
  rules: readonly Rule[],
): Promise<RevokeSecurityGroupIngressCommandOutput> {
  const ids = rules.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (ids.length === rules.length) return revokeIngressById(aws, groupId, ids);
  // permissionOf writes IpPermission's own members, typed as JSON for the journal.
  return revokeIngressExactly(aws, groupId, rules.map(permissionOf) as IpPermission[]);
}

/** A default VPC reports what it did not know instead of refusing; some answers list what was revoked (B3.39). */
function outcome(told: RevokeSecurityGroupIngressCommandOutput, rules: readonly Rule[]): Revoked {
  const unknown = told.UnknownIpPermissions ?? [];
  const revoked = told.RevokedSecurityGroupRules?.flatMap(
    ({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? [],
  );
  const short = revoked !== undefined && revoked.length < rules.length;
  if (told.Return === false || unknown.length > 0 || short) {
    const reason = `EC2 did not revoke all ${rules.length} rules: ${unknown.length} are unknown to it.`;
    return { result: 'failed', code: 'UnknownIpPermissions', reason };
  }
  const ids = revoked ?? rules.flatMap(({ id }) => id ?? []);
  return { result: 'done', revoked: ids, requestId: told.$metadata.requestId };
}

/** Reads the group again and revokes what is left of the rules one by one. */
async function revokeSingly(aws: Aws, groupId: string, rules: readonly Rule[]): Promise<Revoked> {
  const wanted = new Set(rules.map((rule) => rule.id ?? normalised(rule)));
  const revoked: string[] = [];
  let requestId: string | undefined;
  try {
    const told = (await rulesOfGroups(aws, [groupId])).filter(({ IsEgress }) => IsEgress !== true);
    const left = told
      .map(ruleFrom)
      .filter((rule) => wanted.has(rule.id ?? '') || wanted.has(normalised(rule)));
    for (const id of left.flatMap((rule) => rule.id ?? [])) {
      const told = await revokeOne(aws, groupId, id);
      if (told === undefined) continue;
      revoked.push(id);
      requestId = told.$metadata.requestId;
    }
  } catch (error) {
    if (error instanceof AwsFailure) return failed(error);
    throw error;
  }
  if (revoked.length === 0) return { result: 'gone', reason: 'The rules were already gone.' };
  return { result: 'done', revoked, requestId };
}

/** Undefined when somebody else was faster. */
async function revokeOne(
  aws: Aws,
  groupId: string,
  id: string,
): Promise<RevokeSecurityGroupIngressCommandOutput | undefined> {
  try {
    return await revokeIngressById(aws, groupId, [id]);
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === 'gone') return undefined;
    throw error;
  }
}

function failed(error: AwsFailure): Acted & { readonly result: 'failed' } {
  const uncertain = error.kind === 'timeout' || error.kind === 'retryable';
  return { result: 'failed', code: error.code, reason: error.message, ...(uncertain ? { uncertain } : {}) };
}
