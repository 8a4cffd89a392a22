import type { Service } from '../../core/service.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

export const sts: Service = {
  name: 'sts',
  signingName: 'sts',
  iamPrefix: 'sts',
  eventSource: 'sts.amazonaws.com',
  load: () => import('@aws-sdk/client-sts'),
  operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
};
