import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLines } from '../../cli/journal-lines.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { pointedAtSandbox, reeve } from './run.ts';

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let journal: string;
let group: string;
let entry: string;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  folder = mkdtempSync(join(tmpdir(), 'reeve-undo-'));
  journal = join(folder, 'journal.jsonl');
  group = await openGroup();
  await sweep();
  entry = [...readLines(journal).entries.keys()].at(-1) ?? '';
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

const sweep = () => reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal]);
const undo = (...words: readonly string[]) => reeve(['undo', ...words, '--journal', journal]);
const FORCED = ['--yes', '--force', '--reason', 'INC-7: the vendor works tonight'];

/** A group with SSH open to the world, with a description and a tag. */
async function openGroup(): Promise<string> {
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web', VpcId: vpc?.VpcId }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'vendor' }],
        },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Owner', Value: 'ana' }] }],
    }),
  );
  return GroupId;
}

async function ingress() {
  const { SecurityGroupRules = [] } = await new EC2Client(sandbox.clientConfig()).send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map((rule) => ({
    ports: [rule.FromPort, rule.ToPort],
    from: rule.CidrIpv4,
    description: rule.Description,
    tags: rule.Tags,
  }));
}

const OPEN = [
  { ports: [22, 22], from: '0.0.0.0/0', description: 'vendor', tags: [{ Key: 'Owner', Value: 'ana' }] },
];

it('without --yes shows what would be done, and changes nothing', async () => {
  const before = readFileSync(journal, 'utf8');
  const { code, out, err } = await undo(entry, '--force', '--reason', 'INC-7');

  expect(code).toBe(0);
  expect(out).toMatch(/would undo .*Open tcp 22 from/s);
  expect(err).toContain('dry run: nothing is changed');
  expect(err).toContain('1 would be taken back, 0 refused, 0 failed.');
  expect(await ingress()).toEqual([]);
  expect(readFileSync(journal, 'utf8')).toBe(before);
});

it('B6.18 SSH is opened to the world again only by --force with --reason', async () => {
  const { code, out } = await undo(entry, '--yes');
  expect(code).toBe(1);
  expect(out.replace(/\s+/g, ' ')).toContain('--force with --reason');
  expect(await ingress()).toEqual([]);

  const forced = await undo(entry, ...FORCED);
  expect(forced.code).toBe(0);
  expect(forced.err).toMatch(/1 taken back, .*\nThe policies leave it as it is until 20/s);
  expect(await ingress()).toEqual(OPEN);
});

it('B6.19 the next sweep leaves it, and says who took it back and until when', async () => {
  await undo(entry, ...FORCED);
  const { out } = await sweep();

  expect(out.replace(/\s+/g, ' ')).toMatch(/Exempt until .*ana took entry .* back \(INC-7/);
  expect(await ingress()).toEqual(OPEN);
});

it('a whole run is taken back; a second time all is as it was, and history says so', async () => {
  const run = readLines(journal).entries.get(entry)?.run ?? '';
  expect((await undo(run, ...FORCED)).code).toBe(0);
  const again = await undo(run, ...FORCED);

  expect(again.code).toBe(0);
  expect(again.out).toContain('undone before');
  expect(await ingress()).toEqual(OPEN);
  const { out } = await reeve(['history', run, '--journal', journal]);
  expect(out.replace(/\s+/g, ' ')).toMatch(/undone 20\d\d-/);
});

it('B6.2 a kill switch that is on does not stop a person, and it is said', async () => {
  process.env.REEVE_KILL_SWITCH = 'on';
  const { code, err } = await undo(entry, ...FORCED);

  expect(code).toBe(0);
  expect(err).toContain('The kill switch is on: it stops Reeve’s own changes, not this undo');
  expect(await ingress()).toEqual(OPEN);
});

it('B6.7 B6.19 exempts no longer than the settings allow a tag to', async () => {
  const config = join(folder, 'reeve.yml');
  const policy = 'mode: report, exemption: { maxDays: 7 }';
  writeFileSync(config, `version: 1\npolicies:\n  revoke-open-ssh: { ${policy} }\n`);
  const { code, err } = await undo(entry, '--config', config, '--exempt-for', '8d');

  expect(code).toBe(2);
  expect(err).toMatch(/--exempt-for: expected at most 7d, as exemption.maxDays of revoke-open-ssh says/);
  expect((await undo(entry, '--config', config, '--exempt-for', '7d')).code).not.toBe(2);
});

it.each([
  { when: 'an id that is nowhere', words: ['nowhere'], line: /no entry and no run "nowhere"/ },
  { when: 'no id at all', words: ['a/b'], line: /expected the id of an entry or a run/ },
  { when: 'force without a reason', words: ['x', '--force'], line: /--force needs --reason/ },
  { when: 'an empty reason', words: ['x', '--reason', ' '], line: /--reason: expected 1 to 500/ },
  { when: 'both ways at once', words: ['x', '--yes', '--dry-run'], line: /exclude each other/ },
  {
    when: 'too long an exemption',
    words: ['x', '--exempt-for', '91d'],
    line: /--exempt-for: expected at most 90d/,
  },
])('$when: one clear line and exit code 2', async ({ words, line }) => {
  const { code, err } = await undo(...words);

  expect(code).toBe(2);
  expect(err).toMatch(line);
});
