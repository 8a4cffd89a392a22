import { beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/core/errors.ts';
import { services } from '../../../sandbox/services/registry.ts';
import { text } from '../../../sandbox/wire/message.ts';
import { modelOf, type ServiceModel } from '../../../sandbox/wire/model.ts';
import { type ProtocolName, protocols } from '../../../sandbox/wire/protocols.ts';

const requestId = '7d213b2e-2391-4675-a3f5-278cdcb27d38';
const models = new Map<string, ServiceModel>();
beforeEach(async () => {
  for (const service of services) models.set(service.name, await modelOf(service));
});

async function written(service: string, protocol: ProtocolName, operation: string, output: unknown) {
  const model = models.get(service);
  const described = model?.operation(operation);
  if (!model || !described) throw new Error(`no ${service}:${operation}`);
  const { body, ...rest } = await protocols[protocol].writeOutput(output, { model, requestId }, described);
  return { ...rest, body: body instanceof Uint8Array ? text(body) : '' };
}

async function refused(service: string, protocol: ProtocolName, error: AwsError) {
  const model = models.get(service);
  if (!model) throw new Error(`no ${service}`);
  const { body, ...rest } = await protocols[protocol].writeError(error, { model, requestId });
  return { ...rest, body: body instanceof Uint8Array ? text(body) : '' };
}

const xml = (document: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${document}`;

describe('answers have the envelope that AWS documents', () => {
  it('EC2: the request id first, members of lists as items', async () => {
    const { body } = await written('ec2', 'ec2Query', 'DescribeSecurityGroups', {
      SecurityGroups: [{ GroupName: 'a & b', Tags: [{ Key: 'k', Value: '<v>' }] }],
    });

    expect(body).toBe(
      xml(
        '<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
          `<requestId>${requestId}</requestId><securityGroupInfo><item><tagSet><item><key>k</key>` +
          '<value>&lt;v&gt;</value></item></tagSet><groupName>a &amp; b</groupName></item></securityGroupInfo>' +
          '</DescribeSecurityGroupsResponse>',
      ),
    );
  });

  it('EC2: an operation without output answers true', async () => {
    const { body } = await written('ec2', 'ec2Query', 'DeleteVpc', undefined);

    expect(body).toContain(`<requestId>${requestId}</requestId><return>true</return>`);
  });

  it('STS: a result and metadata (API Reference, GetCallerIdentity)', async () => {
    const arn = 'arn:aws:iam::123456789012:user/Alice';
    const output = { Arn: arn, UserId: 'AKIAI44QH8DHBEXAMPLE', Account: '123456789012' };
    const { body, headers } = await written('sts', 'awsQuery', 'GetCallerIdentity', output);

    expect(headers['content-type']).toMatch(/^text\/xml/);
    expect(body).toBe(
      xml(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
          `<UserId>AKIAI44QH8DHBEXAMPLE</UserId><Account>123456789012</Account><Arn>${arn}</Arn>` +
          `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
          '</GetCallerIdentityResponse>',
      ),
    );
  });
});

describe('errors have the form that AWS documents', () => {
  it('EC2: a code and a message, whatever the code', async () => {
    const error = new AwsError('InvalidGroup.NotFound', "The security group 'sg-1' does not exist");

    expect(await refused('ec2', 'ec2Query', error)).toMatchObject({
      status: 400,
      body: xml(
        '<Response><Errors><Error><Code>InvalidGroup.NotFound</Code>' +
          "<Message>The security group 'sg-1' does not exist</Message></Error></Errors>" +
          `<RequestID>${requestId}</RequestID></Response>`,
      ),
    });
  });

  it('query services: by shape name or by code, under the status of the model', async () => {
    for (const code of ['NoSuchEntity', 'NoSuchEntityException']) {
      const { status, body } = await refused('iam', 'awsQuery', new AwsError(code, 'gone'));

      expect(status).toBe(404);
      expect(body).toContain(
        '<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error>',
      );
    }
  });

  it('JSON services: the qualified name of a modelled error with its members, the bare code of another', async () => {
    const members = { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] };
    const cancelled = new AwsError('TransactionCanceledException', 'cancelled', 400, members);
    const { body, headers } = await refused('dynamodb', 'awsJson1_0', cancelled);

    expect(headers['content-type']).toBe('application/x-amz-json-1.0');
    expect(JSON.parse(body)).toEqual({
      __type: 'com.amazonaws.dynamodb#TransactionCanceledException',
      Message: 'cancelled',
      ...members,
    });
    const other = await refused('dynamodb', 'awsJson1_0', new AwsError('AccessDeniedException', 'no'));
    expect(JSON.parse(other.body)).toEqual({ __type: 'AccessDeniedException', message: 'no' });
  });

  it('REST services: the name in a header, bound members in theirs', async () => {
    const error = new AwsError('TooManyRequestsException', 'slow', 429, {
      retryAfterSeconds: '3',
      Reason: 'CallerRateLimitExceeded',
    });
    const { status, headers, body } = await refused('lambda', 'restJson1', error);

    expect(status).toBe(429);
    expect(headers).toMatchObject({ 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '3' });
    expect(JSON.parse(body)).toEqual({ Reason: 'CallerRateLimitExceeded', message: 'slow' });
  });
});

it('refuses a JSON body that is no object', async () => {
  const model = models.get('dynamodb');
  const operation = model?.operation('ListTables');
  if (!model || !operation) throw new Error('no dynamodb:ListTables');
  for (const body of ['{', '"text"', 'null']) {
    const request = { method: 'POST', path: '/', query: {}, headers: {}, body: Buffer.from(body) };

    await expect(protocols.awsJson1_0.readInput(request, model, operation)).rejects.toMatchObject({
      code: 'SerializationException',
    });
  }
});
