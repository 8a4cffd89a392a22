import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pointedAtSandbox, reeve } from './run.ts';

let folder = '';
let scene: Awaited<ReturnType<typeof pointedAtSandbox>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-report-'));
  scene = await pointedAtSandbox();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await scene.restore();
});

const sweep = (...words: string[]) => reeve(['sweep', 'revoke-open-ssh', '--region', 'eu-west-1', ...words]);

it('writes a page beside what it prints, into a folder under a name of its own', async () => {
  const { code, err } = await sweep('--report', folder);

  const file = join(folder, 'reeve-report.html');
  expect(code).toBe(0);
  expect(err).toContain(`The report is in ${file}`);
  expect(readFileSync(file, 'utf8')).toContain('<h1>Account 111122223333</h1>');
});

it('B6.32 refuses to overwrite a file before anything is read, but by force', async () => {
  const file = join(folder, 'mine.html');
  writeFileSync(file, 'mine');
  scene.sandbox.world.forgetCalls();

  const { code, err } = await sweep('--report', file);
  expect([code, err]).toEqual([2, `reeve: ${file}: it is there already; give --force to overwrite it`]);
  expect(scene.sandbox.world.calls).toEqual([]);
  expect((await sweep('--report', file, '--force')).code).toBe(0);
  expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('<!doctype html>');
});
