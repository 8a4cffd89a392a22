import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteStack, deploy } from '../../../sandbox/cloudformation/deploy.ts';
import { logsOf } from '../../../sandbox/lambda/logs.ts';
import { seen } from '../eventbridge/fixture.ts';
import { bundle, type Workshop, workshop } from '../lambda/fixture.ts';

let shop: Workshop;
beforeEach(() => {
  shop = workshop();
});
afterEach(() => shop.sandbox.close());

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const allow = (Action: string, Resource: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** A small stack of the shape that `serverless package` writes. */
const resources = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  Logs: {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/aws/lambda/seen', RetentionInDays: 90 },
  },
  Seen: {
    Type: 'AWS::Lambda::Function',
    DependsOn: ['Logs'],
    Properties: {
      FunctionName: 'seen',
      Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: 'serverless/shop/main/1-2026/seen.zip' },
      Handler: 'src/seen.handler',
      Runtime: 'nodejs24.x',
      Role: arn('SeenRole'),
      MemorySize: '256',
      Timeout: 10,
      ReservedConcurrentExecutions: 10,
      Environment: { Variables: { TABLE: { Ref: 'Table' }, COUNT: 3 } },
    },
  },
  SeenRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Policies: [
        { PolicyName: 'send', PolicyDocument: allow('sqs:*', [arn('Dead'), arn('Work')]) },
        { PolicyName: 'log', PolicyDocument: allow('logs:*', '*') },
      ],
    },
  },
  Retry: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'Seen' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: arn('Dead') } },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.sns'], detail: { eventName: ['CreateTopic'] } },
      Targets: [{ Id: 'seen', Arn: arn('Seen'), RetryPolicy: { MaximumEventAgeInSeconds: 3600 } }],
    },
  },
  RuleMayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('Seen'),
      Principal: 'events.amazonaws.com',
      SourceArn: arn('Rule'),
    },
  },
  Sweep: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(0 9 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arn('Seen'), RoleArn: arn('SweepRole'), Input: '{"sweep":true}' },
    },
  },
  SweepRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust('scheduler.amazonaws.com'),
      Policies: [{ PolicyName: 'run', PolicyDocument: allow('lambda:InvokeFunction', arn('Seen')) }],
    },
  },
  Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
  Work: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 2 },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    DependsOn: ['SeenRole'],
    Properties: { EventSourceArn: arn('Work'), FunctionName: arn('Seen'), BatchSize: 1, Enabled: true },
  },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'Shop' } },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: arn('SeenRole') },
            Action: 'sns:Publish',
            Resource: { Ref: 'Topic' },
          },
        ],
      },
    },
  },
  ToWork: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'sqs',
      Endpoint: arn('Work'),
      RawMessageDelivery: true,
    },
  },
  Switch: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/shop/switch', Type: 'String', Value: 'off', AllowedPattern: '^(on|off)$' },
  },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Seen' } }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    },
  },
};
const template = {
  Resources: resources,
  Outputs: { Table: { Value: { Ref: 'Table' } }, Topic: { Value: { 'Fn::Sub': `\${Topic}/\${Seen.Arn}` } } },
};
const artifacts = {
  'seen.zip': bundle({
    'src/seen.mjs': `export const handler = async (event) => {
      process.stdout.write('SEEN ' + JSON.stringify(event.Records ? { record: event.Records[0].body } : event) + '\\n');
      if (event.Records?.[0].body === 'bad') throw new Error('bad');
      return process.env;
    };`,
  }),
};

describe('a packaged template', () => {
  it('becomes a stack that works', async () => {
    const stack = await deploy(shop.sandbox, { template, artifacts, name: 'shop' });

    expect(stack.outputs.Table).toMatch(/^shop-Table-[0-9A-F]{12}$/);
    expect(stack.outputs.Topic).toContain('/arn:aws:lambda:eu-west-1:111122223333:function:seen');
    expect(stack.resources.size).toBe(Object.keys(resources).length);
    const { answer } = await shop.run('seen');
    expect(answer).toMatchObject({
      TABLE: stack.outputs.Table,
      COUNT: '3',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    });

    await shop.call('sns', 'CreateTopic', { Name: 'eve' });
    await shop.sandbox.world.clock.settle();
    expect(seen(shop)).toContainEqual(
      expect.objectContaining({ source: 'aws.sns', 'detail-type': 'AWS API Call via CloudTrail' }),
    );

    await shop.sandbox.world.clock.advance(3_600_000);
    expect(seen(shop)).toContainEqual({ sweep: true });
  });

  it('B5.7 feeds the function from its queue, and what keeps failing goes to the dead letters', async () => {
    const stack = await deploy(shop.sandbox, { template, artifacts });
    const url = (id: string) => stack.resources.get(id)?.physicalId;
    await shop.call('sqs', 'SendMessage', { QueueUrl: url('Work'), MessageBody: 'good' });
    await shop.call('sqs', 'SendMessage', { QueueUrl: url('Work'), MessageBody: 'bad' });
    await shop.sandbox.world.clock.advance(600_000);

    expect(seen(shop).filter((each) => JSON.stringify(each) === '{"record":"good"}')).toHaveLength(1);
    expect(seen(shop).filter((each) => JSON.stringify(each) === '{"record":"bad"}')).toHaveLength(2);
    const { Messages } = await shop.call('sqs', 'ReceiveMessage', { QueueUrl: url('Dead') });
    expect(Messages).toEqual([expect.objectContaining({ Body: 'bad' })]);
  });

  it('takes the stack away again, but not what it was told to keep', async () => {
    const { outputs } = await deploy(shop.sandbox, { template, artifacts });
    await deleteStack(shop.sandbox);

    await expect(shop.run('seen')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect((await shop.call('eventbridge', 'ListRules', {})).Rules).toEqual([]);
    expect((await shop.call('dynamodb', 'ListTables', {})).TableNames).toEqual([outputs.Table]);
    await deploy(shop.sandbox, { template, artifacts });
  });

  it('is deployed again as an update of the same stack', async () => {
    const first = await deploy(shop.sandbox, { template, artifacts, name: 'shop' });
    const { ToWork: _, TopicPolicy: __, ...fewer } = resources;
    const artifact = bundle({ 'src/seen.mjs': 'export const handler = async () => 2;' });
    const again = {
      ...template,
      Resources: {
        ...fewer,
        // Every deployment has a key of its own, as `serverless` writes them.
        Seen: {
          ...resources.Seen,
          Properties: { ...resources.Seen.Properties, Code: { S3Key: '2-2026/seen.zip' } },
        },
      },
    };
    const second = await deploy(shop.sandbox, {
      template: again,
      artifacts: { 'seen.zip': artifact },
      name: 'shop',
    });

    expect(second.id).toBe(first.id);
    expect(second.outputs).toEqual(first.outputs);
    expect((await shop.run('seen')).answer).toBe(2);
    const TopicArn = second.resources.get('Topic')?.physicalId;
    expect((await shop.call('sns', 'ListSubscriptionsByTopic', { TopicArn })).Subscriptions).toEqual([]);
    const { Attributes } = await shop.call('sns', 'GetTopicAttributes', { TopicArn });
    expect(JSON.stringify(Attributes)).toContain('__default_policy_ID');
  });

  it('has a real bucket and a real log group, marked as its own', async () => {
    const stack = await deploy(shop.sandbox, { template, artifacts, name: 'shop' });
    const Bucket = stack.resources.get('Bucket')?.physicalId;

    expect(Bucket).toMatch(/^shop-bucket-[0-9a-f]{12}$/);
    const { TagSet } = await shop.call('s3', 'GetBucketTagging', { Bucket });
    expect(TagSet).toContainEqual({ Key: 'aws:cloudformation:stack-name', Value: 'shop' });
    const { logGroups } = await shop.call('cloudwatch-logs', 'DescribeLogGroups', {});
    expect(logGroups).toMatchObject([{ logGroupName: '/aws/lambda/seen', retentionInDays: 90 }]);
  });

  it('names the tags of its stack on what it makes', async () => {
    const stack = await deploy(shop.sandbox, { template, artifacts, name: 'shop' });
    const { Tags } = await shop.call('lambda', 'ListTags', {
      Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:seen',
    });
    expect(Tags).toMatchObject({
      'aws:cloudformation:stack-name': 'shop',
      'aws:cloudformation:stack-id': stack.id,
      'aws:cloudformation:logical-id': 'Seen',
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'a resource type',
      { Queue: { Type: 'AWS::EC2::Instance' } },
      /^Queue \(AWS::EC2::Instance\): this resource type is not supported$/,
    ],
    [
      'a property',
      { Dead: { Type: 'AWS::SQS::Queue', Properties: { Color: 'red' } } },
      /^Dead \(AWS::SQS::Queue\): Color is not supported$/,
    ],
    [
      'a property within',
      {
        Seen: {
          Type: 'AWS::Lambda::Function',
          Properties: { ...resources.Seen.Properties, Code: { ImageUri: 'x' } },
        },
      },
      /^Seen \(AWS::Lambda::Function\): Code\.ImageUri is not supported$/,
    ],
    [
      'a missing bundle',
      {
        Seen: {
          ...resources.Seen,
          Properties: { ...resources.Seen.Properties, Code: { S3Key: 'x/other.zip' } },
        },
      },
      /^Seen \(AWS::Lambda::Function\): Code\.S3Key x\/other\.zip: no artifact other\.zip was given$/,
    ],
    [
      'what the service refuses',
      { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: 'x' } } } },
      /^Rule \(AWS::Events::Rule\): Event pattern is not valid/,
    ],
  ])('is refused with the name of %s, and nothing of it stays', async (_title, change, reason) => {
    const broken = { Resources: { ...resources, ...change } };
    await expect(deploy(shop.sandbox, { template: broken, artifacts })).rejects.toThrow(reason);

    expect((await shop.call('sqs', 'ListQueues', {})).QueueUrls ?? []).toEqual([]);
    expect((await shop.call('lambda', 'ListFunctions', {})).Functions).toEqual([]);
  });

  it('leaves out what its conditions exclude', async () => {
    const conditional = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic', Condition: 'IsProd' },
        Dead: { Type: 'AWS::SQS::Queue' },
      },
      Outputs: { Topic: { Condition: 'IsProd', Value: { Ref: 'Topic' } } },
    };
    const dev = await deploy(shop.sandbox, { template: conditional, name: 'dev' });
    const prod = await deploy(shop.sandbox, {
      template: conditional,
      name: 'prod',
      parameters: { Stage: 'prod' },
    });
    expect([[...dev.resources.keys()], dev.outputs]).toEqual([['Dead'], {}]);
    expect([...prod.resources.keys()].sort()).toEqual(['Dead', 'Topic']);
    expect(logsOf(shop.sandbox.world)).toEqual([]);
  });
});
