import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileJournal } from '../../cli/file-journal.ts';
import { cellsIn } from '../../cli/render/wrap.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { seedBucket } from '../../sandbox/services/s3/seed.ts';
import type { Mark } from '../../shared/engine/mark.ts';
import { wrapped } from '../shared/aws/fixture.ts';
import { createJournal } from '../shared/aws/journal-fixture.ts';
import { pointedAtSandbox, reeve } from './run.ts';

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let journal: string;
let config: string;
let ec2: EC2Client;

const DAY = 86_400_000;
/** As the simulated account's clock begins. */
const NOW = new Date('2026-11-02T08:00:00Z').getTime();
const inDays = (days: number) => new Date(NOW + days * DAY).toISOString().slice(0, 10);
const PORT_22 = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
const GRACED = 'revoke-open-ssh: { mode: enforce, grace: 2d }';
const FORGED = new RegExp(`[${String.fromCharCode(27)}\r\u202e]|^forged`, 'm');

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  ec2 = new EC2Client(sandbox.clientConfig());
  folder = mkdtempSync(join(tmpdir(), 'reeve-pending-'));
  journal = join(folder, 'journal.jsonl');
  config = join(folder, 'reeve.yml');
  configure(GRACED);
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

function configure(...policies: readonly string[]): void {
  writeFileSync(config, `version: 1\npolicies:\n${policies.map((each) => `  ${each}\n`).join('')}`);
}

async function group(
  name: string,
  tags: Readonly<Record<string, string>> = {},
  open = true,
): Promise<string> {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const named = { GroupName: name, Description: 'g', VpcId: vpc?.VpcId };
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(named));
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await ec2.send(new CreateTagsCommand({ Resources: [GroupId], Tags }));
  if (open) await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: PORT_22 }));
  return GroupId;
}

const enforce = () =>
  reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal, '--config', config]);
const ask = (words: readonly string[] = [], columns = 120) =>
  reeve(['pending', '--journal', journal, '--config', config, ...words], columns);

interface Row {
  readonly kind: string;
  readonly resource: string;
  readonly standing: string;
  readonly state: string;
  readonly note: string;
}
async function rows(...words: readonly string[]): Promise<readonly Row[]> {
  return JSON.parse((await ask(['--json', ...words])).out) as Row[];
}

it('lists what is announced with its date and who can stop it, and what is excused, and only reads', async () => {
  const marked = await group('web', { Owner: 'ana' });
  await enforce();
  const soon = await group('soon', { 'reeve:exempt': `T-1 by bo until ${inDays(2)}` });
  const long = await group('long', { 'reeve:exempt': `T-2 until ${inDays(40)}` });
  const ended = await group('old', { 'reeve:exempt': 'T-3 until 2026-01-01' });
  const wrong = await group('wrong', { 'Reeve:Exempt': `T-4 until ${inDays(9)}` });
  const idle = await group('closed', { 'reeve:exempt': `T-5 until ${inDays(50)}` }, false);
  sandbox.world.forgetCalls();
  const { code, out, err } = await ask();

  expect(code).toBe(0);
  const at = [marked, wrong, ended, soon, long, idle].map((id) => out.indexOf(id));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(at).not.toContain(-1);
  expect(out).toMatch(new RegExp(`Coming \\(1\\)\n\\S+ \\S+ {2}in 2 days\n {2}${marked} \\(web\\)`));
  expect(out).toContain('waiting: ');
  expect(out).toMatch(/Announced .*, and told\./);
  expect(out.replace(/\s+/g, ' ')).toMatch(
    /To stop it: .*reeve:exempt.* by whoever may tag it\); its owner is ana\./,
  );
  expect(out).toMatch(/T-1, of bo\.\n {2}ends soon: left alone until then/);
  expect(out).toContain('in doubt: it is not honoured');
  expect(out).toMatch(/T-5\.\n {2}in force: there is nothing to excuse now/);
  expect(err).toContain('1 announced, 5 exemptions.');
  const { calls } = sandbox.world;
  expect(err).toMatch(/(\d+) calls to AWS, all of them reading/);
  expect(Number(/(\d+) calls/.exec(err)?.[1])).toBe(calls.length);
  expect(calls.filter(({ operation }) => !/^(Describe|Get|List|Lookup|Query)/.test(operation))).toEqual([]);
});

it.each<{
  when: string;
  change: (id: string) => Promise<unknown>;
  words?: string[];
  standing: string;
  note: RegExp;
}>([
  {
    when: 'it was put in order',
    change: (GroupId) => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: PORT_22 })),
    standing: 'ends',
    note: /./,
  },
  {
    when: 'it is exempt by now',
    change: (id) => {
      const Tags = [{ Key: 'reeve:exempt', Value: `T-1 until ${inDays(3)}` }];
      return ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    },
    standing: 'ends',
    note: /Exempt until/,
  },
  {
    when: 'it was opened anew',
    change: async (GroupId) => {
      await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: PORT_22 }));
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: PORT_22 }));
    },
    standing: 'anew',
    note: /something else is found/,
  },
  {
    when: 'the policy only reports',
    change: async () => configure('revoke-open-ssh: { mode: report, grace: 2d }'),
    standing: 'void',
    note: /only reports/,
  },
  {
    when: 'no grace is asked for',
    change: async () => configure('revoke-open-ssh: { mode: enforce }'),
    standing: 'void',
    note: /no grace/,
  },
  {
    when: 'the policy is gone',
    change: async () => configure('delete-stale-buckets:'),
    standing: 'void',
    note: /not in the configuration/,
  },
  {
    when: 'its region was not looked at',
    change: async () =>
      sandbox.world.addAccount({ id: sandbox.account, regions: ['eu-west-1', 'us-west-2'] }),
    words: ['--region', 'us-west-2'],
    standing: 'unclear',
    note: /not looked at/,
  },
])('$when: $standing', async ({ change, words = [], standing, note }) => {
  const id = await group('web');
  await enforce();
  await change(id);
  const [row] = (await rows(...words)).filter(({ kind }) => kind === 'mark');
  expect(row).toMatchObject({ resource: id, standing });
  expect(row?.note).toMatch(note);
});

it('shows the tag that announces what nothing comes of, with the command that takes it off', async () => {
  const inside = { partition: 'aws', account: sandbox.account, region: 'eu-west-1', world: sandbox.world };
  const [id = ''] = seedInstances(inside, 1, { instanceType: 't3.micro' });
  const arn = `arn:aws:ec2:eu-west-1:${sandbox.account}:instance/${id}`;
  const due = new Date(NOW + DAY);
  const mark: Mark = {
    ...{ id: 'mark-1', partition: 'aws', account: sandbox.account, region: 'eu-west-1' },
    ...{ policy: 'stop-idle-instances', finding: 'f', reasonCode: 'idle', fingerprint: 'f' },
    resource: { type: 'AWS::EC2::Instance', id, arn },
    ...{ summary: `Stop ${id}`, since: new Date(NOW), due, told: true },
  };
  const held = fileJournal(journal);
  await held.marks.put(mark, undefined);
  held.close();
  const Tags = [{ Key: 'reeve:stop-idle-instances-after', Value: due.toISOString() }];
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  configure('stop-idle-instances: { mode: report }');
  const { out, err } = await ask();

  expect(out).toContain('Announced, and nothing comes of it (1)');
  expect(out).toContain(`Still says so: reeve:stop-idle-instances-after=${due.toISOString()}`);
  expect(err).toContain(
    `aws resourcegroupstaggingapi untag-resources --region eu-west-1 --tag-keys reeve:stop-idle-instances-after --resource-arn-list ${arn}`,
  );
});

it('lists every tag that announces what nothing comes of, also where the journal has no mark of it', async () => {
  const inside = { partition: 'aws', account: sandbox.account, region: 'eu-west-1', world: sandbox.world };
  const ids = seedInstances(inside, 3, { instanceType: 't3.micro' });
  const key = 'reeve:stop-idle-instances-after';
  const values = ['2026-11-03T08:00:00.000Z', 'some day \u202e', ''];
  for (const [index, id] of ids.entries())
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value: values[index] }] }));
  fileJournal(journal).close();
  const mark = { kind: 'mark', standing: 'void' };
  for (const mode of ['report', 'enforce']) {
    configure(`stop-idle-instances: { mode: ${mode} }`);
    const found = await rows();
    expect(found.map(({ resource }) => resource).toSorted()).toEqual(ids.toSorted());
    expect(found).toMatchObject(ids.map(() => mark));
  }
  const { out, err } = await ask();
  expect(out).toContain('no date');
  expect(out).toMatch(/Only a tag announces it\.\n {2}void: no grace is asked for any more, so nothing/);
  for (const id of ids) expect(err).toContain(`instance/${id}`);

  configure('stop-idle-instances: { mode: enforce, grace: 2d }');
  expect(await rows()).toEqual([]);
});

it('what a policy marked by tags of its own waits, is due, or is void where the policy only reports', async () => {
  const { account, region, world } = sandbox;
  seedBucket(world, { name: 'attic', account, region, createdAt: new Date(NOW - 900 * DAY) });
  const named = (mode: string) => configure(`delete-stale-buckets: { mode: ${mode}, waitDays: 30 }`);
  named('enforce');
  await reeve(['sweep', 'delete-stale-buckets', '--enforce', '--journal', journal, '--config', config]);
  const standing = async () => {
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      ...{ kind: 'mark', resource: 'attic', summary: 'Delete attic' },
      since: expect.stringContaining(inDays(0)),
      due: expect.stringContaining(inDays(30)),
      stop: expect.stringContaining('remove the tag reeve:delete-after, or put it in order, or exempt it'),
    });
    return `${row?.standing}: ${row?.note}`;
  };

  expect(await standing()).toMatch(/^waiting: attic is marked and is deleted after/);
  named('report');
  expect(await standing()).toMatch(/^void: .* its own tags stay/);
  named('enforce');
  await world.clock.advance(31 * DAY);
  expect(await standing()).toMatch(/^due: the next run does it, if it still stands/);
});

it.each([40, 80])(
  'B6.22 fits %i columns, and what strangers wrote neither moves the cursor nor forges a line',
  async (columns) => {
    const evil = 'T-1 \u001b[2J\r\nforged \u202e';
    await group('bastion', {
      'reeve:exempt': `很长的名字很长的名字很长的名字很长的名字 ${evil} until ${inDays(3)}`,
    });
    await group(`x${'y'.repeat(120)}`, { Owner: evil });
    await enforce();
    const { out } = await ask([], columns);

    expect(out).not.toMatch(FORGED);
    expect(out.split('\n').filter((line) => cellsIn(line) > columns)).toEqual([]);
    expect((await ask(['--json'])).out).not.toMatch(FORGED);
  },
);

it.each([
  { position: 'on', says: 'The kill switch is on: nothing of this is done or announced before it is off.' },
  { position: 'off', says: undefined },
])('B6.2 says first where the kill switch ($position) keeps all of it from being done', async (row) => {
  await group('web', { Owner: 'ana' });
  await enforce();
  process.env.REEVE_KILL_SWITCH = row.position;
  const { code, out } = await ask();

  expect(code).toBe(0);
  expect(out.includes('kill switch')).toBe(row.says !== undefined);
  if (row.says !== undefined) expect(out.split('\n')[0]).toBe(row.says);
  const [first] = await rows();
  expect(first).toMatchObject(
    row.says === undefined ? { kind: 'mark' } : { kind: 'kill-switch', position: 'on' },
  );
});

it.each([
  { value: 'off', says: undefined, exit: 0 },
  { value: 'on', says: 'The kill switch is on: nothing', exit: 0 },
  {
    value: undefined,
    says: 'The kill switch (/reeve/kill-switch) is missing, which counts as on: nothing',
    exit: 0,
  },
  { value: 'denied', says: 'whether the kill switch is on could not be read: ', exit: 3 },
])('B6.2 of the deployed stack asks for its kill switch: $value', async ({ value, says, exit }) => {
  const aws = wrapped(sandbox);
  await createJournal(aws);
  const put = async (Name: string, Value: string) =>
    void (await aws.send(SSMClient, new PutParameterCommand({ Name, Value, Type: 'String' })));
  await put('/reeve/journal-table', 'journal');
  if (value !== undefined) await put('/reeve/kill-switch', value);
  if (value === 'denied')
    sandbox.world.faults.add({
      ...{ service: 'ssm', operation: 'GetParameter', kind: 'denied' },
      when: (input) => JSON.stringify(input).includes('kill-switch'),
    });
  const { code, out, err } = await reeve(['pending', '--config', config]);

  expect(code).toBe(exit);
  if (says === undefined) expect(`${out}${err}`).not.toContain('kill switch');
  else expect(`${out}${err}`).toContain(says);
});

it('without a journal shows what is excused, and says what it does not know', async () => {
  const id = await group('long', { 'reeve:exempt': `T-2 until ${inDays(40)}` });
  const { code, out, err } = await reeve(['pending', '--config', config]);
  expect(code).toBe(3);
  expect(out).toContain(id);
  expect(err).toContain('What is announced is not known: this needs a journal');
});

it.each([
  { words: ['--within', 'soon'], line: /expected a time such as 90m, 1h or 2d/ },
  { words: ['--policy', 'revoke-open-sh'], line: /did you mean revoke-open-ssh\?/ },
  { words: ['--journal', '/nowhere/j.jsonl'], line: /there is no such journal/ },
  { words: ['--region', 'eu-west-1', '--all-regions'], line: /exclude each other/ },
])('$words: one clear line and exit code 2', async ({ words, line }) => {
  const { code, err } = await ask(words);
  expect(code).toBe(2);
  expect(err).toMatch(line);
});
