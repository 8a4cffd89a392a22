import pc from 'picocolors';
import { main } from '../../cli/main.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The progress line, as it was one time after another. */
  readonly progress: readonly string[];
}

/** Runs one command line in this process, as a shell would: its exit code and what it wrote. */
export async function reeve(words: readonly string[], columns = 120): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const progress: string[] = [];
  const code = await main(words, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (text) => progress.push(text),
    columns,
    colors: pc.createColors(false),
  });
  return { code, out: out.join('\n'), err: err.join('\n'), progress };
}

const OURS = [
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_EC2',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'REEVE_KILL_SWITCH',
] as const;

/** A terminal that only collects what is printed. */
export function terminalInto(lines: string[]): Terminal {
  const collect = (line: string) => void lines.push(line);
  return { out: collect, err: collect, progress: () => {}, columns: 120, colors: pc.createColors(false) };
}

/** Serves a sandbox over HTTP and points this process's AWS environment at it; `restore` puts it back. */
export async function pointedAtSandbox(
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; restore(): Promise<void> }> {
  const sandbox = createSandbox(options);
  const leave = await pointAt(sandbox);
  return {
    sandbox,
    async restore() {
      leave();
      await sandbox.close();
    },
  };
}

/** The same for a sandbox that is there already, which stays open; the answer puts the environment back. */
export async function pointAt(sandbox: Sandbox): Promise<() => void> {
  const before = OURS.map((name) => [name, process.env[name]] as const);
  const { endpoint } = await sandbox.listen();
  const { accessKeyId, secretAccessKey } = sandbox.credentials({ user: 'ana' });
  for (const name of OURS) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: sandbox.region,
  });
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
