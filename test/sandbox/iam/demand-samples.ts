const ACCOUNT = 'eu-west-1:111122223333';
const TABLE = 'journal';
const RULE = `arn:aws:events:${ACCOUNT}:rule/open-ssh`;
const FUNCTION = `arn:aws:lambda:${ACCOUNT}:function:sweep`;

/** Members that operations pick resources from; an operation takes what it knows and leaves the rest. */
export const SAMPLE: Readonly<Record<string, unknown>> = {
  AlarmName: 'depth',
  AlarmNames: ['depth'],
  FunctionName: 'sweep',
  Name: 'findings',
  Names: ['/reeve/kill-switch'],
  PolicyArn: 'arn:aws:iam::111122223333:policy/reeve',
  PolicyName: 'reeve',
  QueueName: 'dead',
  QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
  RoleName: 'sweep',
  RoleSessionName: 'one',
  RoleArn: 'arn:aws:iam::111122223333:role/sweep',
  StackName: 'reeve-main',
  SubscriptionArn: `arn:aws:sns:${ACCOUNT}:findings:0a1b2c3d-1111-4222-8333-000000000001`,
  TableName: TABLE,
  TopicArn: `arn:aws:sns:${ACCOUNT}:findings`,
  UserName: 'ana',
  UUID: '0a1b2c3d-1111-4222-8333-000000000002',
};

const LOG_GROUP = { resourceArn: `arn:aws:logs:${ACCOUNT}:log-group:/aws/lambda/sweep` };
const DATABASE = { ResourceName: `arn:aws:rds:${ACCOUNT}:db:orders` };
const ZONE = { HostedZoneId: 'Z0123', Id: 'Z0123' };
const item = { TableName: TABLE, Key: { run: { S: 'r1' } } };

/** Where an operation needs something else under the same name, or something nested. */
export const SAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'cloudwatch-logs:ListTagsForResource': LOG_GROUP,
  'cloudwatch-logs:TagResource': LOG_GROUP,
  'cloudwatch-logs:UntagResource': LOG_GROUP,
  'dynamodb:BatchGetItem': { RequestItems: { [TABLE]: {} } },
  'dynamodb:BatchWriteItem': { RequestItems: { [TABLE]: [] } },
  'dynamodb:ListTagsOfResource': { ResourceArn: `arn:aws:dynamodb:${ACCOUNT}:table/${TABLE}` },
  'dynamodb:Query': { IndexName: 'by-time' },
  'dynamodb:TagResource': { ResourceArn: `arn:aws:dynamodb:${ACCOUNT}:table/${TABLE}` },
  'dynamodb:TransactGetItems': { TransactItems: [{ Get: item }] },
  'dynamodb:TransactWriteItems': {
    TransactItems: [{ Put: item }, { Update: item }, { Delete: item }, { ConditionCheck: item }],
  },
  'dynamodb:UntagResource': { ResourceArn: `arn:aws:dynamodb:${ACCOUNT}:table/${TABLE}` },
  'eventbridge:ListTagsForResource': { ResourceARN: RULE },
  'eventbridge:PutEvents': { Entries: [{}] },
  'eventbridge:TagResource': { ResourceARN: RULE },
  'eventbridge:UntagResource': { ResourceARN: RULE },
  'lambda:CreateFunction': { Role: 'arn:aws:iam::111122223333:role/sweep' },
  'lambda:ListTags': { Resource: FUNCTION },
  'lambda:TagResource': { Resource: FUNCTION },
  'lambda:UntagResource': { Resource: FUNCTION },
  'organizations:AttachPolicy': { PolicyId: 'p-0123456789' },
  'organizations:DetachPolicy': { PolicyId: 'p-0123456789' },
  'route-53:ChangeResourceRecordSets': ZONE,
  'route-53:DeleteHostedZone': ZONE,
  'route-53:ListResourceRecordSets': ZONE,
  'rds:AddTagsToResource': DATABASE,
  'rds:ListTagsForResource': DATABASE,
  'rds:RemoveTagsFromResource': DATABASE,
  's3-control:ListTagsForResource': { ResourceArn: 'arn:aws:s3:::stale-logs' },
  's3-control:TagResource': { ResourceArn: 'arn:aws:s3:::stale-logs' },
  's3-control:UntagResource': { ResourceArn: 'arn:aws:s3:::stale-logs' },
  'sns:ListTagsForResource': { ResourceArn: `arn:aws:sns:${ACCOUNT}:findings` },
  'sns:TagResource': { ResourceArn: `arn:aws:sns:${ACCOUNT}:findings` },
  'sns:UntagResource': { ResourceArn: `arn:aws:sns:${ACCOUNT}:findings` },
};
