import { number, onlyKnown, pick, type ResourceType, text } from '../resource-type.ts';
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

const table: ResourceType = {
  properties: [
    ...TABLE,
    'TableName',
    'TimeToLiveSpecification',
    'PointInTimeRecoverySpecification',
    'SSESpecification',
    'Tags',
  ],
  async create(p, making) {
    const TableName = typeof p.TableName === 'string' ? p.TableName : making.uniqueName(255);
    const sse = isFields(p.SSESpecification) && { SSESpecification: encryption(p.SSESpecification) };
    const made = await making.invoke('dynamodb', 'CreateTable', {
      ...pick(p, ...TABLE),
      TableName,
      ...sse,
      Tags: making.tags,
    });
    const ttl = p.TimeToLiveSpecification;
    if (ttl !== undefined)
      await making.invoke('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: ttl });
    const recovery = p.PointInTimeRecoverySpecification;
    if (recovery !== undefined) {
      await making.invoke('dynamodb', 'UpdateContinuousBackups', {
        TableName,
        PointInTimeRecoverySpecification: recovery,
      });
    }
    // Boundary: CreateTable's own output.
    const { TableArn: Arn } = made.TableDescription as { TableArn: string };
    return {
      ref: TableName,
      attributes: { Arn },
      remove: () => making.invoke('dynamodb', 'DeleteTable', { TableName }),
    };
  },
};

/** CloudFormation says `SSEEnabled` where the API says `Enabled`. */
function encryption(specification: Fields): Fields {
  onlyKnown(specification, 'SSESpecification', ['SSEEnabled', 'SSEType', 'KMSMasterKeyId']);
  const { SSEEnabled: Enabled, ...rest } = specification;
  return { Enabled, ...rest };
}

const logGroup: ResourceType = {
  properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'],
  // The sandbox keeps what functions write by function, for ever: a group is a name and nothing more.
  async create(p, making) {
    const name = typeof p.LogGroupName === 'string' ? p.LogGroupName : making.uniqueName(512);
    const days = number(p, 'RetentionInDays');
    if (days !== undefined && days < 1) throw new Error('RetentionInDays must be positive');
    return {
      ref: name,
      attributes: {
        Arn: `arn:${making.partition}:logs:${making.region}:${making.account}:log-group:${name}:*`,
      },
    };
  },
};

const bucket: ResourceType = {
  properties: [
    'BucketName',
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'VersioningConfiguration',
    'Tags',
  ],
  // The deployment bucket of `serverless package`: until the sandbox has S3 it is a name and nothing more.
  async create(p, making) {
    const name = (typeof p.BucketName === 'string' ? p.BucketName : making.uniqueName(63)).toLowerCase();
    const DomainName = `${name}.s3.amazonaws.com`;
    return { ref: name, attributes: { Arn: `arn:${making.partition}:s3:::${name}`, DomainName } };
  },
};

const bucketPolicy: ResourceType = {
  properties: ['Bucket', 'PolicyDocument'],
  // As with its bucket: nobody can reach it yet, so nothing asks for its policy.
  async create(p) {
    return { ref: text(p, 'Bucket') };
  },
};

const alarm: ResourceType = {
  properties: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
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
    'Tags',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ],
  async create(p, making) {
    const AlarmName = typeof p.AlarmName === 'string' ? p.AlarmName : making.uniqueName(255);
    const numbers = ['DatapointsToAlarm', 'EvaluationPeriods', 'Period', 'Threshold'].map((name) => [
      name,
      number(p, name),
    ]);
    const { Tags: _, ...rest } = p;
    await making.invoke('cloudwatch', 'PutMetricAlarm', {
      ...rest,
      ...Object.fromEntries(numbers),
      AlarmName,
      Tags: making.tags,
    });
    const { partition, region, account } = making;
    return {
      ref: AlarmName,
      attributes: { Arn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${AlarmName}` },
      remove: () => making.invoke('cloudwatch', 'DeleteAlarms', { AlarmNames: [AlarmName] }),
    };
  },
};

/** Tables, log groups, buckets and alarms. */
export const storageTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::CloudWatch::Alarm': alarm,
};
