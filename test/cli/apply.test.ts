import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planText, readPlan } from '../../cli/plan/document.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { pointedAtSandbox, reeve } from './run.ts';

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let file: string;
let ec2: EC2Client;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  ec2 = new EC2Client(sandbox.clientConfig());
  folder = mkdtempSync(join(tmpdir(), 'reeve-plan-'));
  file = join(folder, 'plan.json');
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

async function openGroup(name: string): Promise<string> {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const group = { GroupName: name, Description: name, VpcId: vpc?.VpcId };
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(group));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
  return GroupId;
}

async function isOpen(GroupId: string): Promise<boolean> {
  const { SecurityGroups: [group] = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
  );
  return (group?.IpPermissions ?? []).length > 0;
}

const plan = (...more: string[]) => reeve(['plan', 'revoke-open-ssh', '--out', file, ...more]);
const apply = (...more: string[]) =>
  reeve(['apply', file, '--journal', join(folder, 'journal.jsonl'), ...more]);

it('B6.20 reeve plan changes nothing and writes down what reeve apply then does, and only that', async () => {
  const id = await openGroup('web');
  sandbox.world.forgetCalls();
  const planned = await plan();

  expect(planned.code).toBe(1);
  expect(planned.out).toContain('would: Revoke');
  expect(planned.err).toContain('1 change planned, written to');
  const writes = /^(Authorize|Revoke|Create|Delete|Modify|Put|Update|Publish|Send)/;
  expect(sandbox.world.calls.filter(({ operation }) => writes.test(operation))).toEqual([]);
  const { plan: held } = readPlan(readFileSync(file, 'utf8'), file);
  expect(held).toMatchObject({
    version: 1,
    home: { account: '111122223333', partition: 'aws', region: 'eu-west-1' },
    simulated: true,
    policies: [
      {
        policy: 'revoke-open-ssh',
        items: [
          {
            region: 'eu-west-1',
            resource: { id },
            reasonCode: 'ssh-open-to-world',
            change: { action: 'revoke-ingress', before: { groupId: id }, parameters: { groupId: id } },
          },
        ],
      },
    ],
  });

  const later = await openGroup('opened-after-the-plan');
  const applied = await apply('--yes');

  expect(applied.code).toBe(0);
  expect(applied.out).toContain('done: Revoke');
  expect(applied.err).toContain('1 planned, 1 done.');
  expect([await isOpen(id), await isOpen(later)]).toEqual([false, true]);
  const journal = readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(journal.find((line) => line.includes('"intent"')) ?? '')).toMatchObject({
    intent: { signalId: expect.stringMatching(/^plan [0-9a-f]{64}$/), cause: { name: 'reeve apply' } },
  });

  const again = await apply('--yes');
  expect([again.code, again.err]).toEqual([0, expect.stringContaining('0 done, 1 in order or gone by now')]);
});

it('without --yes everything is read and judged again, and nothing is changed', async () => {
  const id = await openGroup('web');
  await plan();
  const { code, out, err } = await reeve(['apply', file]);

  expect(code).toBe(1);
  expect(out).toContain('would: Revoke');
  expect(err).toContain('rehearsal: nothing is changed');
  expect(err).toContain('1 would be done');
  expect(await isOpen(id)).toBe(true);
});

it('B6.21 what changed since the plan, was put in order, exempted or deleted is left alone, each with its sentence', async () => {
  const [kept, reopened, closed, exempted, deleted] = [
    await openGroup('kept'),
    await openGroup('reopened'),
    await openGroup('closed'),
    await openGroup('exempted'),
    await openGroup('deleted'),
  ];
  await plan();
  for (const GroupId of [reopened, closed]) {
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
  }
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: reopened, IpPermissions: [ssh] }));
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const Tags = [{ Key: 'reeve:exempt', Value: `TICKET-1 until ${until}` }];
  await ec2.send(new CreateTagsCommand({ Resources: [exempted], Tags }));
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId: deleted }));

  const { code, out, err } = await apply('--yes');

  expect(code).toBe(1);
  const lineOf = (id: string) => out.split('\n').find((line) => line.includes(id)) ?? '';
  expect(lineOf(kept)).toContain('done');
  expect(lineOf(reopened)).toContain('skipped: It changed since');
  expect(lineOf(closed)).toContain('left alone');
  expect(lineOf(exempted)).toContain('exempt');
  expect(lineOf(deleted)).toContain('gone');
  expect(err).toContain('5 planned, 1 done, ');
  for (const end of ['1 changed since the plan', '2 in order or gone by now', '1 left alone']) {
    expect(err).toContain(end);
  }
  expect([await isOpen(kept), await isOpen(reopened), await isOpen(exempted)]).toEqual([false, true, true]);
});

it('B6.2 the kill switch stops an apply too', async () => {
  const id = await openGroup('web');
  await plan();
  process.env.REEVE_KILL_SWITCH = 'on';
  const { code, err } = await apply('--yes');

  expect([code, await isOpen(id)]).toEqual([1, true]);
  expect(err).toContain('kill switch is on');
});

it('B6.3 caps count what was planned over: a share of a sweep is not got around by a plan', async () => {
  for (let at = 0; at < 10; at++) await openGroup(`web-${at}`);
  const config = join(folder, 'reeve.yml');
  writeFileSync(config, 'version: 1\npolicies:\n  revoke-open-ssh:\n    caps: { count: 10, percent: 30 }\n');
  const planned = await plan('--config', config);
  const applied = await apply('--yes', '--config', config);

  expect(planned.err).toContain('Above the cap: 10 planned, 3 may be changed in one run.');
  expect(applied.code).toBe(1);
  expect(applied.err).toContain('10 planned, 3 done');
});

type Document = Parameters<typeof planText>[0];

/** The plan as another hand would write it, with a hash that fits. */
function rewrite(change: (plan: Document) => Document): void {
  const { plan: held } = readPlan(readFileSync(file, 'utf8'), file);
  writeFileSync(file, planText(change(held)));
}

const hoursAgo = (hours: number) => new Date(sandbox.world.clock.now() - hours * 3_600_000).toISOString();

it.each<{ what: string; change: (text: string) => string; line: RegExp }>([
  {
    what: 'altered',
    change: (text) => text.replace('0.0.0.0', '10.0.0.0'),
    line: /altered after it was planned/,
  },
  { what: 'without its hash', change: (text) => text.replace(/,\s+"sha256": "\w+"/, ''), line: /altered/ },
  {
    what: 'of a later version',
    change: (text) => text.replace('"version": 1', '"version": 2'),
    line: /version 2, .* version 1/,
  },
  { what: 'cut short', change: (text) => text.slice(0, 200), line: /not a plan/ },
  { what: 'a list', change: () => '[]', line: /not a plan/ },
  { what: 'something else', change: () => '{"reeve":"report"}', line: /not a plan/ },
  {
    what: 'nested without end',
    change: () => `{"reeve":"plan","version":1,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    line: /plan/,
  },
  { what: 'too large', change: () => ' '.repeat(33 * 1024 * 1024), line: /at most 33554432 are read/ },
])('B6.20 a plan that is $what is refused in one line', async ({ change, line }) => {
  const id = await openGroup('web');
  await plan();
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  const { code, err } = await apply('--yes');

  expect([code, err.split('\n').length, await isOpen(id)]).toEqual([2, 1, true]);
  expect(err).toMatch(line);
  expect(existsSync(join(folder, 'journal.jsonl'))).toBe(false);
});

it.each<{ what: string; change: (plan: Document) => Document; line: RegExp }>([
  { what: 'too old', change: (held) => ({ ...held, createdAt: hoursAgo(1.01) }), line: /too old/ },
  {
    what: 'from the future',
    change: (held) => ({ ...held, createdAt: hoursAgo(-0.1) }),
    line: /in the future/,
  },
  {
    what: 'for another account',
    change: (held) => ({ ...held, home: { ...held.home, account: '999999999999' } }),
    line: /for account 999999999999 \(aws\), and these credentials are for 111122223333/,
  },
  {
    what: 'for another partition',
    change: (held) => ({ ...held, home: { ...held.home, partition: 'aws-cn' } }),
    line: /\(aws-cn\)/,
  },
  {
    what: 'B6.38 for a real account',
    change: (held) => ({ ...held, simulated: false }),
    line: /on a real account, and this is a simulated one/,
  },
  {
    what: 'for a policy that nobody knows',
    change: (held) => ({
      ...held,
      policies: held.policies.map((one) => ({ ...one, policy: 'close-doors' })),
    }),
    line: /close-doors is not in reeve.yml/,
  },
  {
    what: 'B6.5 naming one policy twice, and so having its cap twice',
    change: (held) => ({ ...held, policies: [...held.policies, ...held.policies] }),
    line: /policies\[1\]\.policy: revoke-open-ssh is named twice, expected each policy once$/,
  },
])('B6.20 a plan that is $what is refused, however well its hash fits', async ({ change, line }) => {
  const id = await openGroup('web');
  await plan();
  rewrite(change);
  const { code, err } = await apply('--yes');

  expect([code, await isOpen(id)]).toEqual([2, true]);
  expect(err).toMatch(line);
});

it('B6.20 a plan made with other settings is refused; --max-age allows an older one', async () => {
  const id = await openGroup('web');
  await plan();
  const config = join(folder, 'reeve.yml');
  writeFileSync(config, 'version: 1\npolicies:\n  revoke-open-ssh:\n    ports: [22, 3389]\n');
  const other = await apply('--yes', '--config', config);
  expect([other.code, await isOpen(id)]).toEqual([2, true]);
  expect(other.err).toContain('the settings of revoke-open-ssh are others than it was planned with');

  rewrite((held) => ({ ...held, createdAt: hoursAgo(20) }));
  expect((await apply('--yes')).code).toBe(2);
  expect((await apply('--yes', '--max-age', '1d')).code).toBe(0);
});

it('a forged plan can name what it likes: only what is out of policy, in just that way, is touched', async () => {
  const id = await openGroup('web');
  await plan();
  const innocent = await openGroup('innocent');
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: innocent, IpPermissions: [ssh] }));
  const office = { ...ssh, IpRanges: [{ CidrIp: '203.0.113.0/24' }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: innocent, IpPermissions: [office] }));
  rewrite((held) => JSON.parse(JSON.stringify(held).replaceAll(id, innocent)) as Document);
  const { code, err } = await apply('--yes');

  expect(code).toBe(0);
  expect(err).toContain('0 done, 1 in order');
  expect([await isOpen(id), await isOpen(innocent)]).toEqual([true, true]);
});

it.each([
  { words: ['plan', '--out', 'x.json'], line: /plan takes policies or --all/ },
  { words: ['plan', '--all', 'revoke-open-ssh', '--out', 'x.json'], line: /plan takes policies or --all/ },
  { words: ['plan', 'revoke-open-shh', '--out', 'x.json'], line: /did you mean revoke-open-ssh/ },
  { words: ['plan', 'revoke-open-ssh'], line: /--out/ },
  { words: ['apply', 'x.json', '--max-age', 'soon'], line: /expected a time such as 90m, 1h or 2d/ },
  { words: ['apply', 'none.json'], line: /none.json: cannot be read \(ENOENT\)/ },
])('a mistake is one line and exit code 2: $words', async ({ words, line }) => {
  const { code, err } = await reeve(words);
  expect([code, err.split('\n').length]).toEqual([2, 1]);
  expect(err).toMatch(line);
});

it('--out into a folder names the plan itself, and several policies are one plan', async () => {
  await openGroup('web');
  const { err } = await reeve(['plan', 'revoke-open-ssh', 'enforce-tags', '--out', folder]);
  const [, written = ''] = /written to (\S+)/.exec(err) ?? [];
  expect(written).toMatch(/plan-111122223333-eu-west-1-2[\d-]+T[\d-]+Z\.json$/);
  const { plan: held } = readPlan(readFileSync(written, 'utf8'), written);
  expect(held.policies.map(({ policy }) => policy)).toEqual(['revoke-open-ssh', 'enforce-tags']);
});
