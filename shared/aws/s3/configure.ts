import {
  PutBucketCorsCommand,
  type PutBucketCorsCommandInput,
  PutBucketEncryptionCommand,
  type PutBucketEncryptionCommandInput,
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
  PutBucketLoggingCommand,
  type PutBucketLoggingCommandInput,
  PutBucketNotificationConfigurationCommand,
  type PutBucketNotificationConfigurationCommandInput,
  PutBucketOwnershipControlsCommand,
  type PutBucketOwnershipControlsCommandInput,
  PutBucketPolicyCommand,
  type PutBucketPolicyCommandInput,
  PutBucketRequestPaymentCommand,
  type PutBucketRequestPaymentCommandInput,
  PutBucketVersioningCommand,
  type PutBucketVersioningCommandInput,
  PutBucketWebsiteCommand,
  type PutBucketWebsiteCommandInput,
  PutPublicAccessBlockCommand,
  type PutPublicAccessBlockCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Json } from '../../engine/verdict.ts';
import { type Aws, type Command, verb } from '../access.ts';
import type { PartName } from './configuration.ts';

type Told = { readonly [key: string]: Json };
type On = { readonly Bucket: string; readonly ExpectedBucketOwner: string };

interface Row {
  readonly right: string;
  readonly command: (on: On, told: Told) => Command<object>;
}

/**
 * A row for a setting: the input's members besides the bucket, out of what S3's own Get told. That told value came from
 * the SDK and went through JSON, which is what lets it be seen as the input that it once was.
 */
function row<I extends object>(
  right: string,
  CommandType: new (input: I) => Command<object>,
  membersOf: (told: Told) => object,
): Row {
  return { right, command: (on, told) => new CommandType({ ...on, ...membersOf(told) } as I) };
}

/** The settings that can be put back as they were read; others (ACL, acceleration, inventories, metrics, locks) are not. */
const ROWS: Readonly<Partial<Record<PartName, Row>>> = {
  cors: row<PutBucketCorsCommandInput>('s3:PutBucketCORS', PutBucketCorsCommand, (told) => ({
    CORSConfiguration: told,
  })),
  encryption: row<PutBucketEncryptionCommandInput>(
    's3:PutEncryptionConfiguration',
    PutBucketEncryptionCommand,
    (told) => told,
  ),
  lifecycle: row<PutBucketLifecycleConfigurationCommandInput>(
    's3:PutLifecycleConfiguration',
    PutBucketLifecycleConfigurationCommand,
    ({ Rules, TransitionDefaultMinimumObjectSize: least }) => ({
      LifecycleConfiguration: { Rules: withDates(Rules) },
      ...(least === undefined ? {} : { TransitionDefaultMinimumObjectSize: least }),
    }),
  ),
  logging: row<PutBucketLoggingCommandInput>('s3:PutBucketLogging', PutBucketLoggingCommand, (told) => ({
    BucketLoggingStatus: told,
  })),
  notification: row<PutBucketNotificationConfigurationCommandInput>(
    's3:PutBucketNotification',
    PutBucketNotificationConfigurationCommand,
    (told) => ({ NotificationConfiguration: told }),
  ),
  ownership: row<PutBucketOwnershipControlsCommandInput>(
    's3:PutBucketOwnershipControls',
    PutBucketOwnershipControlsCommand,
    (told) => told,
  ),
  policy: row<PutBucketPolicyCommandInput>('s3:PutBucketPolicy', PutBucketPolicyCommand, (told) => told),
  publicAccess: row<PutPublicAccessBlockCommandInput>(
    's3:PutBucketPublicAccessBlock',
    PutPublicAccessBlockCommand,
    (told) => told,
  ),
  requestPayment: row<PutBucketRequestPaymentCommandInput>(
    's3:PutBucketRequestPayment',
    PutBucketRequestPaymentCommand,
    (told) => ({ RequestPaymentConfiguration: told }),
  ),
  versioning: row<PutBucketVersioningCommandInput>(
    's3:PutBucketVersioning',
    PutBucketVersioningCommand,
    ({ Status }) => ({ VersioningConfiguration: { Status } }),
  ),
  website: row<PutBucketWebsiteCommandInput>('s3:PutBucketWebsite', PutBucketWebsiteCommand, (told) => ({
    WebsiteConfiguration: told,
  })),
};

/** Whether `configurePart` can put this setting back. */
export function canConfigure(part: PartName): boolean {
  return part in ROWS;
}

/** Puts one setting of a bucket as it was read once. */
export const configurePart = verb(
  Object.values(ROWS).map(({ right }) => right),
  async (aws: Aws, bucket: string, part: PartName, told: Told): Promise<void> => {
    const command = ROWS[part]?.command({ Bucket: bucket, ExpectedBucketOwner: aws.place.account }, told);
    if (command === undefined) throw new RangeError(`${part} cannot be put back`);
    await aws.send(S3Client, command);
  },
);

/** JSON has made text of the dates that some rules hold. */
function withDates(rules: Json | undefined): unknown {
  return JSON.parse(JSON.stringify(rules ?? []), (key, value: unknown) =>
    key === 'Date' && typeof value === 'string' ? new Date(value) : value,
  );
}
