import type { Service } from '../../core/service.ts';
import { describeOrganization, listAccounts, listRoots } from './organization.ts';
import { attachPolicy, createPolicy, describeEffectivePolicy, detachPolicy } from './policies.ts';

export const organizations: Service = {
  name: 'organizations',
  signingName: 'organizations',
  iamPrefix: 'organizations',
  eventSource: 'organizations.amazonaws.com',
  global: true,
  load: () => import('@aws-sdk/client-organizations'),
  operations: {
    AttachPolicy: attachPolicy,
    CreatePolicy: createPolicy,
    DescribeEffectivePolicy: describeEffectivePolicy,
    DescribeOrganization: describeOrganization,
    DetachPolicy: detachPolicy,
    ListAccounts: listAccounts,
    ListRoots: listRoots,
  },
};
