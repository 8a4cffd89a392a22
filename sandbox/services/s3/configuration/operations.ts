import type { Operation } from '../../../core/service.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from '../lifecycle/configuration.ts';
import {
  deleteBucketTagging,
  getBucketAbac,
  getBucketTagging,
  putBucketAbac,
  putBucketTagging,
} from './bucket-tagging.ts';
import * as defaults from './defaults.ts';
import * as exposure from './exposure.ts';
import { getBucketLogging, putBucketLogging } from './logging.ts';
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './notification.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './object-lock.ts';
import * as ownership from './ownership.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './policy.ts';
import { deleteBucketReplication, getBucketReplication, putBucketReplication } from './replication.ts';
import {
  deleteBucketMetricsConfiguration,
  listBucketMetricsConfigurations,
  putBucketMetricsConfiguration,
} from './request-metrics.ts';
import { getBucketVersioning, putBucketVersioning } from './versioning.ts';

/** Reading, putting and deleting a bucket's settings. */
export const configurationOperations: Readonly<Record<string, Operation>> = {
  DeleteBucketCors: exposure.deleteBucketCors,
  DeleteBucketEncryption: defaults.deleteBucketEncryption,
  DeleteBucketInventoryConfiguration: defaults.deleteBucketInventoryConfiguration,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  DeleteBucketOwnershipControls: ownership.deleteBucketOwnershipControls,
  DeleteBucketPolicy: deleteBucketPolicy,
  DeleteBucketReplication: deleteBucketReplication,
  DeleteBucketTagging: deleteBucketTagging,
  DeleteBucketWebsite: exposure.deleteBucketWebsite,
  DeletePublicAccessBlock: exposure.deletePublicAccessBlock,
  GetBucketAbac: getBucketAbac,
  GetBucketAccelerateConfiguration: defaults.getBucketAccelerateConfiguration,
  GetBucketAcl: ownership.getBucketAcl,
  GetBucketCors: exposure.getBucketCors,
  GetBucketEncryption: defaults.getBucketEncryption,
  GetBucketInventoryConfiguration: defaults.getBucketInventoryConfiguration,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  GetBucketLogging: getBucketLogging,
  GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
  GetBucketOwnershipControls: ownership.getBucketOwnershipControls,
  GetBucketPolicy: getBucketPolicy,
  GetBucketReplication: getBucketReplication,
  GetBucketRequestPayment: defaults.getBucketRequestPayment,
  GetBucketTagging: getBucketTagging,
  GetBucketVersioning: getBucketVersioning,
  GetBucketWebsite: exposure.getBucketWebsite,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetPublicAccessBlock: exposure.getPublicAccessBlock,
  ListBucketInventoryConfigurations: defaults.listBucketInventoryConfigurations,
  ListBucketMetricsConfigurations: listBucketMetricsConfigurations,
  PutBucketMetricsConfiguration: putBucketMetricsConfiguration,
  DeleteBucketMetricsConfiguration: deleteBucketMetricsConfiguration,
  PutBucketAbac: putBucketAbac,
  PutBucketAcl: ownership.putBucketAcl,
  PutBucketCors: exposure.putBucketCors,
  PutBucketEncryption: defaults.putBucketEncryption,
  PutBucketInventoryConfiguration: defaults.putBucketInventoryConfiguration,
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  PutBucketLogging: putBucketLogging,
  PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
  PutBucketOwnershipControls: ownership.putBucketOwnershipControls,
  PutBucketPolicy: putBucketPolicy,
  PutBucketReplication: putBucketReplication,
  PutBucketRequestPayment: defaults.putBucketRequestPayment,
  PutBucketTagging: putBucketTagging,
  PutBucketVersioning: putBucketVersioning,
  PutBucketWebsite: exposure.putBucketWebsite,
  PutObjectLockConfiguration: putObjectLockConfiguration,
  PutPublicAccessBlock: exposure.putPublicAccessBlock,
};
