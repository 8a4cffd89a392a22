import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { pointedAtSandbox, reeve } from './run.ts';

const LATENCY_MS = 100;

/** Longer than a person's command holds its lease. */
const LEASE_IS_OVER = 30 * 60_000;

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let words: readonly string[];

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  folder = mkdtempSync(join(tmpdir(), 'reeve-interrupt-'));
  const [journal, config] = [join(folder, 'journal.jsonl'), join(folder, 'reeve.yml')];
  const policy = 'revoke-open-ssh: { mode: enforce, caps: { count: 50, percent: 100 } }';
  writeFileSync(config, `version: 1\npolicies:\n  ${policy}\n`);
  words = ['sweep', 'revoke-open-ssh', '--enforce', '--journal', journal, '--config', config];
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  for (let index = 0; index < 12; index++) {
    const named = { GroupName: `g-${index}`, Description: 'g', VpcId: vpc?.VpcId };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(named));
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  sandbox.world.forgetCalls();
  sandbox.world.behaviour.latencyMs = LATENCY_MS;
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

/** A sweep of its own process, with Ctrl-C so many times once it has begun to act. */
async function interrupted(times: 1 | 2): Promise<{ readonly code: unknown; readonly err: string }> {
  const child = spawn(process.execPath, ['cli/reeve.mjs', ...words], { env: process.env });
  const revokes = () => sandbox.world.calls.filter(({ operation }) => operation.startsWith('Revoke')).length;
  let err = '';
  let again = times > 1;
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    if (again && err.includes('press Ctrl-C again')) child.kill('SIGINT');
    if (err.includes('press Ctrl-C again')) again = false;
  });
  child.stdout.resume();
  const closed = once(child, 'close');
  while (revokes() < 1 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  const [code] = await closed;
  return { code, err };
}

const isLocked = () => existsSync(join(folder, 'journal.jsonl.lock'));

it('Ctrl-C lets what is begun end well, says how many were not begun, and the next sweep does those', async () => {
  const { code, err } = await interrupted(1);
  expect(code).toBe(1);
  const done = Number(/(\d+) remedied/.exec(err)?.[1]);
  expect(err).toContain(`${12 - done} not begun.\nStopped before the end. Run the same command again`);
  expect(isLocked()).toBe(false);
  sandbox.world.behaviour.latencyMs = 0;
  expect((await reeve(words)).err).toContain(`${12 - done} remedied`);
});

it('B5.17 a second Ctrl-C breaks off without leaving the lock, and the next sweep tells what became of it', async () => {
  const { code } = await interrupted(2);
  expect(code).toBe(130);
  expect(isLocked()).toBe(false);
  // What was on its way takes effect all the same: by timers of this very process that were set before this one.
  await sleep(3 * LATENCY_MS);
  sandbox.world.behaviour.latencyMs = 0;
  // What was written down and not yet asked for stays in hand for as long as its lease lasts.
  await sandbox.world.clock.advance(LEASE_IS_OVER);
  expect((await reeve(words)).code).toBe(0);
  const { err } = await reeve(words);
  expect(err).toContain('0 out of policy');
});
