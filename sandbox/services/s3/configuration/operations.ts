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
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './notification.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './object-lock.ts';
import * as ownership from './ownership.ts';
import * as plain from './plain.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './policy.ts';
import { getBucketVersioning, putBucketVersioning } from './versioning.ts';

/** Reading, putting and deleting a bucket's settings. */
export const configurationOperations: Readonly<Record<string, Operation>> = {
  DeleteBucketEncryption: defaults.deleteBucketEncryption,
  DeleteBucketInventoryConfiguration: defaults.deleteBucketInventoryConfiguration,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  DeleteBucketOwnershipControls: ownership.deleteBucketOwnershipControls,
  DeleteBucketPolicy: deleteBucketPolicy,
  DeleteBucketReplication: plain.deleteBucketReplication,
  DeleteBucketTagging: deleteBucketTagging,
  DeleteBucketWebsite: plain.deleteBucketWebsite,
  DeletePublicAccessBlock: plain.deletePublicAccessBlock,
  GetBucketAbac: getBucketAbac,
  GetBucketAccelerateConfiguration: defaults.getBucketAccelerateConfiguration,
  GetBucketAcl: ownership.getBucketAcl,
  GetBucketEncryption: defaults.getBucketEncryption,
  GetBucketInventoryConfiguration: defaults.getBucketInventoryConfiguration,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  GetBucketLogging: plain.getBucketLogging,
  GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
  GetBucketOwnershipControls: ownership.getBucketOwnershipControls,
  GetBucketPolicy: getBucketPolicy,
  GetBucketReplication: plain.getBucketReplication,
  GetBucketRequestPayment: defaults.getBucketRequestPayment,
  GetBucketTagging: getBucketTagging,
  GetBucketVersioning: getBucketVersioning,
  GetBucketWebsite: plain.getBucketWebsite,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetPublicAccessBlock: plain.getPublicAccessBlock,
  ListBucketInventoryConfigurations: defaults.listBucketInventoryConfigurations,
  PutBucketAbac: putBucketAbac,
  PutBucketAcl: ownership.putBucketAcl,
  PutBucketEncryption: defaults.putBucketEncryption,
  PutBucketInventoryConfiguration: defaults.putBucketInventoryConfiguration,
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  PutBucketLogging: plain.putBucketLogging,
  PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
  PutBucketOwnershipControls: ownership.putBucketOwnershipControls,
  PutBucketPolicy: putBucketPolicy,
  PutBucketReplication: plain.putBucketReplication,
  PutBucketRequestPayment: defaults.putBucketRequestPayment,
  PutBucketTagging: putBucketTagging,
  PutBucketVersioning: putBucketVersioning,
  PutBucketWebsite: plain.putBucketWebsite,
  PutObjectLockConfiguration: putObjectLockConfiguration,
  PutPublicAccessBlock: plain.putPublicAccessBlock,
};
