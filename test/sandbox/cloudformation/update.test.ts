import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../lambda/fixture.ts';
import { impossible, Office, queue, template, topic } from './office.ts';

let office: Office;
beforeEach(() => {
  office = new Office();
});

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

/** The story of the last update, without its steps in progress and the stack's own. */
async function done(): Promise<readonly string[]> {
  const story = await office.story('shop', 'UPDATE_IN_PROGRESS');
  return story.filter((line) => !line.startsWith('shop ') && !line.endsWith('_IN_PROGRESS'));
}

describe('an update', () => {
  it('changes in place what can be, adds what is new and removes what is no longer asked for, last', async () => {
    await office.create({ TemplateBody: template({ Old: queue(), Topic: topic({ DisplayName: 'A' }) }) });
    const before = await office.refs();
    await office.update({ TemplateBody: template({ New: queue(), Topic: topic({ DisplayName: 'B' }) }) });

    expect(await done()).toEqual(['New CREATE_COMPLETE', 'Topic UPDATE_COMPLETE', 'Old DELETE_COMPLETE']);
    const after = await office.refs();
    expect(after.Topic).toBe(before.Topic);
    expect(await office.ask('sns', 'GetTopicAttributes', { TopicArn: after.Topic })).toMatchObject({
      Attributes: { DisplayName: 'B' },
    });
    expect(await office.ask('sqs', 'ListQueues')).toMatchObject({ QueueUrls: [after.New] });
    expect(await office.stack()).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      LastUpdatedTime: expect.any(Date),
    });
  });

  it('replaces what cannot be changed, and tells everything that refers to it', async () => {
    const shop = (TopicName: string) =>
      template(
        {
          Topic: topic({ TopicName }),
          Queue: queue(),
          Feed: {
            Type: 'AWS::SNS::Subscription',
            Properties: {
              TopicArn: { Ref: 'Topic' },
              Protocol: 'sqs',
              Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            },
          },
        },
        { Outputs: { Topic: { Value: { Ref: 'Topic' } } } },
      );
    await office.create({ TemplateBody: shop('one') });
    await office.update({ TemplateBody: shop('two') });

    const arn = 'arn:aws:sns:eu-west-1:111122223333:two';
    expect(await office.topics()).toEqual([arn]);
    expect((await office.refs()).Feed).toContain(`${arn}:`);
    expect((await office.stack())?.Outputs).toEqual([{ OutputKey: 'Topic', OutputValue: arn }]);
    expect((await done()).slice(-2)).toEqual(['Feed DELETE_COMPLETE', 'Topic DELETE_COMPLETE']);
  });

  it.each([
    ['replaced', 'UpdateReplacePolicy', template({ Topic: topic({ TopicName: 'two' }) }), 2],
    ['no longer asked for', 'DeletionPolicy', template({ Other: topic({ TopicName: 'two' }) }), 2],
  ])('leaves what is %s where %s retains it', async (_what, policy, TemplateBody, left) => {
    const kept = { ...topic({ TopicName: 'one' }), [policy]: 'Retain' };
    await office.create({ TemplateBody: template({ Topic: kept }) });
    await office.update({ TemplateBody });

    expect(await office.topics()).toHaveLength(left);
    expect(await done()).toContain('Topic DELETE_SKIPPED');
  });

  it('gives a role other rights, and takes away those that it is not to have', async () => {
    const role = (policies: Readonly<Record<string, string>>, ManagedPolicyArns: readonly string[]) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust,
        ManagedPolicyArns,
        Policies: Object.entries(policies).map(([PolicyName, action]) => ({
          PolicyName,
          PolicyDocument: allow(action),
        })),
      },
    });
    const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const ask = { Capabilities: ['CAPABILITY_IAM' as const] };
    await office.create({
      ...ask,
      TemplateBody: template({ Role: role({ a: 'sns:*', b: 'sqs:*' }, [readOnly]) }),
    });
    await office.update({
      ...ask,
      TemplateBody: template({ Role: role({ b: 'sqs:ListQueues', c: 'ssm:*' }, []) }),
    });

    const { Role: RoleName } = await office.refs();
    expect(await office.ask('iam', 'ListRolePolicies', { RoleName })).toMatchObject({
      PolicyNames: ['b', 'c'],
    });
    expect(await office.ask('iam', 'ListAttachedRolePolicies', { RoleName })).toMatchObject({
      AttachedPolicies: [],
    });
    const { PolicyDocument } = await office.ask('iam', 'GetRolePolicy', { RoleName, PolicyName: 'b' });
    expect(decodeURIComponent(String(PolicyDocument))).toContain('sqs:ListQueues');
  });

  it('brings new code from S3 to a function', async () => {
    const put = (Key: string, answer: number) =>
      office.ask('s3', 'PutObject', {
        Bucket: 'code',
        Key,
        Body: bundle({ 'index.mjs': `export const handler = async () => ${answer};` }),
      });
    await office.ask('s3', 'CreateBucket', {
      Bucket: 'code',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    await put('1/f.zip', 1);
    await put('2/f.zip', 2);
    const shop = (S3Key: string, more: object = {}) =>
      template({
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Bucket: 'code', S3Key },
            Handler: 'index.handler',
            Runtime: 'nodejs24.x',
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            ...more,
          },
        },
      });
    const ask = { Capabilities: ['CAPABILITY_IAM' as const] };
    const answer = async () => {
      const { Function: FunctionName } = await office.refs();
      const { Payload } = await office.ask('lambda', 'Invoke', { FunctionName });
      return Buffer.from(Payload as Uint8Array).toString();
    };
    await office.create({ ...ask, TemplateBody: shop('1/f.zip', { ReservedConcurrentExecutions: 2 }) });
    expect(await answer()).toBe('1');
    await office.update({ ...ask, TemplateBody: shop('2/f.zip', { MemorySize: 256 }) });
    expect(await answer()).toBe('2');
    const { Function: FunctionName } = await office.refs();
    expect(await office.ask('lambda', 'GetFunctionConcurrency', { FunctionName })).toEqual({});

    await office.update({ ...ask, TemplateBody: shop('3/f.zip') });
    expect(await office.stack()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await answer()).toBe('2');
    await office.sandbox.close();
  });

  it('that fails is taken back: what was changed, replaced, added and not yet removed is as before', async () => {
    const before = template({
      Same: queue({ DelaySeconds: 1 }),
      Named: topic({ TopicName: 'one' }),
      Gone: topic({ DisplayName: 'G' }),
    });
    await office.create({ TemplateBody: before });
    const refs = await office.refs();
    const after = { Same: queue({ DelaySeconds: 2 }), Named: topic({ TopicName: 'two' }), New: queue() };
    await office.update({ TemplateBody: template({ ...after, Z: impossible }) });

    expect(await office.stack()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await office.refs()).toEqual(refs);
    expect([...(await office.topics())].sort()).toEqual([refs.Gone, refs.Named].sort());
    const ask = { QueueUrl: refs.Same, AttributeNames: ['DelaySeconds'] };
    expect(await office.ask('sqs', 'GetQueueAttributes', ask)).toMatchObject({
      Attributes: { DelaySeconds: '1' },
    });
    expect(await done()).toEqual([
      'Same UPDATE_COMPLETE',
      'Named CREATE_COMPLETE',
      'New CREATE_COMPLETE',
      'Z CREATE_FAILED',
      'New DELETE_COMPLETE',
      'Named DELETE_COMPLETE',
      'Same UPDATE_COMPLETE',
    ]);
    await office.update({ TemplateBody: template(after) });
    expect(await office.stack()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  });

  it('of a property that the sandbox cannot change says which, and nothing is changed', async () => {
    const tagged = (Value: string) => template({ Queue: queue({ Tags: [{ Key: 'a', Value }] }) });
    await office.create({ TemplateBody: tagged('1') });
    await office.update({ TemplateBody: tagged('2') });
    expect(await office.stack()).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await office.reasons()).toContain('a change of Tags is not supported');
  });

  it.each<[string, object, object, string]>([
    ['to the same', {}, {}, 'No updates are to be performed.'],
    ['to another type', { Queue: topic() }, {}, 'Update of resource type is not permitted.'],
    ['of its tags', {}, { Tags: [{ Key: 'a', Value: '1' }] }, 'does not implement a change of Tags'],
  ])('%s is refused', async (_what, change, more, message) => {
    await office.create({ TemplateBody: template({ Queue: queue() }) });
    const TemplateBody = template({ Queue: queue(), ...change });
    await expect(office.update({ TemplateBody, ...more })).rejects.toThrow(message);
    expect(await office.stack()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  it('with the previous template and parameters changes only what is said', async () => {
    const TemplateBody = template(
      { Topic: topic({ DisplayName: { 'Fn::Sub': `\${A}\${B}` } }) },
      { Parameters: { A: { Type: 'String' }, B: { Type: 'String' } } },
    );
    const values = (A: object, B: object) => [
      { ParameterKey: 'A', ...A },
      { ParameterKey: 'B', ...B },
    ];
    const given = values({ ParameterValue: '1' }, { ParameterValue: '1' });
    await office.create({ TemplateBody, Parameters: given });
    const changed = values({ UsePreviousValue: true }, { ParameterValue: '2' });
    await office.update({ UsePreviousTemplate: true, Parameters: changed });
    const { Topic: TopicArn } = await office.refs();
    expect(await office.ask('sns', 'GetTopicAttributes', { TopicArn })).toMatchObject({
      Attributes: { DisplayName: '12' },
    });
  });
});

it('a stack whose bucket is not empty stays until it is', async () => {
  await office.create({ TemplateBody: template({ Topic: topic(), Bucket: { Type: 'AWS::S3::Bucket' } }) });
  const { Bucket } = await office.refs();
  await office.ask('s3', 'PutObject', { Bucket, Key: 'a', Body: Buffer.from('a') });
  const remove = async () => {
    await office.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    await office.sandbox.world.clock.settle();
  };
  await remove();
  expect(await office.stack()).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'The following resource(s) failed to delete: [Bucket].',
  });
  expect(await office.refs()).toEqual({ Bucket });

  await office.ask('s3', 'DeleteObject', { Bucket, Key: 'a' });
  await remove();
  await expect(office.stack()).rejects.toThrow('does not exist');
});
