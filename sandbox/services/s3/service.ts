import type { Service } from '../../core/service.ts';
import { createBucket } from './buckets/create-bucket.ts';
import { deleteBucket } from './buckets/delete-bucket.ts';
import { getBucketLocation, headBucket } from './buckets/find-bucket.ts';
import { listBuckets } from './buckets/list-buckets.ts';
import { configurationOperations } from './configuration/operations.ts';
import { listObjectVersions } from './listing/list-object-versions.ts';
import { listObjects, listObjectsV2 } from './listing/list-objects.ts';
import { listMultipartUploads, listParts } from './multipart/list-uploads.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from './multipart/uploads.ts';
import { copyObject } from './objects/copy-object.ts';
import { deleteObject } from './objects/delete-object.ts';
import { deleteObjects } from './objects/delete-objects.ts';
import { getObject, headObject } from './objects/get-object.ts';
import {
  getObjectLegalHold,
  getObjectRetention,
  getObjectTagging,
  putObjectLegalHold,
  putObjectRetention,
  putObjectTagging,
} from './objects/object-settings.ts';
import { putObject } from './objects/put-object.ts';
import { restoreObject } from './objects/restore-object.ts';

export const s3: Service = {
  name: 's3',
  signingName: 's3',
  iamPrefix: 's3',
  eventSource: 's3.amazonaws.com',
  load: () => import('@aws-sdk/client-s3'),
  operations: {
    ...configurationOperations,
    AbortMultipartUpload: abortMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    CopyObject: copyObject,
    CreateBucket: createBucket,
    CreateMultipartUpload: createMultipartUpload,
    DeleteBucket: deleteBucket,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    GetBucketLocation: getBucketLocation,
    GetObject: getObject,
    GetObjectLegalHold: getObjectLegalHold,
    GetObjectRetention: getObjectRetention,
    GetObjectTagging: getObjectTagging,
    HeadBucket: headBucket,
    HeadObject: headObject,
    ListBuckets: listBuckets,
    ListMultipartUploads: listMultipartUploads,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    ListParts: listParts,
    PutObject: putObject,
    PutObjectLegalHold: putObjectLegalHold,
    PutObjectRetention: putObjectRetention,
    PutObjectTagging: putObjectTagging,
    RestoreObject: restoreObject,
    UploadPart: uploadPart,
  },
};
