import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-terminal-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** More text than a pipe holds, so that writing goes on after the reader has left. */
function manyOpenGroups(): string {
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  const SecurityGroups = Array.from({ length: 500 }, (_, index) => ({
    GroupId: `sg-${String(index).padStart(8, '0')}`,
    IpPermissions,
  }));
  const file = join(folder, 'many.json');
  writeFileSync(file, JSON.stringify({ SecurityGroups }));
  return file;
}

it.each([
  { when: 'standard output', redirect: '2>err' },
  { when: 'both outputs', redirect: '2>&1' },
])('a reader of $when who leaves early breaks nothing off', ({ redirect }) => {
  const reeve = `'${process.execPath}' cli/reeve.mjs check revoke-open-ssh --from '${manyOpenGroups()}' --format json`;
  const script = `{ ${reeve} ${redirect.replace('err', `'${folder}/err'`)}; echo $? > '${folder}/code'; } | head -n 1; cat '${folder}/code'`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });

  expect(stderr).toBe('');
  expect(stdout.trim().split('\n').at(-1)).toBe('1');
  expect(spawnSync('cat', [join(folder, 'err')], { encoding: 'utf8' }).stdout).not.toMatch(/EPIPE|at /);
});
