import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('without its packages it says what to run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-bare-'));
  try {
    for (const part of ['cli', 'package.json']) cpSync(part, join(folder, part), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, ['cli/reeve.mjs', '--help'], {
      cwd: folder,
      encoding: 'utf8',
    });

    expect(stderr).toMatch(/^reeve: Cannot find (package|module) .*; run npm ci\n$/);
    expect(status).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
