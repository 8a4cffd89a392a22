import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type * as z from 'zod';
import { settings as bucketSettings } from '../../../functions/delete-stale-buckets/settings.ts';
import { settings as tagSettings } from '../../../functions/enforce-tags/settings.ts';
import { settings } from '../../../functions/revoke-open-ssh/settings.ts';
import { settings as idleSettings } from '../../../functions/stop-idle-instances/settings.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { policyCommon, topLevel } from '../../../shared/config/schema.ts';

const manual = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const policies = new Map<string, z.ZodType>([
  ['revoke-open-ssh', settings],
  ['stop-idle-instances', idleSettings],
  ['enforce-tags', tagSettings],
  ['delete-stale-buckets', bucketSettings],
]);

function blocks(language: string): readonly string[] {
  return [...manual.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

it('the manual has examples', () => {
  expect(blocks('yaml')).toHaveLength(4);
  expect(blocks('yaml refused')).toHaveLength(1);
});

it.each(blocks('yaml'))('this example of the manual loads: %s', (text) => {
  expect(loadConfig(text, 'reeve.yml', policies)).toMatchObject({ ok: true });
});

it('the mistakes of the manual are told in its words', () => {
  const [refused = ''] = blocks('yaml refused');
  const [lines = ''] = blocks('text');
  expect(loadConfig(refused, 'reeve.yml', policies)).toEqual({
    ok: false,
    errors: lines.trimEnd().split('\n'),
  });
});

it.each([topLevel, policyCommon, settings, idleSettings, tagSettings, bucketSettings])(
  'the manual lists every key of a schema in its tables',
  ({ shape }) => {
    const rows = [...manual.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    for (const key of Object.keys(shape)) expect(rows).toContain(key);
  },
);
