import { request } from 'node:http';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client, EnableSerialConsoleAccessCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';

const opened: Sandbox[] = [];
const open = (options: Parameters<typeof createSandbox>[0] = {}) => {
  const sandbox = createSandbox(options);
  opened.push(sandbox);
  return sandbox;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

/** The settings of a client in process and of one over HTTP. */
const TRANSPORTS = {
  'in process': async (sandbox: Sandbox) => ({ ...sandbox.clientConfig(), maxAttempts: 1 }),
  'over HTTP': async (sandbox: Sandbox) => {
    const { endpoint } = await sandbox.listen();
    return { region: sandbox.region, endpoint, credentials: sandbox.credentials(), maxAttempts: 1 };
  },
};

describe.each(Object.entries(TRANSPORTS))('%s', (transport, configOf) => {
  it('answers a real client', async () => {
    const sts = new STSClient(await configOf(open()));
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));

    expect({ Account, Arn }).toEqual({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:root' });
  });

  it('cuts the connection on a reset', async () => {
    const sandbox = open();
    sandbox.world.faults.add({ service: 'sts', kind: 'reset' });
    const sts = new STSClient(await configOf(sandbox));

    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ECONNRESET',
    });
  });

  it('stays silent on a timeout', async () => {
    const sandbox = open();
    sandbox.world.faults.add({ service: 'sts', kind: 'timeout' });
    const sts = new STSClient({
      ...(await configOf(sandbox)),
      ...(transport === 'over HTTP'
        ? { requestHandler: { requestTimeout: 40, throwOnRequestTimeout: true } }
        : {}),
    });

    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('names what it does not implement, and answers 501', async () => {
    const sandbox = open();
    const ec2 = new EC2Client(await configOf(sandbox));

    await expect(ec2.send(new EnableSerialConsoleAccessCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: 'The sandbox does not implement ec2:EnableSerialConsoleAccess.',
      $metadata: { httpStatusCode: 501 },
    });
    expect(sandbox.world.calls).toMatchObject([
      { operation: 'EnableSerialConsoleAccess', error: 'NotImplemented' },
    ]);
  });

  it('reads compressed bodies', async () => {
    const sandbox = open();
    const config = { ...(await configOf(sandbox)), requestMinCompressionSizeBytes: 0 };
    const cloudwatch = new CloudWatchClient(config);
    const MetricData = [{ MetricName: 'Remediations', Value: 1 }];

    await expect(
      cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Web', MetricData })),
    ).resolves.toBeDefined();
  });

  it('waits as long as the latency says before it answers', async () => {
    const sandbox = open({ behaviour: { latencyMs: 30 } });
    const sts = new STSClient(await configOf(sandbox));
    const before = performance.now();
    await sts.send(new GetCallerIdentityCommand({}));

    expect(performance.now() - before).toBeGreaterThanOrEqual(28);
  });
});

it('shows a defect of its own in process as the very error, and over HTTP as a 500 that says so', async () => {
  const sandbox = open();
  const broken = () => {
    throw new TypeError('a bug');
  };
  sandbox.world.faults.add({ operation: 'GetCallerIdentity', kind: 'run', effect: broken });
  const inside = new STSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  const outside = new STSClient(await TRANSPORTS['over HTTP'](sandbox));

  await expect(inside.send(new GetCallerIdentityCommand({}))).rejects.toThrow(/^a bug$/);
  await expect(outside.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
});

describe('a service that it does not know', () => {
  const scope = 'Credential=AKIAEXAMPLE/20261102/eu-west-1/SERVICE/aws4_request';
  const ask = async (service: string, headers: Record<string, string> = {}) => {
    const { endpoint } = await open().listen();
    const authorization = `AWS4-HMAC-SHA256 ${scope.replace('SERVICE', service)}`;
    const answer = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization } });
    return { status: answer.status, body: await answer.text() };
  };
  const refusal = (service: string) => `The sandbox does not implement the service ${service}.`;

  it.each([
    ['kms', { 'content-type': 'application/x-amz-json-1.1' }, `"message":"${refusal('kms')}"`],
    [
      'redshift',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `<Message>${refusal('redshift')}</Message>`,
    ],
    ['glacier', {}, `"__type":"NotImplemented"`],
  ])('%s is named in an answer of its own format', async (service, headers, part) => {
    const { status, body } = await ask(service, headers);

    expect(status).toBe(501);
    expect(body).toContain(part);
  });

  it('is said to be unknown when the request names none', async () => {
    const { endpoint } = await open().listen();
    const answer = await fetch(endpoint);

    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain('the service that this request is meant for');
  });
});

it('sends no Date header, since clients would set their clocks by it', async () => {
  const { endpoint } = await open().listen();
  const headers = await new Promise((resolve, reject) => {
    request(endpoint, (response) => resolve(response.resume().headers))
      .on('error', reject)
      .end();
  });

  expect(headers).not.toHaveProperty('date');
});

it('gives free ports, and does not answer once it is closed', async () => {
  const one = open();
  const { endpoint } = await one.listen();
  await open().listen();
  const sts = new STSClient({
    region: 'eu-west-1',
    endpoint,
    credentials: one.credentials(),
    maxAttempts: 1,
  });
  await sts.send(new GetCallerIdentityCommand({}));
  await one.close();

  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/),
  });
});
