import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';

/** All Auto Scaling groups with their members, standby ones included: a call per hundred groups, not per instance. */
export const autoScalingGroups = verb(['autoscaling:DescribeAutoScalingGroups'], (aws: Aws) =>
  collect(
    pages<AutoScalingGroup>(async (token) => {
      const { AutoScalingGroups: items = [], NextToken: next } = await aws.send(
        AutoScalingClient,
        new DescribeAutoScalingGroupsCommand({
          MaxRecords: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    }),
  ),
);
