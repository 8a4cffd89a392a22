import { expect, it } from 'vitest';
import * as z from 'zod';
import { settings as bucketSettings } from '../../../functions/delete-stale-buckets/settings.ts';
import { settings as tagSettings } from '../../../functions/enforce-tags/settings.ts';
import { settings } from '../../../functions/revoke-open-ssh/settings.ts';
import { settings as idleSettings } from '../../../functions/stop-idle-instances/settings.ts';
import { embed } from '../../../shared/config/embed.ts';
import { readEmbedded } from '../../../shared/config/embedded.ts';
import { readConfigFile } from '../../../shared/config/file.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { change } from '../events/sample.ts';

const root = new URL('../../../', import.meta.url).pathname;
const policies = new Map<string, z.ZodType>([
  ['revoke-open-ssh', settings],
  ['stop-idle-instances', idleSettings],
  ['enforce-tags', tagSettings],
  ['delete-stale-buckets', bucketSettings],
]);
const loaded = readConfigFile(`${root}reeve.yml`, policies);
if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
const { config } = loaded;
const embedded: unknown = JSON.parse(JSON.stringify(embed(config, 'revoke-open-ssh')));

it('B6.1 the configuration that comes with Reeve reports and does not act', () => {
  expect([...config.policies].map(([name, { guard }]) => [name, guard.mode])).toEqual([
    ['revoke-open-ssh', 'report'],
    ['stop-idle-instances', 'report'],
    ['enforce-tags', 'report'],
    ['delete-stale-buckets', 'report'],
  ]);
});

it('what is embedded comes back as it was, in plain JSON', () => {
  expect(readEmbedded(embedded, 'revoke-open-ssh')).toEqual(embed(config, 'revoke-open-ssh'));
});

it('the role and its external id are embedded where they are given', () => {
  const text =
    'version: 1\naccounts: { allow: ["111122223333"], role: R, externalId: xy }\npolicies: { a: {} }\n';
  const other = loadConfig(text, 'reeve.yml', new Map([['a', z.strictObject({})]]));
  if (!other.ok) throw new Error(other.errors.join('\n'));
  expect(embed(other.config, 'a')).toMatchObject({
    role: { roleName: 'R', externalId: 'xy' },
    guard: { accounts: ['111122223333'] },
  });
});

it('B5.42 a policy that the file does not mention cannot be embedded', () => {
  expect(() => embed(config, 'water-plants')).toThrow('water-plants is not in reeve.yml');
});

it('B5.42 a missing file is told from an empty one', () => {
  expect(readConfigFile('/nowhere/reeve.yml', policies)).toEqual({
    ok: false,
    errors: ['/nowhere/reeve.yml: there is no such file'],
  });
  expect(readConfigFile(root, policies)).toEqual({ ok: false, errors: [`${root}: it cannot be read`] });
});

it.each<{ path: string; value: unknown }>([
  { path: 'version', value: 2 },
  { path: 'policy', value: undefined },
  { path: 'guard', value: null },
  { path: 'guard.mode', value: 'on' },
  { path: 'guard.caps.count', value: '10' },
  { path: 'guard.caps.percent', value: Number.NaN },
  { path: 'guard.exemption.tag', value: '' },
  { path: 'guard.exemption.maxDays', value: undefined },
  { path: 'guard.exemption.setBy', value: 'x' },
  { path: 'guard.protect.ids', value: undefined },
  { path: 'guard.protect.names', value: [1] },
  { path: 'guard.protect.tags', value: {} },
  { path: 'guard.breaker.escalateAt', value: undefined },
  { path: 'guard.breaker.openAt', value: undefined },
  { path: 'guard.accounts', value: [111122223333] },
  { path: 'guard.graceMs', value: '2d' },
  { path: 'guard.graceMs', value: -1 },
  { path: 'settings', value: [] },
  { path: 'regions', value: 'some' },
  { path: 'role', value: {} },
  { path: 'killSwitch', value: undefined },
  { path: 'notify', value: undefined },
])('B5.42 B6.1 a bundle whose $path is $value does not start', ({ path, value }) => {
  const [first = ''] = path.split('.', 1);
  expect(() => readEmbedded(change(embedded, { [path]: value }), 'revoke-open-ssh')).toThrow(
    new RegExp(`^embedded settings of revoke-open-ssh: ${first}[.\\w]* is missing or of the wrong kind$`),
  );
});

it('B5.42 settings of another policy are refused', () => {
  expect(() => readEmbedded(embedded, 'enforce-tags')).toThrow('they are for revoke-open-ssh');
  expect(() => readEmbedded(undefined, 'enforce-tags')).toThrow('version is missing');
});
