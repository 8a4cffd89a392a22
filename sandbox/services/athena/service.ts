import type { Service } from '../../core/service.ts';
import { createWorkGroup, getWorkGroup, listWorkGroups } from './workgroups.ts';

export const athena: Service = {
  name: 'athena',
  signingName: 'athena',
  iamPrefix: 'athena',
  eventSource: 'athena.amazonaws.com',
  load: () => import('@aws-sdk/client-athena'),
  operations: {
    CreateWorkGroup: createWorkGroup,
    GetWorkGroup: getWorkGroup,
    ListWorkGroups: listWorkGroups,
  },
};
