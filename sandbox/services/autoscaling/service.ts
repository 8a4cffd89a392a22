import type { Service } from '../../core/service.ts';
import { describeAutoScalingGroups, describeAutoScalingInstances } from './describe.ts';
import { createAutoScalingGroup, deleteAutoScalingGroup, updateAutoScalingGroup } from './groups.ts';
import { enterStandby, exitStandby } from './standby.ts';
import { createOrUpdateTags, deleteTags, describeTags } from './tags.ts';

/** Amazon EC2 Auto Scaling with launch templates; no policies, no warm pools, no life cycle hooks. */
export const autoScaling: Service = {
  name: 'auto-scaling',
  signingName: 'autoscaling',
  iamPrefix: 'autoscaling',
  eventSource: 'autoscaling.amazonaws.com',
  load: () => import('@aws-sdk/client-auto-scaling'),
  operations: {
    CreateAutoScalingGroup: createAutoScalingGroup,
    CreateOrUpdateTags: createOrUpdateTags,
    DeleteAutoScalingGroup: deleteAutoScalingGroup,
    DeleteTags: deleteTags,
    DescribeAutoScalingGroups: describeAutoScalingGroups,
    DescribeAutoScalingInstances: describeAutoScalingInstances,
    DescribeTags: describeTags,
    EnterStandby: enterStandby,
    ExitStandby: exitStandby,
    UpdateAutoScalingGroup: updateAutoScalingGroup,
  },
};
