import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import type * as z from 'zod';
import { settings as buckets } from '../../../functions/delete-stale-buckets/settings.ts';
import { settings as tags } from '../../../functions/enforce-tags/settings.ts';
import { settings as ssh } from '../../../functions/revoke-open-ssh/settings.ts';
import { settings as idle } from '../../../functions/stop-idle-instances/settings.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { type Door, door } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';

const SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['delete-stale-buckets', buckets],
  ['enforce-tags', tags],
  ['revoke-open-ssh', ssh],
  ['stop-idle-instances', idle],
]);

const FILES = ['reeve.yml', 'test/fuzz/reeve.yml', 'cli/demo/demo.yml'] as const;

/** Files with a mistake in them have at most as many lines to tell as they have places, and one more. */
const MOST_LINES = 20_000;

const FRAGMENTS: readonly (() => string)[] = [
  () => 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d]\n',
  () => `lol: &lol [${Array(20).fill('*lol').join(', ')}]\n`,
  () =>
    `${Array.from({ length: 60 }, (_, n) => `k${n}: &k${n} [${n ? `*k${n - 1}, *k${n - 1}` : 1}]`).join('\n')}\n`,
  () => 'x: !!js/function "function () {}"\n',
  () => 'x: !ruby/object {}\n',
  () => '__proto__: { polluted: true }\n',
  () => '? { complex: key }\n: value\n',
  () => '<<: { mode: enforce }\n',
  () => '---\nversion: 1\n',
  () => '%YAML 1.1\n---\n',
  () => `${'['.repeat(2_000)}\n`,
  () => `${'  '.repeat(300)}- x\n`,
  () => `${'- '.repeat(2_000)}x\n`,
  () => `x: "${'y'.repeat(1_100_000)}"\n`,
  () => `${'# comment\n'.repeat(2_000)}`,
  () => 'version: 1\nversion: 2\n',
  () => '\u0000\u001b[2J\u2028',
  () => '\ud800: x\n',
  () => '\tversion: 1\n',
  () => 'x: *nowhere\n',
  () => '"unterminated\n',
  () => '|\n  text\n >- more\n',
  () => 'policies: on\n',
  () => 'accounts: { allow: [012345678901] }\n',
  () => `patterns: ['(a+)+$', '(?=a)', '\\1', '${'(a|'.repeat(500)}']\n`,
];

/** `reeve.yml` as text: torn, doubled, and with what YAML has to offer to whoever means harm. */
export function configText(): Door {
  const cut = fc.record({
    at: fc.noBias(fc.nat({ max: 10_000 })),
    drop: fc.nat({ max: 200 }),
    put: fc.noBias(fc.nat({ max: FRAGMENTS.length - 1 })),
    whole: fc.boolean(),
  });
  const inputs = fc.record({
    source: fc.constantFrom(...FILES),
    cuts: fc.array(cut, { minLength: 1, maxLength: 3 }),
  });
  return door('reeve.yml, as text', inputs, ({ source, cuts }) =>
    load(
      cuts.reduce(
        (text, { at, drop, put, whole }) => {
          const start = whole ? text.lastIndexOf('\n', at % text.length) + 1 : at % text.length;
          return text.slice(0, start) + (FRAGMENTS[put]?.() ?? '') + text.slice(start + drop);
        },
        readFileSync(source, 'utf8'),
      ),
    ),
  );
}

/** `reeve.yml` as data: keys and values of every wrong kind. */
export function configData(): Door {
  const inputs = fc.record({ source: fc.constantFrom(...FILES), mutations });
  return door('reeve.yml, as data', inputs, ({ source, mutations: changes }) =>
    // JSON is YAML, but for what nests so deeply that neither can be written.
    load(asJson(mutated(parse(readFileSync(source, 'utf8')), changes))),
  );
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '['.repeat(10_000);
    throw error;
  }
}

function load(text: string) {
  const loaded = loadConfig(text, 'reeve.yml', SCHEMAS);
  const lines = loaded.ok ? [] : loaded.errors;
  const unplaced = lines.find((line) => !/^reeve\.yml:\d+: /.test(line));
  if (unplaced !== undefined) throw new Error(`a line that does not say where: ${unplaced}`);
  if (!loaded.ok && lines.length === 0) throw new Error('refused without a word');
  return { lines, acted: [], work: lines.length, mostWork: MOST_LINES };
}
