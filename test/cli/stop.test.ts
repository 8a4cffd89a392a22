import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { apply } from '../../cli/apply.ts';
import { sweep } from '../../cli/sweep.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { pointedAtSandbox, reeve, terminalInto } from './run.ts';

/** One more than a batch of changes. */
const GROUPS = 11;
const POLICY = 'revoke-open-ssh';

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let plan: string;
let journal: string;
let config: string;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox());
  folder = mkdtempSync(join(tmpdir(), 'reeve-stop-'));
  [plan, journal, config] = [join(folder, 'p.json'), join(folder, 'j.jsonl'), join(folder, 'reeve.yml')];
  configure(50);
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

async function openGroups(most: number): Promise<void> {
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  for (let index = 0; index < most; index++) {
    const named = { GroupName: `g-${index}`, Description: 'g', VpcId: vpc?.VpcId };
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(named));
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
  }
}

function configure(cap: number): void {
  writeFileSync(
    config,
    `version: 1\npolicies:\n  ${POLICY}: { mode: enforce, caps: { count: ${cap}, percent: 100 } }\n`,
  );
}

const options = () => ({ profile: undefined, config, journal });

/** As Ctrl-C does, right before the first call of this operation. */
function stopAt(operation: string): AbortSignal {
  const controller = new AbortController();
  const effect = () => controller.abort();
  sandbox.world.faults.add({ operation, kind: 'run', times: 1, effect });
  return controller.signal;
}

async function applied(operation: string): Promise<string> {
  await reeve(['plan', POLICY, '--out', plan, '--config', config]);
  const said: string[] = [];
  const stop = stopAt(operation);
  await apply(plan, { ...options(), maxAgeMs: 3_600_000, yes: true, stop }, terminalInto(said));
  return said.join('\n');
}

async function swept(operation: string): Promise<string> {
  const said: string[] = [];
  const where = { regions: [], allRegions: false, format: 'table' as const, enforce: true };
  await sweep(POLICY, { ...options(), ...where, stop: stopAt(operation) }, terminalInto(said));
  return said.join('\n');
}

it.each([
  { command: 'apply', stopped: applied, next: 'the next apply', done: /11 planned, (\d+) done/ },
  { command: 'sweep', stopped: swept, next: 'the next sweep', done: /(\d+) remedied/ },
])(
  'reeve $command that was stopped in between says how many it did not begin, and no queue',
  async ({ stopped, next, done }) => {
    await openGroups(GROUPS);
    const said = await stopped('RevokeSecurityGroupIngress');
    const ended = Number(done.exec(said)?.[1]);

    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThan(GROUPS);
    expect(said).toContain(`${GROUPS - ended} not begun.`);
    expect(said.replace(/\s+/g, ' ')).toContain(next);
    expect(said).not.toMatch(/queue|left alone/);
  },
);

it.each([
  { command: 'apply', stopped: applied },
  { command: 'sweep', stopped: swept },
])(
  'reeve $command that was stopped over its reading changes nothing, and blames nothing',
  async ({ stopped }) => {
    await openGroups(2);
    const said = await stopped('DescribeSecurityGroups');

    expect(sandbox.world.calls.filter(({ operation }) => operation.startsWith('Revoke'))).toEqual([]);
    expect(said).toContain('Stopped before the end. Run the same command again');
    expect(said).not.toMatch(/queue|left alone|not found again|too short|Needs a person/);
  },
);

it('an apply that was stopped before it read says so of every item', async () => {
  await openGroups(2);
  const said = await applied('GetCallerIdentity');

  expect(said).toContain('2 not begun.');
  expect(said).toContain('2 planned, 0 done, 2 not begun.');
});

it('B6.3 above its cap a sweep leaves the rest to the next one, and says no word of a queue', async () => {
  await openGroups(3);
  configure(1);
  const words = ['sweep', POLICY, '--enforce', '--journal', journal, '--config', config];
  const { err, out } = await reeve(words, 80);

  expect(err).toContain('1 remedied');
  expect(err).toContain('The most severe come first, the rest is left to the next sweep.');
  expect(out.replace(/\s+/g, ' ')).toContain(
    'left: The cap of this run was reached; the next sweep looks at it again.',
  );
  expect(err + out).not.toContain('queue');
});
