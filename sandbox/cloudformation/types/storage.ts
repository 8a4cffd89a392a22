import { isDeepStrictEqual } from 'node:util';
import { type Making, number, onlyKnown, pick, type ResourceType, refuseDropped } from '../resource-type.ts';
import { type Fields, isFields } from '../template.ts';

const TABLE = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
  'TableClass',
];
const EXPIRY = 'TimeToLiveSpecification';
const RECOVERY = 'PointInTimeRecoverySpecification';

const table: ResourceType = {
  properties: [...TABLE, 'TableName', EXPIRY, RECOVERY, 'SSESpecification', 'Tags'],
  replacedBy: ['KeySchema', 'TableName'],
  updates: [EXPIRY, RECOVERY],
  async create(p, making) {
    const TableName = typeof p.TableName === 'string' ? p.TableName : making.uniqueName(255);
    const sse = isFields(p.SSESpecification) && { SSESpecification: encryption(p.SSESpecification) };
    const created = await making.invoke('dynamodb', 'CreateTable', {
      ...pick(p, ...TABLE),
      TableName,
      ...sse,
      Tags: making.tags,
    });
    // Boundary: CreateTable's own output.
    const { TableArn: Arn } = created.TableDescription as { TableArn: string };
    const made = { ref: TableName, attributes: { Arn } };
    making.begun(made);
    await keep(p, {}, making, TableName);
    return made;
  },
  async update(p, making, { ref, attributes = {}, properties }) {
    refuseDropped(p, properties, [EXPIRY, RECOVERY]);
    await keep(p, properties, making, ref);
    return { ref, attributes };
  },
  remove: ({ ref: TableName }, making) => making.invoke('dynamodb', 'DeleteTable', { TableName }),
};

/** How long items are kept, and whether the table can be brought back; DynamoDB refuses to be told twice. */
async function keep(p: Fields, before: Fields, making: Making, TableName: string): Promise<void> {
  const calls = { [EXPIRY]: 'UpdateTimeToLive', [RECOVERY]: 'UpdateContinuousBackups' };
  for (const [name, operation] of Object.entries(calls)) {
    if (p[name] === undefined || isDeepStrictEqual(p[name], before[name])) continue;
    await making.invoke('dynamodb', operation, { TableName, [name]: p[name] });
  }
}

/** CloudFormation says `SSEEnabled` where the API says `Enabled`. */
function encryption(specification: Fields): Fields {
  onlyKnown(specification, 'SSESpecification', ['SSEEnabled', 'SSEType', 'KMSMasterKeyId']);
  const { SSEEnabled: Enabled, ...rest } = specification;
  return { Enabled, ...rest };
}

const logGroup: ResourceType = {
  properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'],
  replacedBy: ['LogGroupName'],
  updates: ['RetentionInDays'],
  async create(p, making) {
    const logGroupName = typeof p.LogGroupName === 'string' ? p.LogGroupName : making.uniqueName(512);
    await making.invoke('cloudwatch-logs', 'CreateLogGroup', {
      logGroupName,
      logGroupClass: p.LogGroupClass,
      tags: Object.fromEntries(making.tags.map(({ Key, Value }) => [Key, Value])),
    });
    const { partition, region, account } = making;
    const Arn = `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}:*`;
    const made = { ref: logGroupName, attributes: { Arn } };
    making.begun(made);
    await retain(p, making, logGroupName);
    return made;
  },
  async update(p, making, { ref, attributes = {} }) {
    await retain(p, making, ref);
    return { ref, attributes };
  },
  remove: ({ ref: logGroupName }, making) =>
    making.invoke('cloudwatch-logs', 'DeleteLogGroup', { logGroupName }),
};

async function retain(p: Fields, making: Making, logGroupName: string): Promise<void> {
  const retentionInDays = number(p, 'RetentionInDays');
  const never = retentionInDays === undefined;
  await making.invoke('cloudwatch-logs', never ? 'DeleteRetentionPolicy' : 'PutRetentionPolicy', {
    ...{ logGroupName, retentionInDays },
  });
}

const ALARM = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Threshold',
  'TreatMissingData',
  'Unit',
];

const alarm: ResourceType = {
  properties: [...ALARM, 'AlarmName', 'Tags'],
  replacedBy: ['AlarmName'],
  updates: ALARM,
  async create(p, making) {
    const AlarmName = typeof p.AlarmName === 'string' ? p.AlarmName : making.uniqueName(255);
    await putAlarm(p, making, { AlarmName, Tags: making.tags });
    const { partition, region, account } = making;
    return {
      ref: AlarmName,
      attributes: { Arn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${AlarmName}` },
    };
  },
  async update(p, making, { ref, attributes = {} }) {
    await putAlarm(p, making, { AlarmName: ref });
    return { ref, attributes };
  },
  remove: ({ ref }, making) => making.invoke('cloudwatch', 'DeleteAlarms', { AlarmNames: [ref] }),
};

async function putAlarm(p: Fields, making: Making, more: Fields): Promise<void> {
  const numbers = ['DatapointsToAlarm', 'EvaluationPeriods', 'Period', 'Threshold'].map((name) => [
    name,
    number(p, name),
  ]);
  await making.invoke('cloudwatch', 'PutMetricAlarm', {
    ...pick(p, ...ALARM),
    ...Object.fromEntries(numbers),
    ...more,
  });
}

/** Tables, log groups and alarms. */
export const storageTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::CloudWatch::Alarm': alarm,
};
