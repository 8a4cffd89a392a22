import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import type { PolicyDocument } from '../../iam/document.ts';
import type { KeptPolicy, Organization } from './state.ts';
import { organizationOf } from './state.ts';
import { type EffectiveRule, effectiveRules, violationOf } from './tag-policy.ts';

/** The tag policies that reach an account, from the root down, and when that changed the last time. */
export function reaching(
  organization: Organization,
  account: string,
): { readonly rules: ReadonlyMap<string, EffectiveRule>; readonly changedAt: Date | undefined } {
  const policies = attachedTo(organization, account).flatMap(({ rule, changedAt }) =>
    rule.type === 'TAG_POLICY' ? [{ parsed: rule.parsed, changedAt }] : [],
  );
  const changes = policies.map(({ changedAt }) => changedAt.getTime());
  return {
    rules: effectiveRules(policies.map(({ parsed }) => parsed)),
    changedAt: changes.length > 0 ? new Date(Math.max(...changes)) : undefined,
  };
}

/**
 * What the organization's service control policies forbid in an account. FullAWSAccess stays attached everywhere, so
 * that what they allow narrows nothing; the management account stands outside of them.
 */
export function scpsOver(world: World, account: string): readonly PolicyDocument[] {
  const organization = organizationOf(world, account);
  if (!organization || organization.management === account) return [];
  return attachedTo(organization, account).flatMap(({ rule }) => {
    if (rule.type !== 'SERVICE_CONTROL_POLICY') return [];
    const statements = rule.document.statements.filter(({ effect }) => effect === 'Deny');
    return [{ ...rule.document, statements }];
  });
}

/** From the root down. */
function attachedTo({ policies, rootId }: Organization, account: string): readonly KeptPolicy[] {
  const all = [...policies.values()];
  return [rootId, account].flatMap((target) => all.filter(({ targets }) => targets.has(target)));
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
