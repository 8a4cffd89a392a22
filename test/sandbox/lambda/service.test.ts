import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
  ListFunctionsCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { succeeded } from '../../../sandbox/lambda/sqs-event.ts';
import { bundle, ROLE, type Workshop, workshop } from './fixture.ts';

let shop: Workshop;
let client: LambdaClient;
beforeEach(() => {
  shop = workshop();
  // Boundary: the sandbox's handler is typed without the SDK's own request and response classes.
  client = new LambdaClient({ ...shop.sandbox.clientConfig(), maxAttempts: 1 } as LambdaClientConfig);
});
afterEach(() => shop.sandbox.close());

const create = (name: string, change: object = {}) =>
  client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: bundle({ 'index.mjs': 'export const handler = async (event) => ({ got: event });' }) },
      ...change,
    }),
  );

describe('Lambda, asked by its SDK client', () => {
  it('makes a function, tells it and runs it', async () => {
    expect(await create('echo')).toMatchObject({
      State: 'Active',
      MemorySize: 128,
      Timeout: 3,
      Version: '$LATEST',
    });
    expect(
      (await client.send(new ListFunctionsCommand({}))).Functions?.map(({ FunctionName }) => FunctionName),
    ).toEqual(['echo']);
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'echo', Payload: '{"a":1}', LogType: 'Tail' }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.Payload?.transformToString()).toBe('{"got":{"a":1}}');
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(/^START RequestId: /);
  });

  it('takes new settings to the next invocation', async () => {
    await create('echo');
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'echo',
        Timeout: 9,
        Environment: { Variables: { A: '1' } },
      }),
    );
    expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'echo' }))).toMatchObject({
      Timeout: 9,
      MemorySize: 128,
      Environment: { Variables: { A: '1' } },
    });
  });

  it.each<[string, object, string, RegExp]>([
    ['a runtime that it cannot run', { Runtime: 'python3.13' }, 'NotImplemented', /python3\.13/],
    [
      'what is no zip',
      { Code: { ZipFile: new Uint8Array([1, 2, 3]) } },
      'InvalidParameterValueException',
      /Could not unzip/,
    ],
    [
      'a variable that Lambda keeps',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      /reserved keys/,
    ],
    [
      'a time-out beyond 15 minutes',
      { Timeout: 901 },
      'InvalidParameterValueException',
      /less than or equal to 900/,
    ],
    [
      'too little memory',
      { MemorySize: 64 },
      'InvalidParameterValueException',
      /greater than or equal to 128/,
    ],
    [
      'a setting that the sandbox does not know',
      { VpcConfig: { SubnetIds: ['s'] } },
      'NotImplemented',
      /CreateFunction: VpcConfig/,
    ],
  ])('refuses %s', async (_title, change, name, message) => {
    await expect(create('echo', change)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name twice, and what is not JSON', async () => {
    await create('echo');
    await expect(create('echo')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(
      client.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{' })),
    ).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    await expect(client.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('B6.13 keeps who may invoke it, by service, source and account', async () => {
    await create('echo');
    const permission = {
      FunctionName: 'echo',
      StatementId: 'topic',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
    };
    const SourceArn = 'arn:aws:sns:eu-west-1:111122223333:news';
    await client.send(new AddPermissionCommand({ ...permission, SourceArn, SourceAccount: '111122223333' }));
    const { Policy = '' } = await client.send(new GetPolicyCommand({ FunctionName: 'echo' }));
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 'topic',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:echo',
        Condition: {
          StringEquals: { 'AWS:SourceAccount': '111122223333' },
          ArnLike: { 'AWS:SourceArn': SourceArn },
        },
      },
    ]);
    await client.send(new RemovePermissionCommand({ FunctionName: 'echo', StatementId: 'topic' }));
    await expect(client.send(new GetPolicyCommand({ FunctionName: 'echo' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('B5.7 of a batch from a queue', () => {
  const messages = ['a', 'b'].map((MessageId) => ({
    MessageId,
    ReceiptHandle: MessageId,
    Body: '',
    MD5OfBody: '',
  }));
  const result = (payload: unknown, functionError?: 'Unhandled') => ({
    payload: JSON.stringify(payload),
    executedVersion: '$LATEST',
    logTail: '',
    durationMs: 1,
    ...(functionError && { functionError }),
  });

  it.each<[string, unknown, boolean, string[]]>([
    ['all are done without a report', null, true, ['a', 'b']],
    ['all are done with an empty report', { batchItemFailures: [] }, true, ['a', 'b']],
    ['those that are named are not done', { batchItemFailures: [{ itemIdentifier: 'b' }] }, true, ['a']],
    ['none is done when a stranger is named', { batchItemFailures: [{ itemIdentifier: 'z' }] }, true, []],
    ['none is done when the report is broken', { batchItemFailures: [{ id: 'a' }] }, true, []],
    ['none is done when the report is no list', { batchItemFailures: 'a' }, true, []],
    [
      'a report counts only where it was agreed',
      { batchItemFailures: [{ itemIdentifier: 'b' }] },
      false,
      ['a', 'b'],
    ],
  ])('%s', (_title, payload, agreed, done) => {
    expect(succeeded(messages, result(payload), agreed).map(({ MessageId }) => MessageId)).toEqual(done);
  });

  it('none is done when the function failed', () => {
    expect(succeeded(messages, result({}, 'Unhandled'), true)).toEqual([]);
  });
});
