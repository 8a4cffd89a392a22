import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
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
let ec2: EC2Client;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  ec2 = new EC2Client(sandbox.clientConfig());
  folder = mkdtempSync(join(tmpdir(), 'reeve-fewer-'));
  journal = join(folder, 'journal.jsonl');
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

/** Twelve groups that a sweep has seen; then one is left beside the default one, open to the world. */
async function shrunken(): Promise<void> {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const groups: string[] = [];
  for (let index = 0; index < 11; index++) {
    const named = { GroupName: `g-${index}`, Description: 'g', VpcId: vpc?.VpcId };
    groups.push((await ec2.send(new CreateSecurityGroupCommand(named))).GroupId ?? '');
  }
  await enforce();
  for (const GroupId of groups.slice(1)) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groups[0], IpPermissions }));
}

const enforce = (...words: readonly string[]) =>
  reeve(['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal, ...words]);
const pending = (...words: readonly string[]) =>
  reeve(['pending', '--policy', 'revoke-open-ssh', '--journal', journal, ...words]);
const accept = () => reeve(['sweep', 'revoke-open-ssh', '--accept-fewer', '--journal', journal]);

it('B6.6 a person who has looked releases the brake: by name, with the time, and nothing else is written', async () => {
  await shrunken();
  const braked = await enforce();
  expect(braked.err).toContain('reeve sweep revoke-open-ssh --region eu-west-1 --accept-fewer');
  const before = readFileSync(journal, 'utf8');
  const on = await pending();
  expect(on.err).toContain('0 announced, 0 exemptions, 1 brake on.');
  expect(on.out).toMatch(
    /Held back, because far fewer is read \(1\)\n\S+ \S+ {2}in 3 days\n {2}eu-west-1, 1111/,
  );
  expect(on.out).toContain('fewer than the 12 before; you read 2 just now.');
  expect(JSON.parse((await pending('--json')).out)).toMatchObject([
    { kind: 'brake', policy: 'revoke-open-ssh', region: 'eu-west-1', before: 12, read: 2 },
  ]);

  const accepted = await accept();
  expect(accepted.err).toContain('dry run: nothing is changed');
  expect(accepted.err).toContain(
    'Accepted in one place, noted as arn:aws:iam::111122223333:user/ana: from now on',
  );
  expect(accepted.err).toContain('2 resources read where there were 12, accepted by');
  const written = readFileSync(journal, 'utf8').slice(before.length).trim().split('\n');
  expect(written.map((line) => JSON.parse(line) as object)).toMatchObject([
    {
      scans: 'revoke-open-ssh',
      places: [
        [
          '111122223333, eu-west-1',
          {
            scanned: 2,
            regime: 'enforce',
            accepted: { by: 'arn:aws:iam::111122223333:user/ana', instead: 12 },
          },
        ],
      ],
    },
  ]);

  const released = await enforce();
  expect(released.err).toContain('1 remedied');
});

it('B6.6 with --enforce the same sweep goes on and remedies', async () => {
  await shrunken();
  const { code, err } = await enforce('--accept-fewer');
  expect(code).toBe(0);
  expect(err).toContain('Accepted in one place');
  expect(err).toContain('1 remedied');
});

it('B6.6 who reads as many as before accepts nothing', async () => {
  await enforce();
  const before = readFileSync(journal, 'utf8');
  expect((await accept()).err).toContain('Nothing was accepted: nowhere did you read far fewer');
  expect(readFileSync(journal, 'utf8')).toBe(before);
});

it.each([
  { words: ['sweep', '--all', '--accept-fewer'], line: /--accept-fewer takes one policy/ },
  { words: ['sweep', 'revoke-open-ssh', '--accept-fewer'], line: /this needs a journal, and Reeve is not/ },
])('$words: one clear line and exit code 2', async ({ words, line }) => {
  const { code, err } = await reeve(words);
  expect(code).toBe(2);
  expect(err).toMatch(line);
});
