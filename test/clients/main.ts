import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '../../sandbox/cloudformation/deploy.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { packaged } from '../stack/packaged.ts';

/** Two more generations of AWS clients, as Debian has them, and how one sees that they are there. */
const CLIENTS = [
  { name: 'the AWS CLI (apt-get install awscli)', command: '/usr/bin/aws', asked: ['--version'] },
  {
    name: 'boto3 (apt-get install python3-boto3)',
    command: '/usr/bin/python3',
    asked: ['-c', 'import boto3'],
  },
];

const LONGEST_MS = 300_000;

/** How far the account's clock is turned every tenth of a second, so that no script waits a minute for an instance. */
const TURN_MS = 2000;

/** Turns the clock until the work is done. */
async function withHaste<T>(sandbox: Sandbox, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => void sandbox.world.clock.advance(TURN_MS), 100);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

function missing(): readonly string[] {
  return CLIENTS.filter(({ command, asked }) => {
    try {
      execFileSync(command, asked, { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  }).map(({ name }) => name);
}

/** Runs a client's script with nothing in its environment but the sandbox; answers its lines. */
function drive(sandbox: Sandbox, endpoint: string, home: string, command: string, ...args: string[]) {
  const { accessKeyId, secretAccessKey } = sandbox.credentials({ user: 'ana' });
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: sandbox.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  return new Promise<readonly string[]>((resolve) => {
    execFile(
      command,
      args,
      { env, cwd: import.meta.dirname, timeout: LONGEST_MS },
      (error, said, complaint) => {
        const broken = error
          ? [`not ok ${args.join(' ')}: ${complaint.trim().split('\n').at(-1) || error.message}`]
          : [];
        resolve([...said.split('\n').filter(Boolean), ...broken]);
      },
    );
  });
}

/** Drives the sandbox over HTTP with both clients, then once more with Reeve deployed; the lines of all checks. */
async function allChecks(): Promise<readonly string[]> {
  const sandbox = createSandbox({ clock: 'running' });
  const home = mkdtempSync(join(tmpdir(), 'reeve-clients-'));
  try {
    const { endpoint } = await sandbox.listen();
    const python = (part: string) =>
      drive(sandbox, endpoint, home, '/usr/bin/python3', 'boto3_client.py', part);
    const basics = await withHaste(
      sandbox,
      Promise.all([drive(sandbox, endpoint, home, '/bin/bash', 'aws.sh'), python('basics')]),
    );
    await deploy(sandbox, await packaged('test/stack/reeve.yml'));
    return [...basics.flat(), ...(await python('reeve'))];
  } finally {
    await sandbox.close();
    rmSync(home, { recursive: true });
  }
}

const absent = missing();
if (absent.length > 0) {
  console.error(`Not installed: ${absent.join(' and ')}`);
  process.exitCode = 1;
} else {
  const lines = await allChecks();
  const failed = lines.filter((line) => !line.startsWith('ok ')).length;
  console.log(`${lines.join('\n')}\n\n${lines.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
