import { readFileSync, statSync } from 'node:fs';
import type * as z from 'zod';
import { plain } from '../shared/notify/escape.ts';
import { BadInput } from './exit.ts';

/** Larger answers are better swept than saved. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_MISTAKES = 5;

/** The JSON in a file, or on standard input for `-`; BadInput with one line where there is none. */
export function readAnswer(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? plain(error.message, 120) : 'unreadable';
    throw new BadInput(`${file}: not JSON: ${why}`);
  }
}

/** The text of a file, or of standard input for `-`; BadInput where it cannot be read. */
export function readText(file: string): string {
  try {
    if (file !== '-' && statSync(file).size > MOST_BYTES) {
      throw new BadInput(`${file}: more than 256 MB; use reeve sweep instead`);
    }
    return decoded(readFileSync(file === '-' ? 0 : file));
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new BadInput(`${file}: cannot be read (${code})`);
  }
}

/** Several answers as if they had been one: lists under the same key are joined. */
export function mergeAnswers(answers: readonly unknown[]): unknown {
  const [first] = answers;
  if (answers.length === 1) return first;
  const merged = new Map<string, unknown>();
  for (const answer of answers) {
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
      throw new BadInput('where several files are given, each has to hold a JSON object');
    }
    for (const [key, value] of Object.entries(answer)) {
      const before = merged.get(key);
      merged.set(key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
    }
  }
  return Object.fromEntries(merged);
}

/** `groups.json: SecurityGroups[3].IpPermissions[0].FromPort: expected number, received string` */
export function mistakesIn(file: string, { issues }: z.ZodError): readonly string[] {
  const lines = issues.slice(0, MOST_MISTAKES).map(({ path, message }) => {
    const at = path.map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`,
    );
    const where = at.length > 0 ? `${at.join('')}: ` : '';
    return plain(`${file}: ${where}${message.replace(/^Invalid input: /, '')}`, 300);
  });
  const more = issues.length - lines.length;
  return more > 0 ? [...lines, `${file}: and ${more} more mistakes`] : lines;
}

/** Byte order marks are left out; PowerShell redirects into UTF-16. */
function decoded(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
