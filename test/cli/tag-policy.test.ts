import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../functions/enforce-tags/settings.ts';
import { reeve } from './run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-tag-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, 'policy.json');
  writeFileSync(path, content);
  return path;
}

it('a tag policy becomes tags that enforce-tags takes', async () => {
  const CostCenter = {
    tag_key: { '@@assign': 'CostCenter' },
    tag_value: { '@@assign': ['100', '200'] },
    enforced_for: { '@@assign': ['ec2:instance'] },
  };
  const { code, out } = await reeve(['tag-policy', file(JSON.stringify({ tags: { CostCenter } }))]);

  expect(code).toBe(0);
  expect(settings.parse(parse(out)).tags).toMatchObject([{ key: 'CostCenter', values: ['100', '200'] }]);
});

it.each([
  { when: 'not JSON', content: '{"tags": ' },
  { when: 'another document', content: '{"Statement": []}' },
])('$when gets a line for each mistake and exit code 2', async ({ content }) => {
  const { code, out, err } = await reeve(['tag-policy', file(content)]);

  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^reeve: .*policy\.json: /);
});

it('B6.22 a key that would move the cursor is quoted without it', async () => {
  const { err } = await reeve(['tag-policy', file(JSON.stringify({ tags: { 'a\r\nforged\u001b[2J': 1 } }))]);

  expect(err).toContain('tags.a forged is not a policy statement');
});
