import type { Service } from '../../core/service.ts';
import {
  deleteParameter,
  describeParameters,
  getParameter,
  getParameters,
  putParameter,
} from './parameters.ts';

export const ssm: Service = {
  name: 'ssm',
  signingName: 'ssm',
  iamPrefix: 'ssm',
  eventSource: 'ssm.amazonaws.com',
  load: () => import('@aws-sdk/client-ssm'),
  operations: {
    DeleteParameter: deleteParameter,
    DescribeParameters: describeParameters,
    GetParameter: getParameter,
    GetParameters: getParameters,
    PutParameter: putParameter,
  },
};
