import type { Service } from '../../core/service.ts';
import { getResources, getTagKeys, getTagValues } from './get-resources.ts';
import { tagResources, untagResources } from './tag-resources.ts';

export const resourceGroupsTaggingApi: Service = {
  name: 'resource-groups-tagging-api',
  signingName: 'tagging',
  iamPrefix: 'tag',
  eventSource: 'tagging.amazonaws.com',
  load: () => import('@aws-sdk/client-resource-groups-tagging-api'),
  operations: {
    GetResources: getResources,
    GetTagKeys: getTagKeys,
    GetTagValues: getTagValues,
    TagResources: tagResources,
    UntagResources: untagResources,
  },
};
