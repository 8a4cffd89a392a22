import type { Service } from '../../core/service.ts';
import { createDocument, getDocument } from './documents.ts';
import {
  deleteParameter,
  describeParameters,
  getParameter,
  getParameters,
  putParameter,
} from './parameters.ts';
import { describeSessions, startSession, terminateSession } from './sessions.ts';
import { describeInstanceInformation } from './sessions-information.ts';

export const ssm: Service = {
  name: 'ssm',
  signingName: 'ssm',
  iamPrefix: 'ssm',
  eventSource: 'ssm.amazonaws.com',
  load: () => import('@aws-sdk/client-ssm'),
  operations: {
    CreateDocument: createDocument,
    DeleteParameter: deleteParameter,
    DescribeInstanceInformation: describeInstanceInformation,
    DescribeParameters: describeParameters,
    DescribeSessions: describeSessions,
    GetDocument: getDocument,
    GetParameter: getParameter,
    GetParameters: getParameters,
    PutParameter: putParameter,
    StartSession: startSession,
    TerminateSession: terminateSession,
  },
};
