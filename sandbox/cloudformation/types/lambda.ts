import { strToU8, zipSync } from 'fflate';
import { json, type Making, number, onlyKnown, pick, type ResourceType, text } from '../resource-type.ts';
import { type Fields, isFields } from '../template.ts';

const fn: ResourceType = {
  properties: [
    'Architectures',
    'Code',
    'DeadLetterConfig',
    'Description',
    'Environment',
    'EphemeralStorage',
    'FunctionName',
    'Handler',
    'LoggingConfig',
    'MemorySize',
    'PackageType',
    'RecursiveLoop',
    'ReservedConcurrentExecutions',
    'Role',
    'Runtime',
    'Tags',
    'Timeout',
    'TracingConfig',
  ],
  async create(p, making) {
    const FunctionName = typeof p.FunctionName === 'string' ? p.FunctionName : making.uniqueName(64);
    const made = await making.invoke('lambda', 'CreateFunction', {
      ...pick(
        p,
        'Architectures',
        'DeadLetterConfig',
        'Description',
        'Handler',
        'LoggingConfig',
        'PackageType',
        'Role',
        'Runtime',
        'TracingConfig',
        'EphemeralStorage',
      ),
      FunctionName,
      Code: { ZipFile: codeOf(p, making) },
      MemorySize: number(p, 'MemorySize'),
      Timeout: number(p, 'Timeout'),
      Environment: environmentOf(p),
      Tags: Object.fromEntries(making.tags.map(({ Key, Value }) => [Key, Value])),
    });
    // The sandbox has no recursion detection, so both settings of RecursiveLoop mean the same here.
    const reserved = number(p, 'ReservedConcurrentExecutions');
    if (reserved !== undefined) {
      await making.invoke('lambda', 'PutFunctionConcurrency', {
        FunctionName,
        ReservedConcurrentExecutions: reserved,
      });
    }
    return {
      ref: FunctionName,
      attributes: { Arn: String(made.FunctionArn) },
      remove: () => making.invoke('lambda', 'DeleteFunction', { FunctionName }),
    };
  },
};

function codeOf(p: Fields, making: Making): Uint8Array {
  if (!isFields(p.Code)) throw new Error('Code must name an S3 object or hold a ZipFile');
  onlyKnown(p.Code, 'Code', ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ZipFile']);
  if (typeof p.Code.ZipFile === 'string') return zipSync({ 'index.js': strToU8(p.Code.ZipFile) });
  return making.artifact(text(p.Code, 'S3Key'));
}

function environmentOf({ Environment }: Fields): Fields | undefined {
  if (!isFields(Environment)) return undefined;
  onlyKnown(Environment, 'Environment', ['Variables']);
  const variables = isFields(Environment.Variables) ? Environment.Variables : {};
  return {
    Variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
  };
}

const version: ResourceType = {
  properties: ['FunctionName', 'Description', 'CodeSha256'],
  async create(p, making) {
    const made = await making.invoke('lambda', 'PublishVersion', pick(p, 'FunctionName', 'Description'));
    if (p.CodeSha256 !== undefined && p.CodeSha256 !== made.CodeSha256) {
      throw new Error(`CodeSha256 is ${String(p.CodeSha256)}, the code's is ${String(made.CodeSha256)}`);
    }
    return {
      ref: String(made.FunctionArn),
      attributes: { Version: String(made.Version), FunctionArn: String(made.FunctionArn) },
    };
  },
};

const permission: ResourceType = {
  properties: ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount', 'PrincipalOrgID'],
  async create(p, making) {
    const StatementId = making.uniqueName(100);
    await making.invoke('lambda', 'AddPermission', { ...p, StatementId });
    const FunctionName = text(p, 'FunctionName');
    return {
      ref: StatementId,
      remove: () => making.invoke('lambda', 'RemovePermission', { FunctionName, StatementId }),
    };
  },
};

const eventInvokeConfig: ResourceType = {
  properties: [
    'FunctionName',
    'Qualifier',
    'MaximumEventAgeInSeconds',
    'MaximumRetryAttempts',
    'DestinationConfig',
  ],
  async create(p, making) {
    await making.invoke('lambda', 'PutFunctionEventInvokeConfig', {
      ...p,
      MaximumEventAgeInSeconds: number(p, 'MaximumEventAgeInSeconds'),
      MaximumRetryAttempts: number(p, 'MaximumRetryAttempts'),
    });
    return { ref: making.uniqueName(64) };
  },
};

const eventSourceMapping: ResourceType = {
  properties: [
    'BatchSize',
    'Enabled',
    'EventSourceArn',
    'FunctionName',
    'FunctionResponseTypes',
    'MaximumBatchingWindowInSeconds',
    'ScalingConfig',
  ],
  async create(p, making) {
    const made = await making.invoke('lambda', 'CreateEventSourceMapping', {
      ...pick(p, 'EventSourceArn', 'FunctionName', 'FunctionResponseTypes', 'ScalingConfig'),
      Enabled: json(p.Enabled ?? true) === 'true',
      BatchSize: number(p, 'BatchSize'),
      MaximumBatchingWindowInSeconds: number(p, 'MaximumBatchingWindowInSeconds'),
    });
    const UUID = String(made.UUID);
    return {
      ref: UUID,
      attributes: { Id: UUID, EventSourceMappingArn: String(made.EventSourceMappingArn) },
      remove: () => making.invoke('lambda', 'DeleteEventSourceMapping', { UUID }),
    };
  },
};

/** Functions and what belongs to them. */
export const lambdaTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': fn,
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
};
