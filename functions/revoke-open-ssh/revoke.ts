import type {
  IpPermission,
  RevokedSecurityGroupRule,
  RevokeSecurityGroupIngressCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { revokeIngressById, revokeIngressExactly } from '../../shared/aws/ec2/ingress.ts';
import { rulesOfGroups } from '../../shared/aws/ec2/security-groups.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { ruleFrom } from './from-ec2.ts';
import { normalised } from './remedy.ts';
import { permissionOf, type Rule, ruleText } from './rule.ts';

/** Rights of everything that `revoke` calls. */
export const revokeRights = [revokeIngressById, revokeIngressExactly, rulesOfGroups].flatMap(
  ({ rights }) => rights,
);

/** How closing ended; `revoked` are the ids of what was certainly closed by us, also before a failure. */
export type Revoked =
  | {
      readonly result: 'done';
      readonly revoked: readonly string[];
      readonly requestId: string | undefined;
      readonly attention?: readonly string[];
    }
  | { readonly result: 'gone'; readonly reason: string }
  | {
      readonly result: 'failed';
      readonly code: string;
      readonly reason: string;
      readonly revoked: readonly string[];
      /** More may have been closed than is known. */
      readonly uncertain: boolean;
    };

/** Closes rules of one group in one call; where one is gone already, the others one by one. Safe to run twice. */
export async function revoke(aws: Aws, groupId: string, rules: readonly Rule[]): Promise<Revoked> {
  try {
    return outcome(await revokeTogether(aws, groupId, rules), rules);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.code === 'InvalidGroup.NotFound') return { result: 'gone', reason: `${groupId} was deleted.` };
    // One rule that is gone refuses the whole call, and nothing was revoked (B3.38).
    return error.kind === 'gone' ? lateOrGone(error, await revokeSingly(aws, groupId, rules)) : failed(error);
  }
}

/** Gone at a second try may be the first one's doing, whose answer was lost. */
function lateOrGone({ attempts, code }: AwsFailure, ended: Revoked): Revoked {
  if (ended.result !== 'gone' || attempts === undefined || attempts < 2) return ended;
  const reason = `${ended.reason} This was the answer to try ${attempts}; an earlier one may have closed them.`;
  return { result: 'failed', code, reason, revoked: [], uncertain: true };
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
    const uncertain = revoked === undefined ? unknown.length < rules.length : revoked.length > 0;
    return { result: 'failed', code: 'UnknownIpPermissions', reason, revoked: revoked ?? [], uncertain };
  }
  const ids = revoked ?? rules.flatMap(({ id }) => id ?? []);
  const attention = changedSince(told.RevokedSecurityGroupRules ?? [], rules);
  const done = { result: 'done', revoked: ids, requestId: told.$metadata.requestId } as const;
  return attention.length === 0 ? done : { ...done, attention };
}

/** A rule keeps its id when it is modified: one that became another between reading and closing has to be told (B6.21). */
function changedSince(told: readonly RevokedSecurityGroupRule[], rules: readonly Rule[]): readonly string[] {
  return told.flatMap((one) => {
    const was = ruleFrom(one);
    const wanted = rules.find(({ id }) => id !== undefined && id === was.id);
    if (wanted === undefined || was.protocol === '' || opening(was) === opening(wanted)) return [];
    return [`${was.id} was ${ruleText(was)} by the time that it was closed: open it again if it is needed.`];
  });
}

/** Absent ports are also written as -1. */
function opening(rule: Rule): string {
  return normalised({ ...rule, fromPort: rule.fromPort ?? -1, toPort: rule.toPort ?? -1 });
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
    if (error instanceof AwsFailure) return failed(error, revoked);
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

function failed({ code, message, kind }: AwsFailure, revoked: readonly string[] = []): Revoked {
  const uncertain = revoked.length > 0 || kind === 'timeout' || kind === 'retryable';
  return { result: 'failed', code, reason: message, revoked, uncertain };
}
