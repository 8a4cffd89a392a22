import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { unsupported } from '../../events/unsupported.ts';
import type { FunctionConfiguration } from '../../lambda/function.ts';
import { RESERVED_VARIABLES } from '../../lambda/variables.ts';

export type Settings = CreateFunctionRequest | UpdateFunctionConfigurationRequest;

/** Members of both requests that say how a function runs. */
export const SETTINGS: readonly string[] = [
  'FunctionName',
  'Role',
  'Handler',
  'Runtime',
  'Timeout',
  'MemorySize',
  'Description',
  'Environment',
  'LoggingConfig',
  'DeadLetterConfig',
  'TracingConfig',
  'EphemeralStorage',
];

const RUNTIMES: readonly string[] = ['nodejs24.x', 'nodejs22.x'];

/** The configuration after a request: what it names changes, the rest stays; invalid values are refused as Lambda does. */
export function configure(before: FunctionConfiguration, asked: Settings): FunctionConfiguration {
  const after: FunctionConfiguration = {
    ...before,
    role: asked.Role ?? before.role,
    handler: asked.Handler ?? before.handler,
    runtime: asked.Runtime ?? before.runtime,
    timeout: asked.Timeout ?? before.timeout,
    memorySize: asked.MemorySize ?? before.memorySize,
    description: asked.Description ?? before.description,
    environment: asked.Environment ? (asked.Environment.Variables ?? {}) : before.environment,
    logFormat: asked.LoggingConfig?.LogFormat ?? before.logFormat,
    logGroup: asked.LoggingConfig?.LogGroup ?? before.logGroup,
    tracing: asked.TracingConfig?.Mode ?? before.tracing,
    ephemeralStorage: asked.EphemeralStorage?.Size ?? before.ephemeralStorage,
    ...levels(asked),
    ...(asked.DeadLetterConfig?.TargetArn && { deadLetterArn: asked.DeadLetterConfig.TargetArn }),
  };
  check(after);
  return after;
}

function levels({
  LoggingConfig,
}: Settings): Pick<FunctionConfiguration, 'applicationLogLevel' | 'systemLogLevel'> {
  const { ApplicationLogLevel, SystemLogLevel } = LoggingConfig ?? {};
  return {
    ...(ApplicationLogLevel && { applicationLogLevel: ApplicationLogLevel }),
    ...(SystemLogLevel && { systemLogLevel: SystemLogLevel }),
  };
}

function check({ runtime, timeout, memorySize, environment, role, handler }: FunctionConfiguration): void {
  if (!RUNTIMES.includes(runtime))
    throw unsupported(`the runtime ${runtime} (it knows ${RUNTIMES.join(', ')})`);
  if (timeout < 1 || timeout > 900)
    throw invalid(constraint(timeout, 'timeout', timeout < 1 ? 'greater' : 'less', timeout < 1 ? 1 : 900));
  if (memorySize < 128 || memorySize > 10_240) {
    throw invalid(
      constraint(
        memorySize,
        'memorySize',
        memorySize < 128 ? 'greater' : 'less',
        memorySize < 128 ? 128 : 10_240,
      ),
    );
  }
  if (!handler) throw invalid('Handler is required for zip packages');
  if (!/^arn:[a-z-]+:iam::\d{12}:role\/.+/.test(role))
    throw invalid(`Value '${role}' at 'role' failed to satisfy constraint`);
  const reserved = Object.keys(environment).find((name) => RESERVED_VARIABLES.includes(name));
  if (reserved) {
    const why = `Reserved keys used in this request: ${reserved}`;
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. ${why}`,
    );
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (size > 4096)
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
}

const constraint = (value: number, name: string, side: string, bound: number) =>
  `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value ${side} than or equal to ${bound}`;

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
