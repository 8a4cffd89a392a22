import type * as firehose from '@aws-sdk/client-firehose';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';

type Given = Partial<firehose.CreateDeliveryStreamInput>;

const S3 = ['BucketARN', 'RoleARN', 'Prefix', 'ErrorOutputPrefix', 'BufferingHints', 'CompressionFormat'];

/** The one destination of a stream, as it is described later: S3, or an HTTP endpoint with a bucket for what failed. */
export function destinationOf(given: Given, call: Call): firehose.DestinationDescription {
  onlySupported(call, given, ['ExtendedS3DestinationConfiguration', 'HttpEndpointDestinationConfiguration']);
  const { ExtendedS3DestinationConfiguration: s3, HttpEndpointDestinationConfiguration: http } = given;
  const DestinationId = 'destinationId-000000000001';
  if (s3 && !http) return { DestinationId, ...toS3(s3, call) };
  if (http && !s3) return { DestinationId, HttpEndpointDestinationDescription: toEndpoint(http, call) };
  throw invalid('Exactly one destination configuration is supported for a Firehose');
}

/** The roles that a stream is to use, each of which the caller has to be allowed to pass. */
export function rolesOf({
  ExtendedS3DestinationConfiguration: s3,
  HttpEndpointDestinationConfiguration: http,
}: Given): readonly string[] {
  const roles = [
    s3?.RoleARN,
    s3?.S3BackupConfiguration?.RoleARN,
    http?.RoleARN,
    http?.S3Configuration?.RoleARN,
  ];
  return [...new Set(roles.filter((role) => role !== undefined))];
}

/** The destination is told in both forms, the older one too. */
function toS3(
  {
    S3BackupMode = 'Disabled',
    S3BackupConfiguration: backup,
    ...given
  }: firehose.ExtendedS3DestinationConfiguration,
  call: Call,
): Partial<firehose.DestinationDescription> {
  if (S3BackupMode === 'Enabled' && !backup) throw invalid('S3BackupConfiguration has to be given');
  const main = toBucket(given, call);
  return {
    S3DestinationDescription: main,
    ExtendedS3DestinationDescription: {
      ...main,
      S3BackupMode,
      ...(backup && { S3BackupDescription: toBucket(backup, call) }),
    },
  };
}

function toEndpoint(
  given: firehose.HttpEndpointDestinationConfiguration,
  call: Call,
): firehose.HttpEndpointDestinationDescription {
  const { EndpointConfiguration: endpoint, S3Configuration: bucket, ...more } = given;
  onlySupported(call, more, ['RoleARN', 'S3BackupMode']);
  if (!endpoint?.Url?.startsWith('https://') || !bucket)
    throw invalid('An https URL and a bucket are needed');
  onlySupported(call, endpoint, ['Url', 'Name']);
  return {
    S3BackupMode: 'FailedDataOnly',
    ...more,
    EndpointConfiguration: endpoint,
    S3DestinationDescription: toBucket(bucket, call),
  };
}

function toBucket(given: firehose.S3DestinationConfiguration, call: Call): firehose.S3DestinationDescription {
  onlySupported(call, given, S3);
  if (!/^arn:aws[a-z-]*:s3:::[\w.-]{1,255}$/.test(given.BucketARN ?? '')) {
    throw invalid(`${given.BucketARN} is not the ARN of a bucket`);
  }
  if (!/^arn:.*:iam::\d{12}:role\//.test(given.RoleARN ?? '')) {
    throw invalid(`${given.RoleARN} is not the ARN of a role`);
  }
  return {
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    CompressionFormat: 'UNCOMPRESSED',
    ...{ EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' }, ...given },
  };
}

export const invalid = (message: string) => new AwsError('InvalidArgumentException', message);
