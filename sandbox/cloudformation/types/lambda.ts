import { strToU8, zipSync } from 'fflate';
import {
  json,
  type Made,
  type Making,
  number,
  onlyKnown,
  pick,
  type ResourceType,
  refuseDropped,
  text,
} from '../resource-type.ts';
import { type Fields, isFields } from '../template.ts';

/** Properties that are settings of the function, by the same name in Lambda's own requests. */
const SETTINGS = [
  'DeadLetterConfig',
  'Description',
  'EphemeralStorage',
  'Handler',
  'LoggingConfig',
  'Role',
  'Runtime',
  'TracingConfig',
];
const OTHERS = ['Environment', 'MemorySize', 'Timeout'];

const fn: ResourceType = {
  properties: [
    ...SETTINGS,
    ...OTHERS,
    'Architectures',
    'Code',
    'FunctionName',
    'PackageType',
    'RecursiveLoop',
    'ReservedConcurrentExecutions',
    'Tags',
  ],
  replacedBy: ['FunctionName', 'PackageType'],
  updates: [...SETTINGS, ...OTHERS, 'Code', 'RecursiveLoop', 'ReservedConcurrentExecutions'],
  async create(p, making) {
    const FunctionName = typeof p.FunctionName === 'string' ? p.FunctionName : making.uniqueName(64);
    const created = await making.invoke('lambda', 'CreateFunction', {
      ...settingsOf(p),
      ...pick(p, 'Architectures', 'PackageType'),
      FunctionName,
      Code: { ZipFile: await codeOf(p, making) },
      Tags: Object.fromEntries(making.tags.map(({ Key, Value }) => [Key, Value])),
    });
    const made: Made = { ref: FunctionName, attributes: { Arn: String(created.FunctionArn) } };
    making.begun(made);
    await reserve(p, making, FunctionName);
    return made;
  },
  async update(p, making, { ref: FunctionName, attributes = {}, properties }) {
    refuseDropped(p, properties, [...SETTINGS, ...OTHERS]);
    const ZipFile = await codeOf(p, making);
    await making.invoke('lambda', 'UpdateFunctionCode', { FunctionName, ZipFile });
    await making.invoke('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...settingsOf(p) });
    const unreserved = properties.ReservedConcurrentExecutions !== undefined && reservedBy(p) === undefined;
    if (unreserved) await making.invoke('lambda', 'DeleteFunctionConcurrency', { FunctionName });
    await reserve(p, making, FunctionName);
    return { ref: FunctionName, attributes };
  },
  remove: ({ ref: FunctionName }, making) => making.invoke('lambda', 'DeleteFunction', { FunctionName }),
};

function settingsOf(p: Fields): Fields {
  return {
    ...pick(p, ...SETTINGS),
    MemorySize: number(p, 'MemorySize'),
    Timeout: number(p, 'Timeout'),
    Environment: environmentOf(p),
  };
}

// The sandbox has no recursion detection, so both settings of RecursiveLoop mean the same here.
async function reserve(p: Fields, making: Making, FunctionName: string): Promise<void> {
  const ReservedConcurrentExecutions = reservedBy(p);
  if (ReservedConcurrentExecutions === undefined) return;
  await making.invoke('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions });
}

const reservedBy = (p: Fields) => number(p, 'ReservedConcurrentExecutions');

async function codeOf(p: Fields, making: Making): Promise<Uint8Array> {
  if (!isFields(p.Code)) throw new Error('Code must name an S3 object or hold a ZipFile');
  onlyKnown(p.Code, 'Code', ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ZipFile']);
  if (typeof p.Code.ZipFile === 'string') return zipSync({ 'index.js': strToU8(p.Code.ZipFile) });
  const version = p.Code.S3ObjectVersion === undefined ? undefined : text(p.Code, 'S3ObjectVersion');
  return making.artifact(String(p.Code.S3Bucket), text(p.Code, 'S3Key'), version);
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
  replacedBy: ['FunctionName', 'Description', 'CodeSha256'],
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

const PERMISSION = ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount', 'PrincipalOrgID'];

const permission: ResourceType = {
  properties: PERMISSION,
  replacedBy: PERMISSION,
  async create(p, making) {
    const StatementId = making.uniqueName(100);
    await making.invoke('lambda', 'AddPermission', { ...p, StatementId });
    return { ref: StatementId };
  },
  remove: ({ ref: StatementId, properties }, making) =>
    making.invoke('lambda', 'RemovePermission', {
      FunctionName: text(properties, 'FunctionName'),
      StatementId,
    }),
};

const ASYNC = ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'DestinationConfig'];

const eventInvokeConfig: ResourceType = {
  properties: [...ASYNC, 'FunctionName', 'Qualifier'],
  replacedBy: ['FunctionName', 'Qualifier'],
  updates: ASYNC,
  async create(p, making) {
    await putEventInvoke(p, making);
    return { ref: making.uniqueName(64) };
  },
  async update(p, making, { ref }) {
    await putEventInvoke(p, making);
    return { ref };
  },
  remove: ({ properties }, making) =>
    making.invoke('lambda', 'DeleteFunctionEventInvokeConfig', pick(properties, 'FunctionName', 'Qualifier')),
};

async function putEventInvoke(p: Fields, making: Making): Promise<void> {
  await making.invoke('lambda', 'PutFunctionEventInvokeConfig', {
    ...p,
    MaximumEventAgeInSeconds: number(p, 'MaximumEventAgeInSeconds'),
    MaximumRetryAttempts: number(p, 'MaximumRetryAttempts'),
  });
}

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
  replacedBy: ['EventSourceArn'],
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
    };
  },
  remove: ({ ref: UUID }, making) => making.invoke('lambda', 'DeleteEventSourceMapping', { UUID }),
};

/** Functions and what belongs to them. */
export const lambdaTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': fn,
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
};
