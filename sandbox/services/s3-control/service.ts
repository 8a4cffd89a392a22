import type { Service } from '../../core/service.ts';
import { createAccessPoint, deleteAccessPoint, listAccessPoints } from './access-points.ts';
import { listTagsForResource, tagResource, untagResource } from './bucket-tags.ts';
import { listMultiRegionAccessPoints } from './multi-region.ts';

/** S3's second API, for what belongs to an account rather than to a bucket. */
export const s3Control: Service = {
  name: 's3-control',
  signingName: 's3',
  iamPrefix: 's3',
  eventSource: 's3.amazonaws.com',
  load: () => import('@aws-sdk/client-s3-control'),
  operations: {
    CreateAccessPoint: createAccessPoint,
    DeleteAccessPoint: deleteAccessPoint,
    ListAccessPoints: listAccessPoints,
    ListMultiRegionAccessPoints: listMultiRegionAccessPoints,
    ListTagsForResource: listTagsForResource,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};
