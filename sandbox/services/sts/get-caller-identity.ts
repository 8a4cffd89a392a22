import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import { operation } from '../../core/service.ts';

/** Tells who calls. Needs no permission, and cannot be denied. */
export const getCallerIdentity = operation<GetCallerIdentityRequest, GetCallerIdentityResponse>({
  authorize: () => [],
  run: (_input, { principal }) => ({
    UserId: principal.principalId,
    Account: principal.account,
    Arn: principal.arn,
  }),
});
