import type { Service } from '../../core/service.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './log-groups.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

export const cloudwatchLogs: Service = {
  name: 'cloudwatch-logs',
  signingName: 'logs',
  iamPrefix: 'logs',
  eventSource: 'logs.amazonaws.com',
  load: () => import('@aws-sdk/client-cloudwatch-logs'),
  operations: {
    CreateLogGroup: createLogGroup,
    DeleteLogGroup: deleteLogGroup,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DescribeLogGroups: describeLogGroups,
    ListTagsForResource: listTagsForResource,
    PutRetentionPolicy: putRetentionPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};
