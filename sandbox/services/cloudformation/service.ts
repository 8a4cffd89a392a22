import type { Service } from '../../core/service.ts';
import { createStack, deleteStack, updateStack } from './change-stacks.ts';
import {
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './describe-resources.ts';
import { describeStacks, listExports, listStacks } from './describe-stacks.ts';
import { getTemplate, validateTemplate } from './templates.ts';

/** AWS CloudFormation over the deployer in sandbox/cloudformation: stacks without change sets. */
export const cloudformation: Service = {
  name: 'cloudformation',
  signingName: 'cloudformation',
  iamPrefix: 'cloudformation',
  eventSource: 'cloudformation.amazonaws.com',
  load: () => import('@aws-sdk/client-cloudformation'),
  operations: {
    CreateStack: createStack,
    DeleteStack: deleteStack,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    GetTemplate: getTemplate,
    ListExports: listExports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    UpdateStack: updateStack,
    ValidateTemplate: validateTemplate,
  },
};
