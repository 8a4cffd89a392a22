import type { Service } from '../../core/service.ts';
import { createDBInstance } from './create.ts';
import { deleteDBInstance, describeDBInstances, startDBInstance, stopDBInstance } from './instances.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags.ts';

export const rds: Service = {
  name: 'rds',
  signingName: 'rds',
  iamPrefix: 'rds',
  eventSource: 'rds.amazonaws.com',
  load: () => import('@aws-sdk/client-rds'),
  operations: {
    AddTagsToResource: addTagsToResource,
    CreateDBInstance: createDBInstance,
    DeleteDBInstance: deleteDBInstance,
    DescribeDBInstances: describeDBInstances,
    ListTagsForResource: listTagsForResource,
    RemoveTagsFromResource: removeTagsFromResource,
    StartDBInstance: startDBInstance,
    StopDBInstance: stopDBInstance,
  },
};
