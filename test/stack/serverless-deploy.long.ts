import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { permission } from '../functions/revoke-open-ssh/office.ts';
import { oneAtATime } from '../support/one-at-a-time.ts';
import { PACKAGING_MS } from './company.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILD = '.build/serverless-deploy';
const CONFIG = join(BUILD, 'reeve.yml');
const run = promisify(execFile);

let sandbox: Sandbox;
let cloudFormation: CloudFormationClient;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = createSandbox({ now: new Date('2026-11-20T09:15:00Z') });
  await sandbox.listen();
  const ana = sandbox.clientConfig({ user: 'ana' });
  cloudFormation = new CloudFormationClient({ ...ana, maxAttempts: 1 });
  ec2 = new EC2Client({ ...ana, maxAttempts: 1 });
  mkdirSync(join(ROOT, BUILD), { recursive: true });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(join(ROOT, BUILD), { recursive: true, force: true });
});

/** The commands of README's "Deploy", with the variables that point an AWS tool at the sandbox. */
async function shell(command: string, ...args: readonly string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const { accessKeyId, secretAccessKey } = sandbox.credentials({ user: 'dora' });
  const env = {
    ...{ PATH, HOME, REEVE_CONFIG: CONFIG, REEVE_BUILD: BUILD, SLS_TELEMETRY_DISABLED: '1' },
    SLS_AWS_MONITORING_FREQUENCY: '50',
    AWS_ENDPOINT_URL: sandbox.clientConfig().endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const { stdout, stderr } = await run(process.execPath, [command, ...args], { cwd: ROOT, env });
  return stdout + stderr;
}

const serverless = (...args: readonly string[]) =>
  shell('node_modules/serverless/bin/serverless.js', ...args, '--region', 'eu-west-1');

async function deploy(mode: 'enforce' | 'report'): Promise<string> {
  const policy = `  revoke-open-ssh: { mode: ${mode} }\n`;
  writeFileSync(join(ROOT, CONFIG), `version: 1\npolicies:\n${policy}`);
  return oneAtATime('packaging', async () => {
    await shell('esbuild.config.ts');
    return serverless('deploy');
  });
}

async function openSsh(GroupName: string): Promise<readonly unknown[]> {
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'web' }));
  const IpPermissions = [permission('tcp 22 0.0.0.0/0')];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  await sandbox.world.clock.settle();
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return SecurityGroups?.[0]?.IpPermissions ?? [];
}

async function stack() {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'reeve-main' }));
  return Stacks?.[0];
}

it(
  'serverless deploys Reeve, changes it, tells of it and takes it away again',
  async () => {
    expect(await deploy('enforce')).toContain('Service deployed to stack reeve-main');
    const first = await stack();
    expect(first).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Tags: [{ Key: 'STAGE', Value: 'main' }] });
    expect(await openSsh('first')).toEqual([]);

    expect(await deploy('report')).toContain('Service deployed to stack reeve-main');
    const second = await stack();
    expect(second?.StackId).toBe(first?.StackId);
    expect(second?.Outputs).toEqual(first?.Outputs);
    expect(await openSsh('second')).toHaveLength(1);

    expect(await serverless('info', '--verbose')).toContain('reeve-main-revoke-open-ssh');

    expect(await serverless('remove')).toContain('Service reeve has been successfully removed');
    await expect(stack()).rejects.toThrow('Stack with id reeve-main does not exist');
    const TableName = first?.Outputs?.find(({ OutputKey }) => OutputKey === 'JournalTable')?.OutputValue;
    const journal = new DynamoDBClient(sandbox.clientConfig({ user: 'ana' }));
    const { Table } = await journal.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
  },
  PACKAGING_MS,
);
