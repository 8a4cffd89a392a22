import { readFileSync, statSync } from 'node:fs';
import type * as z from 'zod';
import type { Result } from '../shared/engine/outcome.ts';
import type { Place } from '../shared/engine/signal.ts';
import type { Verdict } from '../shared/engine/verdict.ts';
import { plain } from '../shared/notify/escape.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { knownPolicy, loadConfig, loadPolicy, loadSavedReader } from './policies.ts';
import { type Format, printFindings } from './render/findings.ts';
import type { Terminal } from './terminal.ts';

export interface CheckOptions {
  /** Files with saved answers; `-` is standard input. */
  readonly from: readonly string[];
  readonly config: string;
  readonly format: Format;
  /** For answers that do not say it themselves. */
  readonly region: string | undefined;
}

/** Larger answers are better swept than saved. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_MISTAKES = 5;

/** `reeve check`: judge saved answers of the AWS CLI offline, without credentials. Every resource gets its verdict. */
export async function check(name: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const config = (await loadConfig(options.config)).policies.get(knownPolicy(name));
  if (config === undefined) throw new BadInput(`${options.config}: policies.${name} is missing`);
  const [policy, reader] = [await loadPolicy(name), await loadSavedReader(name)];

  const answer = reader.saved.safeParse(mergeAnswers(options.from.map(readJson)));
  if (!answer.success) throw new BadInput(...mistakes(options.from.join(', '), answer.error));

  const nowhere: Place = { partition: 'aws', account: 'unknown', region: options.region ?? 'unknown' };
  const now = new Date();
  const findings = reader.readSaved(answer.data, nowhere).map(({ place, resource, facts }): Result => {
    const verdict = policy.judge(resource, facts, config.settings, now);
    return { ...place, resource, verdict, outcome: notTried(verdict), notes: [] };
  });
  printFindings(name, findings, options.format, terminal);
  const count = (wanted: string) => findings.filter(({ verdict }) => verdict.verdict === wanted).length;
  const [violations, unknown] = [count('violation'), count('unknown')];
  terminal.err(
    `${findings.length} judged: ${violations} out of policy, ${unknown} unknown, ${findings.length - violations - unknown} in order.`,
  );
  if (violations > 0) return EXIT.findings;
  return unknown > 0 ? EXIT.partial : EXIT.ok;
}

function notTried(verdict: Verdict): Result['outcome'] {
  if (verdict.verdict !== 'violation') {
    return { outcome: 'skipped', code: verdict.verdict, reason: verdict.reason };
  }
  return verdict.remedy === undefined
    ? { outcome: 'skipped', code: 'alert-only', reason: 'A person has to decide.' }
    : { outcome: 'skipped', code: 'report-mode', reason: 'Only checked.' };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    if (file !== '-' && statSync(file).size > MOST_BYTES) {
      throw new BadInput(`${file}: more than 256 MB; use reeve sweep instead`);
    }
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new BadInput(`${file}: cannot be read (${code})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? plain(error.message, 120) : 'unreadable';
    throw new BadInput(`${file}: not JSON: ${why}`);
  }
}

/** Several answers as if they had been one: lists under the same key are joined. */
function mergeAnswers(answers: readonly unknown[]): unknown {
  const [first] = answers;
  if (answers.length === 1) return first;
  const merged = new Map<string, unknown>();
  for (const answer of answers) {
    if (typeof answer !== 'object' || answer === null)
      throw new BadInput('each file has to hold a JSON object');
    for (const [key, value] of Object.entries(answer)) {
      const before = merged.get(key);
      merged.set(key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
    }
  }
  return Object.fromEntries(merged);
}

/** `groups.json: SecurityGroups[3].IpPermissions[0].FromPort: expected number, got string` */
function mistakes(file: string, { issues }: z.ZodError): readonly string[] {
  const lines = issues.slice(0, MOST_MISTAKES).map(({ path, message }) => {
    const at = path.map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`,
    );
    return plain(
      `${file}: ${at.length > 0 ? `${at.join('')}: ` : ''}${message.replace(/^Invalid input: /, '')}`,
      300,
    );
  });
  const more = issues.length - lines.length;
  return more > 0 ? [...lines, `${file}: and ${more} more mistakes`] : lines;
}
