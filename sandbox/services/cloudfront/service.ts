import type { Service } from '../../core/service.ts';
import { listDistributions } from './distributions.ts';

export const cloudfront: Service = {
  name: 'cloudfront',
  signingName: 'cloudfront',
  iamPrefix: 'cloudfront',
  eventSource: 'cloudfront.amazonaws.com',
  global: true,
  load: () => import('@aws-sdk/client-cloudfront'),
  operations: { ListDistributions: listDistributions },
};
