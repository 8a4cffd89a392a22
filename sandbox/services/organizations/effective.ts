import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { Organization } from './state.ts';
import { organizationOf } from './state.ts';
import { type EffectiveRule, effectiveRules, violationOf } from './tag-policy.ts';

/** The tag policies that reach an account, from the root down, and when that changed the last time. */
export function reaching(
  organization: Organization,
  account: string,
): { readonly rules: ReadonlyMap<string, EffectiveRule>; readonly changedAt: Date | undefined } {
  const all = [...organization.policies.values()];
  const ofRoot = all.filter(({ targets }) => targets.has(organization.rootId));
  const ofAccount = all.filter(({ targets }) => targets.has(account));
  const policies = [...ofRoot, ...ofAccount];
  const changes = policies.map(({ changedAt }) => changedAt.getTime());
  return {
    rules: effectiveRules(policies.map(({ parsed }) => parsed)),
    changedAt: changes.length > 0 ? new Date(Math.max(...changes)) : undefined,
  };
}

/** Refuses tags that an enforced tag policy of the account's organization does not allow on this type of resource. */
export function checkTagPolicy(
  call: Call,
  type: string,
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  code = 'TagPolicyViolation',
): void {
  const organization = organizationOf(call.world, call.account);
  if (!organization || tags.length === 0) return;
  const { rules } = reaching(organization, call.account);
  for (const { Key = '', Value = '' } of tags) {
    const violation = violationOf(rules, type, Key, Value);
    if (violation) throw new AwsError(code, violation);
  }
}
