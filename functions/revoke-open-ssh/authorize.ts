import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { authorizeIngress } from '../../shared/aws/ec2/ingress.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { permissionOf, type Rule } from './rule.ts';

/** A rule that was opened, by its new id. */
export interface Added {
  readonly id: string;
  readonly rule: Rule;
}

/** What was added, and what stopped it before its end. */
export interface Authorized {
  readonly added: readonly Added[];
  readonly failure: AwsFailure | undefined;
}

/** Opens rules one by one, each with its own description and tags; one that stands already is as wanted (B3.22). */
export async function authorizeRules(aws: Aws, groupId: string, rules: readonly Rule[]): Promise<Authorized> {
  const added: Added[] = [];
  for (const rule of rules) {
    const tags = [...rule.tags].map(([Key, Value]) => ({ Key, Value }));
    try {
      // permissionOf writes IpPermission's own members, typed as JSON for the journal.
      const told = await authorizeIngress(aws, groupId, permissionOf(rule) as IpPermission, tags);
      const ids = (told.SecurityGroupRules ?? []).flatMap((one) => one.SecurityGroupRuleId ?? []);
      added.push(...ids.map((id) => ({ id, rule })));
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.code !== 'InvalidPermission.Duplicate') return { added, failure: error };
    }
  }
  return { added, failure: undefined };
}
