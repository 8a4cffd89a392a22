import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { inParallel } from '../../engine/parallel.ts';
import type { Json } from '../../engine/verdict.ts';
import { type Aws, type Command, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';

/** One setting of a bucket as AWS tells it, without the envelope. */
export type Part =
  | { readonly state: 'set'; readonly value: { readonly [key: string]: Json } }
  | { readonly state: 'unset' }
  | { readonly state: 'unreadable'; readonly why: string };

type Input = { readonly Bucket: string; readonly ExpectedBucketOwner: string };

interface Row {
  readonly right: string;
  readonly command: (input: Input) => Command<object>;
  /** The code by which S3 says that nothing is set. */
  readonly absent?: string;
}

/** Every setting that protects a bucket or that somebody would need to make it again. */
const ROWS = {
  accelerate: {
    right: 's3:GetAccelerateConfiguration',
    command: (input) => new GetBucketAccelerateConfigurationCommand(input),
  },
  acl: { right: 's3:GetBucketAcl', command: (input) => new GetBucketAclCommand(input) },
  cors: {
    right: 's3:GetBucketCORS',
    command: (input) => new GetBucketCorsCommand(input),
    absent: 'NoSuchCORSConfiguration',
  },
  encryption: {
    right: 's3:GetEncryptionConfiguration',
    command: (input) => new GetBucketEncryptionCommand(input),
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
  },
  inventory: {
    right: 's3:GetInventoryConfiguration',
    command: (input) => new ListBucketInventoryConfigurationsCommand(input),
  },
  lifecycle: {
    right: 's3:GetLifecycleConfiguration',
    command: (input) => new GetBucketLifecycleConfigurationCommand(input),
    absent: 'NoSuchLifecycleConfiguration',
  },
  logging: { right: 's3:GetBucketLogging', command: (input) => new GetBucketLoggingCommand(input) },
  metrics: {
    right: 's3:GetMetricsConfiguration',
    command: (input) => new ListBucketMetricsConfigurationsCommand(input),
  },
  notification: {
    right: 's3:GetBucketNotification',
    command: (input) => new GetBucketNotificationConfigurationCommand(input),
  },
  objectLock: {
    right: 's3:GetBucketObjectLockConfiguration',
    command: (input) => new GetObjectLockConfigurationCommand(input),
    absent: 'ObjectLockConfigurationNotFoundError',
  },
  ownership: {
    right: 's3:GetBucketOwnershipControls',
    command: (input) => new GetBucketOwnershipControlsCommand(input),
    absent: 'OwnershipControlsNotFoundError',
  },
  policy: {
    right: 's3:GetBucketPolicy',
    command: (input) => new GetBucketPolicyCommand(input),
    absent: 'NoSuchBucketPolicy',
  },
  publicAccess: {
    right: 's3:GetBucketPublicAccessBlock',
    command: (input) => new GetPublicAccessBlockCommand(input),
    absent: 'NoSuchPublicAccessBlockConfiguration',
  },
  replication: {
    right: 's3:GetReplicationConfiguration',
    command: (input) => new GetBucketReplicationCommand(input),
    absent: 'ReplicationConfigurationNotFoundError',
  },
  requestPayment: {
    right: 's3:GetBucketRequestPayment',
    command: (input) => new GetBucketRequestPaymentCommand(input),
  },
  versioning: { right: 's3:GetBucketVersioning', command: (input) => new GetBucketVersioningCommand(input) },
  website: {
    right: 's3:GetBucketWebsite',
    command: (input) => new GetBucketWebsiteCommand(input),
    absent: 'NoSuchWebsiteConfiguration',
  },
} as const satisfies Readonly<Record<string, Row>>;

export type PartName = keyof typeof ROWS;

/** The parts that were asked for, each with what AWS answered. */
export type Configuration = ReadonlyMap<PartName, Part>;

// Object.keys forgets what the keys of a constant are.
export const PARTS = Object.keys(ROWS) as readonly PartName[];

const PARALLEL = 6;

/** Reads settings of a bucket, all by default; one that cannot be read says why and never stops the others. */
export const readConfiguration = verb(
  Object.values(ROWS).map(({ right }) => right),
  async (aws: Aws, bucket: string, parts: readonly PartName[] = PARTS): Promise<Configuration> => {
    const input = { Bucket: bucket, ExpectedBucketOwner: aws.place.account };
    const read = await inParallel(
      parts,
      PARALLEL,
      async (name): Promise<[PartName, Part]> => [name, await readPart(aws, ROWS[name], input)],
    );
    return new Map(read);
  },
);

async function readPart(aws: Aws, { command, absent }: Row, input: Input): Promise<Part> {
  try {
    return partOf(await aws.send(S3Client, command(input)));
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return error.code === absent ? { state: 'unset' } : { state: 'unreadable', why: error.message };
  }
}

/** An answer without members says that nothing is set. Lists that go on elsewhere are not known whole. */
function partOf(answer: object): Part {
  const { $metadata: _request, ...members } = { $metadata: undefined, ...answer };
  // Dates become text, absent members vanish: what is left is JSON.
  const value = JSON.parse(JSON.stringify(members)) as { readonly [key: string]: Json };
  if (value.IsTruncated === true) return { state: 'unreadable', why: 'there are more than one answer holds' };
  const told = Object.keys(value).filter((key) => key !== 'IsTruncated' && key !== 'ContinuationToken');
  return told.length === 0 ? { state: 'unset' } : { state: 'set', value };
}
