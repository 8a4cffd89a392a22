import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readPackage } from '../../../sandbox/cloudformation/package.ts';

it('reads the template, the bundles and the tags that serverless left, and nothing else', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'package-'));
  writeFileSync(path.join(folder, 'cloudformation-template-update-stack.json'), '{"Resources":{}}');
  writeFileSync(path.join(folder, 'cloudformation-template-create-stack.json'), '{}');
  writeFileSync(path.join(folder, 'job.zip'), 'zip');
  const state = { service: { provider: { stage: 'main', stackTags: { Team: 'web' } } } };
  writeFileSync(path.join(folder, 'serverless-state.json'), JSON.stringify(state));

  const { template, artifacts, tags } = readPackage(folder);
  rmSync(folder, { recursive: true });

  expect(tags).toEqual({ STAGE: 'main', Team: 'web' });
  expect(template).toBe('{"Resources":{}}');
  expect(Object.keys(artifacts)).toEqual(['job.zip']);
  expect(Buffer.from(artifacts['job.zip'] ?? []).toString()).toBe('zip');
});
