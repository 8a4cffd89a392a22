import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundled, type Contender } from './contenders.ts';

export interface Figures {
  readonly importMs: number;
  readonly wallMs: number;
  /** User and system time of the whole process, Node's own start included. */
  readonly cpuMs: number;
  /** Largest resident set of the whole process. */
  readonly peakMb: number;
  /** Violations, or versions that were deleted. */
  readonly found: number;
}

let program: Promise<string> | undefined;

/** Imports a contender's bundle in a fresh process, and lets it sweep if asked. */
export async function runProgram(
  contender: Contender,
  what: 'import' | 'sweep',
  environment: Readonly<Record<string, string>>,
  arn = '',
): Promise<Figures> {
  program ??= bundled('program.ts');
  const args = [await program, contender.bundle, what, arn];
  const options = { env: { ...environment, NODE_ENV: 'production' }, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
