import type { FunctionConfiguration as Described } from '@aws-sdk/client-lambda';
import type { FunctionVersion } from '../../lambda/function.ts';

/** A version as GetFunctionConfiguration tells it. */
export function describeVersion(version: FunctionVersion): Described {
  const { configuration: c, arn, name } = version;
  return {
    FunctionName: name,
    FunctionArn: arn,
    // Boundary: the SDK types a runtime as one of the names that it knows.
    Runtime: c.runtime as Described['Runtime'] & string,
    Role: c.role,
    Handler: c.handler,
    CodeSize: version.zip.byteLength,
    Description: c.description,
    Timeout: c.timeout,
    MemorySize: c.memorySize,
    LastModified: version.lastModified,
    CodeSha256: version.sha256,
    Version: version.version,
    ...(Object.keys(c.environment).length > 0 && { Environment: { Variables: { ...c.environment } } }),
    ...(c.deadLetterArn && { DeadLetterConfig: { TargetArn: c.deadLetterArn } }),
    TracingConfig: { Mode: c.tracing },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [c.architecture === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: c.ephemeralStorage },
    LoggingConfig: {
      LogFormat: c.logFormat,
      LogGroup: c.logGroup,
      // Boundary: checked against the SDK's level names when they are set.
      ...(c.applicationLogLevel && { ApplicationLogLevel: c.applicationLogLevel as 'INFO' }),
      ...(c.systemLogLevel && { SystemLogLevel: c.systemLogLevel as 'INFO' }),
    },
  };
}
