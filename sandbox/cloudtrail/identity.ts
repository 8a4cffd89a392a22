import type { Call } from '../core/service.ts';
import { roleArnOf } from '../iam/caller.ts';
import { iamOf } from '../services/iam/store.ts';

/** CloudTrail's `userIdentity` element (User Guide, "CloudTrail userIdentity element"). */
export function userIdentity({ world, principal }: Call): Record<string, unknown> {
  const { type, arn, account: accountId, principalId, accessKeyId, userName } = principal;
  const who = { type, principalId, arn, accountId, accessKeyId };
  switch (type) {
    case 'AWSService':
      return { type, invokedBy: arn };
    case 'Root':
      return who;
    case 'IAMUser':
      return { ...who, userName };
    case 'AssumedRole': {
      const roleName = principal.roleName ?? '';
      const role = iamOf(world, accountId).roles.get(roleName);
      const issuedAt = world.credential(accessKeyId)?.issuedAt ?? world.clock.now();
      return {
        ...who,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: role?.id ?? principalId.split(':')[0],
            arn: roleArnOf(world, principal),
            accountId,
            userName: roleName,
          },
          attributes: { creationDate: wholeSeconds(issuedAt), mfaAuthenticated: 'false' },
          ...(principal.sourceIdentity ? { sourceIdentity: principal.sourceIdentity } : {}),
        },
      };
    }
  }
}

/** `2026-11-02T08:00:00Z` */
export function wholeSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
