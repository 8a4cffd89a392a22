import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { impossible, Office, queue, template, topic } from './office.ts';

let office: Office;
beforeEach(() => {
  office = new Office();
});

const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    ...properties,
  },
});
const shop = template(
  { Topic: topic({ DisplayName: 'Shop' }), Queue: queue() },
  {
    Description: 'A shop',
    Parameters: { Stage: { Type: 'String', Default: 'dev' }, Secret: { Type: 'String', NoEcho: true } },
    Outputs: { Arn: { Value: { Ref: 'Topic' }, Export: { Name: 'shop-topic' } } },
  },
);
const Parameters = [{ ParameterKey: 'Secret', ParameterValue: 'xyz' }];

describe('a new stack', () => {
  it('is described with what it was given and what it made', async () => {
    const StackId = await office.create({
      TemplateBody: shop,
      Parameters,
      Tags: [{ Key: 'STAGE', Value: 'main' }],
    });
    const { Topic, Queue } = await office.refs();

    expect(await office.stack()).toMatchObject({
      StackId,
      StackName: 'shop',
      StackStatus: 'CREATE_COMPLETE',
      Description: 'A shop',
      Parameters: [
        { ParameterKey: 'Stage', ParameterValue: 'dev' },
        { ParameterKey: 'Secret', ParameterValue: '****' },
      ],
      Outputs: [{ OutputKey: 'Arn', OutputValue: Topic, ExportName: 'shop-topic' }],
      Tags: [{ Key: 'STAGE', Value: 'main' }],
    });
    const { Tags } = await office.ask('sqs', 'ListQueueTags', { QueueUrl: Queue });
    expect(Tags).toMatchObject({ STAGE: 'main', 'aws:cloudformation:stack-id': StackId });
    const { TemplateBody } = await office.client.send(new GetTemplateCommand({ StackName: 'shop' }));
    expect(TemplateBody).toBe(shop);
  });

  it('tells its events in order, latest first', async () => {
    await office.create({ TemplateBody: template({ Queue: queue() }), ClientRequestToken: 'one' });

    expect(await office.story()).toEqual([
      'shop CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      'shop CREATE_COMPLETE',
    ]);
    const { StackEvents = [] } = await office.client.send(
      new DescribeStackEventsCommand({ StackName: 'shop' }),
    );
    expect(new Set(StackEvents.map(({ EventId }) => EventId)).size).toBe(4);
    expect(StackEvents[0]).toMatchObject({
      ResourceType: 'AWS::CloudFormation::Stack',
      ClientRequestToken: 'one',
    });
  });

  it('lists its resources, its exports and, once gone, itself', async () => {
    const StackId = await office.create({ TemplateBody: shop, Parameters });
    const { Queue } = await office.refs();

    const listed = await office.client.send(new ListStackResourcesCommand({ StackName: 'shop' }));
    expect(listed.StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual([
      'Topic',
      'Queue',
    ]);
    const one = await office.client.send(
      new DescribeStackResourceCommand({ StackName: 'shop', LogicalResourceId: 'Queue' }),
    );
    expect(one.StackResourceDetail).toMatchObject({
      PhysicalResourceId: Queue,
      ResourceStatus: 'CREATE_COMPLETE',
    });
    const { Exports } = await office.client.send(new ListExportsCommand({}));
    expect(Exports).toMatchObject([{ Name: 'shop-topic', ExportingStackId: StackId }]);

    await office.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    await office.sandbox.world.clock.settle();
    const gone = await office.client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
    expect(gone.StackSummaries).toMatchObject([{ StackId, StackStatus: 'DELETE_COMPLETE' }]);
    expect(await office.stack(StackId)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    await expect(office.stack()).rejects.toThrow('Stack with id shop does not exist');
    expect(await office.topics()).toEqual([]);
  });

  it.each([
    ['ROLLBACK', 'ROLLBACK_COMPLETE', 0],
    ['DELETE', 'DELETE_COMPLETE', 0],
    ['DO_NOTHING', 'CREATE_FAILED', 1],
  ] as const)('that fails ends, with OnFailure %s, as %s', async (OnFailure, status, left) => {
    const TemplateBody = template({ Good: topic(), Bad: { ...impossible, DependsOn: 'Good' } });
    const StackId = await office.create({ TemplateBody, OnFailure });

    expect(await office.stack(StackId)).toMatchObject({ StackStatus: status });
    expect(await office.topics()).toHaveLength(left);
    expect(await office.story(StackId)).toContain('Bad CREATE_FAILED');
  });
});

describe('a template', () => {
  const bucket = async () => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' };
    await office.ask('s3', 'CreateBucket', { Bucket: 'templates', CreateBucketConfiguration });
    await office.ask('s3', 'PutObject', { Bucket: 'templates', Key: 'a/shop.json', Body: Buffer.from(shop) });
  };

  it.each([
    'https://s3.eu-west-1.amazonaws.com/templates/a/shop.json',
    'https://s3.amazonaws.com/templates/a/shop.json',
    'https://templates.s3.eu-west-1.amazonaws.com/a/shop.json',
  ])('is read from %s', async (TemplateURL) => {
    await bucket();
    await office.create({ TemplateURL, Parameters });
    expect(await office.stack()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  it('in S3 that is not there, or is nowhere in S3, is refused', async () => {
    await bucket();
    const missing = { TemplateURL: 'https://s3.eu-west-1.amazonaws.com/templates/b.json' };
    await expect(office.create(missing)).rejects.toThrow('S3 error: The specified key does not exist.');
    const elsewhere = { TemplateURL: 'https://example.com/templates/b.json' };
    await expect(office.create(elsewhere)).rejects.toThrow('TemplateURL must be a supported URL.');
  });

  it.each<[string, object, readonly string[], string | undefined]>([
    ['a role', { Role: role() }, [], 'CAPABILITY_IAM'],
    ['a role', { Role: role() }, ['CAPABILITY_NAMED_IAM'], undefined],
    ['a role of this name', { Role: role({ RoleName: 'own' }) }, ['CAPABILITY_IAM'], 'CAPABILITY_NAMED_IAM'],
    ['a role of this name', { Role: role({ RoleName: 'own' }) }, ['CAPABILITY_NAMED_IAM'], undefined],
    ['no IAM', { Topic: topic() }, [], undefined],
  ])('with %s needs what its caller acknowledges (%#)', async (_title, resources, given, needed) => {
    const TemplateBody = template(resources);
    const Capabilities = given.map((each) => (each === 'CAPABILITY_IAM' ? each : 'CAPABILITY_NAMED_IAM'));
    const made = office.create({ TemplateBody, Capabilities });

    if (needed === undefined) await expect(made).resolves.toBeDefined();
    else {
      await expect(made).rejects.toMatchObject({
        name: 'InsufficientCapabilitiesException',
        message: `Requires capabilities : [${needed}]`,
      });
    }
  });

  it('is validated: its parameters and the capabilities that it needs', async () => {
    const TemplateBody = template(
      { Role: role() },
      { Parameters: { Stage: { Type: 'String', Default: 'dev' } } },
    );
    expect(await office.client.send(new ValidateTemplateCommand({ TemplateBody }))).toMatchObject({
      Parameters: [{ ParameterKey: 'Stage', DefaultValue: 'dev', NoEcho: false }],
      Capabilities: ['CAPABILITY_IAM'],
    });
    const nothing = new ValidateTemplateCommand({ TemplateBody: '{}' });
    await expect(office.client.send(nothing)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it.each<[string, string, string, RegExp]>([
    ['YAML', 'Resources: {}', 'NotImplemented', /templates other than JSON/],
    [
      'a type',
      template({ V: { Type: 'AWS::EC2::VPC' } }),
      'NotImplemented',
      /^V \(AWS::EC2::VPC\): this resource/,
    ],
    [
      'a property',
      template({ Q: queue({ Color: 1 }) }),
      'NotImplemented',
      /^Q \(AWS::SQS::Queue\): Color is not/,
    ],
    [
      'a reference',
      template({ Q: { ...queue(), DependsOn: 'X' } }),
      'ValidationError',
      /DependsOn X does not exist/,
    ],
    ['a parameter', shop, 'ValidationError', /Parameters: \[Secret\] must have values/],
  ])(
    'that %s is wrong with is refused by name, before anything is made',
    async (_what, TemplateBody, name, message) => {
      await expect(office.create({ TemplateBody })).rejects.toMatchObject({
        name,
        message: expect.stringMatching(message),
      });
      await expect(office.stack()).rejects.toThrow('does not exist');
    },
  );
});

describe('whoever calls', () => {
  it('needs the right to make a stack', async () => {
    const client = office.guest('sns:*');
    await expect(office.create({ TemplateBody: template({ Topic: topic() }) }, client)).rejects.toThrow(
      /not authorized to perform: cloudformation:CreateStack/,
    );
  });

  it('needs the right to everything that the stack makes', async () => {
    const client = office.guest('cloudformation:*', 'sns:*');
    const TemplateBody = template({ Topic: topic(), Queue: { ...queue(), DependsOn: 'Topic' } });
    const StackId = await office.create({ TemplateBody, OnFailure: 'DO_NOTHING' }, client);

    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: StackId }));
    const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    expect(failed.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['shop', 'Queue']);
    expect(failed[1]?.ResourceStatusReason).toMatch(/not authorized to perform: sqs:createqueue/i);
  });

  it('is seen in CloudTrail, without the template', async () => {
    const details: unknown[] = [];
    office.sandbox.world.onEvent(({ source, detail }) => {
      if (source === 'aws.cloudformation') details.push(detail);
    });
    await office.create({ TemplateBody: template({ Topic: topic() }) });
    expect(details).toMatchObject([
      {
        eventName: 'CreateStack',
        requestParameters: { stackName: 'shop' },
        userIdentity: { userName: 'ana' },
      },
    ]);
    expect(JSON.stringify(details)).not.toContain('templateBody');
  });

  it('who names a stack twice, or one that is not there, is told so', async () => {
    const TemplateBody = template({ Topic: topic() });
    await expect(office.update({ TemplateBody })).rejects.toThrow('Stack [shop] does not exist');
    await expect(office.story()).rejects.toThrow('Stack [shop] does not exist');
    await office.client.send(new DeleteStackCommand({ StackName: 'shop' }));

    await office.create({ TemplateBody });
    await expect(office.create({ TemplateBody })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [shop] already exists',
    });
    const strange = new DescribeStackResourceCommand({ StackName: 'shop', LogicalResourceId: 'X' });
    await expect(office.client.send(strange)).rejects.toThrow('Resource X does not exist for stack shop');
  });
});
