import type { Service } from '../../core/service.ts';
import { createHostedZone, deleteHostedZone, listHostedZones } from './hosted-zones.ts';
import { changeResourceRecordSets, listResourceRecordSets } from './record-sets.ts';

export const route53: Service = {
  name: 'route-53',
  signingName: 'route53',
  iamPrefix: 'route53',
  eventSource: 'route53.amazonaws.com',
  global: true,
  load: () => import('@aws-sdk/client-route-53'),
  operations: {
    ChangeResourceRecordSets: changeResourceRecordSets,
    CreateHostedZone: createHostedZone,
    DeleteHostedZone: deleteHostedZone,
    ListHostedZones: listHostedZones,
    ListResourceRecordSets: listResourceRecordSets,
  },
};
