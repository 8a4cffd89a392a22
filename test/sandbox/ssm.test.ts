import * as ssm from '@aws-sdk/client-ssm';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';

const Name = '/reeve/kill-switch';
const ARN = 'arn:aws:ssm:eu-west-1:111122223333:parameter/reeve/kill-switch';

let sandbox: Sandbox;
let client: ssm.SSMClient;
beforeEach(async () => {
  sandbox = createSandbox();
  client = new ssm.SSMClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  await put('off');
});

const put = (Value: string, more: Partial<ssm.PutParameterCommandInput> = {}) =>
  client.send(new ssm.PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (name = Name, WithDecryption = false) =>
  (await client.send(new ssm.GetParameterCommand({ Name: name, WithDecryption }))).Parameter;

it('a parameter is read by name, by ARN and by version', async () => {
  expect(await get()).toEqual({
    Name,
    ARN,
    Value: 'off',
    Version: 1,
    Type: 'String',
    DataType: 'text',
    LastModifiedDate: new Date(sandbox.world.clock.now()),
  });
  expect((await put('on', { Overwrite: true })).Version).toBe(2);
  expect((await get(ARN))?.Value).toBe('on');
  expect((await get(`${Name}:1`))?.Value).toBe('off');
  const described = await client.send(new ssm.DescribeParametersCommand({}));
  expect(described.Parameters).toMatchObject([{ Name, Version: 2 }]);
});

it('a parameter with a name of one word has its own ARN', async () => {
  await put('x', { Name: 'switch' });
  expect((await get('arn:aws:ssm:eu-west-1:111122223333:parameter/switch'))?.Value).toBe('x');
});

it('B6.2 a parameter that is not there is ParameterNotFound', async () => {
  await client.send(new ssm.DeleteParameterCommand({ Name }));
  await expect(get()).rejects.toMatchObject({
    name: 'ParameterNotFound',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(client.send(new ssm.DeleteParameterCommand({ Name }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  await expect(get(`${Name}:7`)).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

it('several are read at once, the missing ones are named', async () => {
  const { Parameters, InvalidParameters } = await client.send(
    new ssm.GetParametersCommand({ Names: [Name, '/none'] }),
  );
  expect(Parameters).toMatchObject([{ Name, Value: 'off' }]);
  expect(InvalidParameters).toEqual(['/none']);
});

it('a secret is shown only when decryption is asked for', async () => {
  await put('hush', { Name: '/secret', Type: 'SecureString' });
  expect((await get('/secret'))?.Value).not.toContain('hush');
  expect((await get('/secret', true))?.Value).toBe('hush');
});

it.each<[string, Partial<ssm.PutParameterCommandInput>, string]>([
  ['an existing name without Overwrite', {}, 'ParameterAlreadyExists'],
  ['a name that begins with aws', { Name: '/aws/x' }, 'ValidationException'],
  ['a path that is not fully qualified', { Name: 'a/b' }, 'ValidationException'],
  ['no type', { Name: '/new', Type: undefined }, 'ValidationException'],
  ['4,097 bytes', { Name: '/new', Value: 'x'.repeat(4097) }, 'ValidationException'],
  [
    'a value against the allowed pattern',
    { Name: '/new', AllowedPattern: '[a-c]' },
    'ParameterPatternMismatchException',
  ],
  ['a parameter policy', { Name: '/new', Policies: '[]' }, 'NotImplemented'],
])('%s is refused', async (_, input, name) => {
  await expect(put('x', input)).rejects.toMatchObject({ name });
});

it('4,096 bytes pass', async () => {
  expect((await put('x'.repeat(4096), { Name: '/new' })).Version).toBe(1);
});

it('a document is read as it was made; one that is not there is InvalidDocument', async () => {
  const preferences = { Name: 'SSM-SessionManagerRunShell', DocumentType: 'Session' } as const;
  const read = () => client.send(new ssm.GetDocumentCommand({ Name: preferences.Name }));
  await expect(read()).rejects.toMatchObject({ name: 'InvalidDocument' });
  await client.send(new ssm.CreateDocumentCommand({ ...preferences, Content: '{"inputs":{}}' }));
  expect(await read()).toMatchObject({ Content: '{"inputs":{}}', DocumentType: 'Session', Status: 'Active' });
  await expect(
    client.send(new ssm.CreateDocumentCommand({ ...preferences, Content: '{}' })),
  ).rejects.toMatchObject({ name: 'DocumentAlreadyExists' });
});
