import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { pointedAtSandbox, reeve } from './run.ts';

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let journal: string;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  folder = mkdtempSync(join(tmpdir(), 'reeve-sweep-'));
  journal = join(folder, 'journal.jsonl');
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

/** A group with 80 and 22 open to the world, as the source documents' script makes it. */
async function openGroup(name: string): Promise<string> {
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc?.VpcId }),
  );
  const tcp = (port: number) => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  });
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [tcp(80), tcp(22)] }));
  sandbox.world.forgetCalls();
  return GroupId;
}

async function openPorts(groupId: string): Promise<readonly (number | undefined)[]> {
  const { SecurityGroups: [group] = [] } = await new EC2Client(sandbox.clientConfig()).send(
    new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }),
  );
  return (group?.IpPermissions ?? []).map(({ FromPort }) => FromPort);
}

const WRITES = /^(Authorize|Revoke|Create|Delete|Modify|Put|Update|Publish|Send)/;

it('a sweep is a dry run: it says what it would do, and as whom and where, and writes nothing', async () => {
  const id = await openGroup('web');
  const { code, out, err } = await reeve(['sweep', 'revoke-open-ssh']);

  expect(code).toBe(1);
  expect(out).toContain(id);
  expect(out).toContain('would: Revoke');
  expect(err).toContain('dry run: nothing is changed');
  expect(err).toContain('arn:aws:iam::111122223333:user/ana');
  expect(err).toContain('account 111122223333, regions eu-west-1');
  expect(err).toContain('a simulated account');
  expect(sandbox.world.calls.filter(({ operation }) => WRITES.test(operation))).toEqual([]);
  expect(await openPorts(id)).toEqual([80, 22]);
});

it('--enforce revokes exactly the rule, writes it down first, and a second sweep has nothing to do', async () => {
  const id = await openGroup('web');
  const first = await reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal]);
  const second = await reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal]);

  expect(first.code).toBe(0);
  expect(first.err).toContain('1 remedied');
  expect(first.err).toMatch(/To take it back: reeve undo [\w-]{36} --journal .*journal\.jsonl/);
  expect(first.out).toMatch(/^ {2}reeve undo [\w-]{36}$/m);
  expect(await openPorts(id)).toEqual([80]);
  expect(second.code).toBe(0);
  expect(second.err).toContain('0 out of policy');
  const lines = readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { intent: { action: 'revoke-ingress', resource: { id }, before: { groupId: id } } },
    { taken: [expect.any(String)] },
    { outcome: { result: 'done' } },
    { told: [expect.any(String)] },
    { scans: 'revoke-open-ssh', places: [[expect.any(String), { scanned: 2 }]] },
  ]);
  expect(existsSync(`${journal}.lock`)).toBe(false);
});

it('B6.16 without a journal nothing is changed', async () => {
  const id = await openGroup('web');
  const { code, err } = await reeve(['sweep', 'revoke-open-ssh', '--enforce']);

  expect(code).toBe(2);
  expect(err).toMatch(/this needs a journal, and Reeve is not deployed in 111122223333, eu-west-1/);
  expect(await openPorts(id)).toEqual([80, 22]);
});

it('B6.2 a kill switch that is on stops a sweep by hand too', async () => {
  const id = await openGroup('web');
  process.env.REEVE_KILL_SWITCH = 'on';
  const { code, err } = await reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal]);

  expect(code).toBe(1);
  expect(err).toContain('kill switch is on');
  expect(await openPorts(id)).toEqual([80, 22]);
});

it('--format json prints one array with every group’s verdict', async () => {
  const id = await openGroup('web');
  const { out } = await reeve(['sweep', 'revoke-open-ssh', '--format', 'json']);
  const findings = JSON.parse(out) as { resource: string; verdict: string }[];

  expect(findings.find(({ resource }) => resource === id)).toMatchObject({
    policy: 'revoke-open-ssh',
    account: '111122223333',
    region: 'eu-west-1',
    verdict: 'violation',
    reasonCode: 'ssh-open-to-world',
    remedy: { action: 'revoke-ingress', parameters: { groupId: id } },
  });
  expect(findings.filter(({ verdict }) => verdict === 'compliant')).toHaveLength(1);
});

it('--all sweeps every policy of the configuration', async () => {
  const id = await openGroup('web');
  const { code, out } = await reeve(['sweep', '--all', '--format', 'json']);
  const findings = JSON.parse(out) as { policy: string; resource: string; verdict: string }[];

  expect(code).toBe(1);
  expect(findings).toContainEqual(
    expect.objectContaining({ policy: 'revoke-open-ssh', resource: id, verdict: 'violation' }),
  );
});

it('--all-regions names every enabled region, also those where nothing is', async () => {
  sandbox.world.addAccount({ id: '111122223333', regions: ['eu-west-1', 'us-west-2'] });
  const { code, err } = await reeve(['sweep', 'revoke-open-ssh', '--all-regions']);

  expect(code).toBe(0);
  expect(err).toMatch(/regions .*eu-west-1.*us-west-2/);
  expect(err).toMatch(/us-west-2 {2}111122223333 {2}\d read/);
});

it.each([
  {
    when: 'credentials that nobody knows',
    env: { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' },
    line: /not accepted at http:\/\/127/,
  },
  { when: 'no region', env: { AWS_REGION: undefined }, line: /no region: give --region or --all-regions/ },
  {
    when: 'an endpoint that is no URL',
    env: { AWS_ENDPOINT_URL: 'localhost' },
    line: /AWS_ENDPOINT_URL: expected a URL/,
  },
  {
    when: 'B6.38 only part of the services pointed at the simulated account',
    env: { AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' },
    line: /part of the calls would reach a real account/,
  },
])('$when: one clear line and exit code 2', async ({ env, line }) => {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const { code, err } = await reeve(['sweep', 'revoke-open-ssh']);

  expect(code).toBe(2);
  expect(err.split('\n')).toHaveLength(1);
  expect(err).toMatch(line);
});

it('B5.30 a denied reading is said, and the exit code is not 0', async () => {
  await openGroup('web');
  sandbox.world.faults.add({ operation: 'DescribeSecurityGroups', kind: 'denied' });
  const { code, err } = await reeve(['sweep', 'revoke-open-ssh']);

  expect(code).toBe(3);
  expect(err).toContain('failed');
});
