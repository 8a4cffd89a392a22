import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BadInput } from '../../cli/exit.ts';
import { fileJournal } from '../../cli/file-journal.ts';
import { fileIn, outputFile, readBounded, writeWhole } from '../../cli/files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  '../../etc/cron.d/x',
  '..',
  '.hidden',
  'a/b',
  'a\\b',
  'C:',
  'bücket',
  'a b',
  'a\nb',
  'a\u0000b',
  '',
  '%2e%2e',
  '$(id)',
  'x'.repeat(300),
])('B6.32 a name from an account never leads out of its folder: %j', (part) => {
  expect(() => fileIn(folder, ['plan', part, '2026'], '.json')).toThrow(BadInput);
  expect(readdirSync(folder)).toEqual([]);
});

it('B6.32 names of ordinary accounts, regions, policies and buckets are file names', () => {
  const parts = ['plan', '012345678901', 'us-gov-west-1', 'logs.example.com', '2026-11-21T09-00-00-000Z'];
  expect(fileIn(folder, parts, '.json')).toBe(
    join(folder, 'plan-012345678901-us-gov-west-1-logs.example.com-2026-11-21T09-00-00-000Z.json'),
  );
  expect(outputFile(folder, parts, '.json')).toBe(fileIn(folder, parts, '.json'));
  expect(outputFile(join(folder, 'mine.json'), parts, '.json')).toBe(join(folder, 'mine.json'));
});

it('B6.32 a symbolic link is never written through, not even by force, nor used as a journal', () => {
  const [target, link] = [join(folder, 'passwd'), join(folder, 'plan.jsonl')];
  writeFileSync(target, 'root');
  symlinkSync(target, link);

  for (const force of [false, true]) {
    expect(() => writeWhole(link, 'text', force)).toThrow(/symbolic link/);
  }
  expect(() => fileJournal(link)).toThrow(/symbolic link/);
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  expect(() => writeWhole(join(folder, 'dangling'), 'text', false)).toThrow(/symbolic link/);

  expect(readFileSync(target, 'utf8')).toBe('root');
  expect(readdirSync(folder).sort()).toEqual(['dangling', 'passwd', 'plan.jsonl']);
});

it('B6.32 nothing is overwritten without --force, and with it all at once, for the owner alone', () => {
  const file = join(folder, 'plan.json');
  writeWhole(file, 'first', false);
  expect(() => writeWhole(file, 'second', false)).toThrow(/there already; give --force/);
  expect(readFileSync(file, 'utf8')).toBe('first');

  writeWhole(file, 'second', true);
  expect(readFileSync(file, 'utf8')).toBe('second');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['plan.json']);
});

it('what cannot be written is one line, and leaves nothing behind', () => {
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  expect(() => writeWhole(join(folder, 'no', 'such', 'plan.json'), 'text', false)).toThrow(
    /cannot be written \(ENOENT\)/,
  );
  expect(() => writeWhole(taken, 'text', true)).toThrow(/cannot be written/);
  expect(existsSync(taken)).toBe(true);
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('B6.33 a file is read up to its bound, and a folder or device not at all', () => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, '12345');
  expect(readBounded(file, 5)).toBe('12345');
  expect(() => readBounded(file, 4)).toThrow(/5 bytes, at most 4 are read/);
  expect(() => readBounded(folder, 100)).toThrow(/not a file/);
  expect(() => readBounded('/dev/zero', 100)).toThrow(/not a file/);
  expect(() => readBounded(join(folder, 'none'), 100)).toThrow(/cannot be read \(ENOENT\)/);
});
