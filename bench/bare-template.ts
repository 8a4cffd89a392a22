const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const statement = (given: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...given }],
});

/** The bare script as a function of its own stack, set off by the same event as Reeve's. */
export const BARE_TEMPLATE = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: statement({
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        Policies: [{ PolicyName: 'all', PolicyDocument: statement({ Action: '*', Resource: '*' }) }],
      },
    },
    Bare: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'bare',
        Code: { S3Key: 'bare.zip' },
        Handler: 'handler.handler',
        Runtime: 'nodejs24.x',
        Role: arn('Role'),
        MemorySize: 512,
        Timeout: 300,
        Environment: { Variables: { BARE_TABLE: { Ref: 'Table' }, BARE_TOPIC: { Ref: 'Topic' } } },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.ec2'], detail: { eventName: ['AuthorizeSecurityGroupIngress'] } },
        Targets: [{ Id: 'bare', Arn: arn('Bare') }],
      },
    },
    RuleMayInvoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn('Bare'),
        Principal: 'events.amazonaws.com',
        SourceArn: arn('Rule'),
      },
    },
  },
};
