import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { authorizeIngress } from '../../shared/aws/ec2/ingress.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { permissionOf, type Rule } from './rule.ts';

/** The ids of what was added, and what stopped it before its end. */
export interface Authorized {
  readonly added: readonly string[];
  readonly failure: AwsFailure | undefined;
}

/** Opens rules one by one, each with its own description and tags; one that stands already is as wanted (B3.22). */
export async function authorizeRules(aws: Aws, groupId: string, rules: readonly Rule[]): Promise<Authorized> {
  const added: string[] = [];
  for (const rule of rules) {
    const tags = [...rule.tags].map(([Key, Value]) => ({ Key, Value }));
    try {
      // permissionOf writes IpPermission's own members, typed as JSON for the journal.
      const told = await authorizeIngress(aws, groupId, permissionOf(rule) as IpPermission, tags);
      added.push(...(told.SecurityGroupRules ?? []).flatMap((one) => one.SecurityGroupRuleId ?? []));
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.code !== 'InvalidPermission.Duplicate') return { added, failure: error };
    }
  }
  return { added, failure: undefined };
}
