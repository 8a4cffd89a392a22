import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { type Config, loadConfig } from '../../../shared/config/load.ts';
import { anyText } from '../../support/any-text.ts';

const port = z.int().min(1).max(65_535).describe('a port from 1 to 65535');
const ssh = z.object({
  ports: z
    .array(z.union([port, z.strictObject({ port, action: z.enum(['revoke', 'alert']).default('revoke') })]))
    .refine((ports) => new Set(ports).size === ports.length, 'expected each port once')
    .default([22]),
  wide: z.strictObject({ ipv4: z.int().min(1).max(32).default(8) }).prefault({}),
  owner: z.string({ error: 'expected a mail address' }).optional(),
});
const policies = new Map<string, z.ZodType>([
  ['revoke-open-ssh', ssh],
  ['enforce-tags', z.strictObject({})],
]);

function load(text: string) {
  return loadConfig(text, 'reeve.yml', policies);
}

function errors(text: string): readonly string[] {
  const loaded = load(text);
  return loaded.ok ? [] : loaded.errors;
}

function config(text: string): Config {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded.config;
}

/** A file whose policy is written by the test; its keys start on line 4. */
function withPolicy(lines: string): string {
  return `version: 1\npolicies:\n  revoke-open-ssh:\n${lines.replace(/^/gm, '    ')}\n`;
}

it('a policy without keys has every default, and only reports', () => {
  const policy = config('version: 1\npolicies:\n  revoke-open-ssh:\n').policies.get('revoke-open-ssh');
  expect(policy).toEqual({
    guard: {
      mode: 'report',
      caps: { count: 10, percent: 20, window: { minutes: 60, count: 100 } },
      exemption: { tag: 'reeve:exempt', maxDays: 90, setBy: [], remindMs: 604_800_000, noticeMs: 3_600_000 },
      protect: { ids: [], names: [], tags: [] },
      breaker: { escalateAt: 3, openAt: 10 },
      accounts: [],
    },
    settings: { ports: [22], wide: { ipv4: 8 } },
    schedule: undefined,
    reservedConcurrency: undefined,
  });
});

it('B6.9 a policy overrides single defaults and adds to what is protected', () => {
  const text = `
version: 1
accounts: { allow: ["012345678901"], role: reeve/ReeveRemediation, externalId: abc }
regions: [eu-west-1, us-gov-west-1]
notify: { topic: "arn:aws:sns:eu-west-1:111122223333:alerts" }
defaults:
  caps: { count: 5, percent: 50 }
  protect: { ids: [sg-1], names: ["prod-*"], tags: [env=prod] }
  exemption: { tag: keep, setBy: ["arn:aws:iam::*:role/admin"] }
policies:
  revoke-open-ssh:
    mode: enforce
    caps: { count: 7 }
    protect: { names: ["bastion-?"] }
    schedule: rate(1 hour)
    reservedConcurrency: off
`;
  const loaded = config(text);
  const policy = loaded.policies.get('revoke-open-ssh');
  expect(loaded).toMatchObject({
    role: { roleName: 'reeve/ReeveRemediation', externalId: 'abc' },
    regions: ['eu-west-1', 'us-gov-west-1'],
    notify: { topic: 'arn:aws:sns:eu-west-1:111122223333:alerts' },
  });
  expect(policy).toMatchObject({ schedule: 'rate(1 hour)', reservedConcurrency: 'off' });
  expect(policy?.guard).toEqual({
    mode: 'enforce',
    caps: { count: 7, percent: 50, window: { minutes: 60, count: 70 } },
    exemption: {
      tag: 'keep',
      maxDays: 90,
      setBy: ['arn:aws:iam::*:role/admin'],
      remindMs: 604_800_000,
      noticeMs: 3_600_000,
    },
    protect: { ids: ['sg-1'], names: ['prod-*', 'bastion-?'], tags: ['env=prod'] },
    breaker: { escalateAt: 3, openAt: 10 },
    accounts: ['012345678901'],
  });
});

it.each<{ written: string; line: string }>([
  { written: 'ports: [ssh]', line: '4: policies.revoke-open-ssh.ports[0]: expected a port from 1 to 65535' },
  {
    written: 'ports:\n  - 22\n  - port: 0',
    line: '6: policies.revoke-open-ssh.ports[1].port: expected a port from 1 to 65535, got 0',
  },
  {
    written: 'ports:\n  - { port: 1, action: nuke }',
    line: '5: policies.revoke-open-ssh.ports[0].action: expected one of revoke, alert, got "nuke"',
  },
  { written: 'ports: [1, 1]', line: '4: policies.revoke-open-ssh.ports: expected each port once' },
  { written: 'prots: [22]', line: '4: policies.revoke-open-ssh.prots: unknown key; did you mean "ports"?' },
  { written: 'mod: enforce', line: '4: policies.revoke-open-ssh.mod: unknown key; did you mean "mode"?' },
  {
    written: 'wide:\n  ipv5: 1',
    line: '5: policies.revoke-open-ssh.wide.ipv5: unknown key; did you mean "ipv4"?',
  },
  {
    written: 'zebra: 1',
    line: '4: policies.revoke-open-ssh.zebra: unknown key; allowed are ports, wide, owner, mode',
  },
  { written: 'owner: 3', line: '4: policies.revoke-open-ssh.owner: expected a mail address, got 3' },
  {
    written: 'mode: Enforce',
    line: '4: policies.revoke-open-ssh.mode: expected one of report, enforce, got "Enforce"',
  },
  {
    written: 'caps:\n  count: 0',
    line: '5: policies.revoke-open-ssh.caps.count: expected a whole number from 1 to 1000, got 0',
  },
  {
    written: 'caps: { window: 1w }',
    line: '4: policies.revoke-open-ssh.caps.window: expected a time, e.g. 30m, 1h or 1d, got "1w"',
  },
  {
    written: 'caps: { perWindow: 1001 }',
    line: '4: policies.revoke-open-ssh.caps.perWindow: expected a whole number from 1 to 1000, got 1001',
  },
  {
    written: 'caps: { percent: 101 }',
    line: '4: policies.revoke-open-ssh.caps.percent: expected a whole number from',
  },
  {
    written: 'exemption: { maxDays: 91 }',
    line: '4: policies.revoke-open-ssh.exemption.maxDays: expected a whole',
  },
  {
    written: 'exemption: { tag: "aws:x" }',
    line: '4: policies.revoke-open-ssh.exemption.tag: expected a tag key, not',
  },
  ...['0d', '91d', '1000h', '30m', 'P2D', 2].map((grace) => ({
    written: `grace: ${grace}`,
    line: '4: policies.revoke-open-ssh.grace: expected a time of 1h to 999h or 1d to 90d, e.g. 2d, got ',
  })),
  {
    written: 'grace: 2d\nschedule: "off"',
    line: '4: policies.revoke-open-ssh.grace: expected a schedule that is not "off" beside it',
  },
  {
    written: 'schedule: hourly',
    line: '4: policies.revoke-open-ssh.schedule: expected rate(…), cron(…) of six',
  },
])('$written is one line that names file, line, key and what is allowed', ({ written, line }) => {
  const found = errors(withPolicy(written));
  expect(found).toHaveLength(1);
  expect(found[0]?.startsWith(`reeve.yml:${line}`), found[0]).toBe(true);
});

it.each([
  ['grace: 36h', 36],
  ['grace: 2d', 48],
])('B6.7 %s is a grace of %i hours', (written, hours) => {
  expect(config(withPolicy(written)).policies.get('revoke-open-ssh')?.guard.graceMs).toBe(hours * 3_600_000);
});

it('every mistake of a file is told at once, in its order', () => {
  const text =
    'version: 2\nregions: [moon]\npolicies:\n  enforce-tgas:\n  revoke-open-ssh: { ports: no }\nacounts: 1\n';
  expect(errors(text)).toEqual([
    'reeve.yml:1: version: expected 1, got 2',
    'reeve.yml:2: regions[0]: expected a region, e.g. eu-west-1, got "moon"',
    'reeve.yml:4: policies.enforce-tgas: no such policy; did you mean "enforce-tags"?',
    'reeve.yml:5: policies.revoke-open-ssh.ports: expected a list, each a port from 1 to 65535 or the keys port, action, got "no"',
    'reeve.yml:6: acounts: unknown key; did you mean "accounts"?',
  ]);
});

it.each(['*', '**', '?*', '', 'prod-[ab]', '{a,b}', '(a+)+$[x]'])(
  'B6.9 B6.27 B6.28 the pattern "%s" is refused',
  (name) => {
    const [error] = errors(withPolicy(`protect:\n  names: ["${name}"]`));
    expect(error).toMatch(/^reeve\.yml:5: .*protect\.names\[0\]: expected a pattern with \* and \?/);
  },
);

it('B6.27 a pattern is at most 1,024 characters long', () => {
  const patternOf = (length: number): string => withPolicy(`protect:\n  names: ["${'a'.repeat(length)}"]`);
  expect(errors(patternOf(1024))).toEqual([]);
  expect(errors(patternOf(1025))[0]).toMatch(/names\[0\]: expected a pattern/);
});

it.each<{ what: string; text: string; error: RegExp }>([
  {
    what: 'an account id without quotes',
    text: 'accounts: { allow: [012345678901], role: r }',
    error: /got 012345678901; put it in quotes$/,
  },
  { what: 'on for a mode', text: 'policies: { revoke-open-ssh: { mode: on } }', error: /mode: .*got "on"$/ },
  { what: 'off for a number', text: 'defaults: { caps: { count: off } }', error: /count: .*got "off"$/ },
  { what: 'a tag', text: 'x: !!js/function "f"', error: /Unresolved tag/ },
  { what: 'a tag of its own', text: 'x: !foo bar', error: /Unresolved tag/ },
  { what: 'a duplicate key', text: 'regions: own\nregions: own', error: /Map keys must be unique/ },
  { what: 'a second document', text: '---\nversion: 1', error: /document/ },
  { what: 'an alias to nothing', text: 'x: *nowhere', error: /alias/i },
  { what: 'a merge key', text: '<<: { regions: own }', error: /<<: unknown key/ },
  { what: 'a directive', text: '', error: /%YAML/ },
  { what: 'brackets without end', text: '['.repeat(100_000), error: /nested too deeply/ },
  { what: 'brackets over many lines', text: '[\n'.repeat(20_000), error: /nested too deeply/ },
  { what: 'dashes without end', text: '- '.repeat(50_000), error: /nested too deeply/ },
  {
    what: 'deep indentation',
    text: Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    error: /nested too deeply/,
  },
])('B6.29 $what is refused', ({ what, text, error }) => {
  const head = what === 'a directive' ? '%YAML 1.1\n---\n' : '';
  expect(errors(`${head}version: 1\n${text}\n`).join('\n')).toMatch(error);
});

it('B6.29 a billion laughs end as an error, in no time', () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
  );
  expect(errors(`version: 1\nl0: &l0 [lol]\n${levels.join('\n')}\n`)[0]).toMatch(
    /^reeve\.yml:1: Excessive alias count/,
  );
});

it('B6.29 B6.33 a file of 1 MB is the largest', () => {
  const start = 'version: 1\npolicies: {}\n';
  const fill = (bytes: number): string =>
    `${start}#${'.'.repeat(998)}\n`.padEnd(bytes - 1, `#${'.'.repeat(998)}\n`).concat('\n');
  expect(errors(fill(1024 * 1024))).toEqual([]);
  expect(errors(`${fill(1024 * 1024)}\n`)).toEqual(['reeve.yml:1: larger than 1 MB']);
});

it.each(['__proto__', 'constructor', 'prototype'])(
  'B6.30 the key %s is refused wherever it stands',
  (key) => {
    expect(errors(`version: 1\npolicies:\n  ${key}: { mode: enforce }\n`)).toEqual([
      `reeve.yml:3: the key "${key}" is not allowed`,
    ]);
    expect(Reflect.get({}, 'mode')).toBeUndefined();
  },
);

it('B6.31 tags called like built-ins can be protected', () => {
  const tags = ['__proto__', 'toString=1', 'hasOwnProperty'];
  const policy = config(withPolicy(`protect: { tags: [${tags.join(', ')}] }`)).policies.get(
    'revoke-open-ssh',
  );
  expect(policy?.guard.protect.tags).toEqual(tags);
});

it.each<{ kind: string; text: string }>([
  { kind: 'an access key id', text: `# old: ${'AKIA'}IOSFODNN7EXAMPLE` },
  { kind: 'an access key id', text: `killSwitch: ${'ASIA'}IOSFODNN7EXAMPLE` },
  { kind: 'a secret access key', text: `secret: "wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}"` },
])('B6.34 $kind in the file is refused and never shown', ({ kind, text }) => {
  expect(errors(`version: 1\n${text}\n`)).toEqual([
    `reeve.yml:2: this looks like ${kind}; take it out, Reeve uses the standard credential chain`,
  ]);
});

it('B6.34 ARNs, hashes and long names are no credentials', () => {
  const fine = [
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_01',
  ];
  const hash = '0123456789abcdef0123456789abcdef01234567';
  expect(errors(withPolicy(`# ${hash}\nexemption: { setBy: ["${fine[0]}"] }`))).toEqual([]);
});

it.each(['', '\n\n', '# nothing but a comment\n', '---\n'])('B5.42 an empty file is a mistake', (text) => {
  expect(errors(text)).toEqual(['reeve.yml:1: the file is empty; it needs at least version and policies']);
});

it('B5.42 B6.13 accounts without a role to enter them by are a mistake', () => {
  expect(errors('version: 1\naccounts: { allow: ["111122223333"] }\npolicies: {}\n')[0]).toMatch(
    /^reeve\.yml:2: accounts\.role: expected the role/,
  );
});

it('B6.22 no text of the file reaches the terminal unescaped', () => {
  const found = errors(`version: 1\npolicies: {}\n"\\e[31mred\\u202e\\r\\n": 1\nregions: "\\e]0;\\a"\n`);
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) expect(line).toMatch(/^[\x20-\x7e…]+$/);
});

it('B5.42 no text crashes the loading', () => {
  const token = fc.constantFrom(
    'version',
    ': ',
    '1',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!!',
    '"',
    "'",
    '|',
    'policies',
    'revoke-open-ssh',
    'ports',
    '#',
    '? ',
    '<<',
    '%',
  );
  const texts = fc.oneof(
    anyText(),
    fc.array(token).map((tokens) => tokens.join('')),
  );
  const survives = (text: string): void => {
    expect(typeof load(text).ok).toBe('boolean');
  };
  fc.assert(fc.property(texts, survives), { numRuns: 200 });
  fc.assert(fc.property(fc.jsonValue(), (value) => survives(JSON.stringify(value))));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      survives(
        JSON.stringify({
          version: 1,
          policies: { 'revoke-open-ssh': value },
          defaults: value,
          accounts: value,
        }),
      );
    }),
  );
});

it.each([
  { written: '{ count: 200 }', window: { minutes: 60, count: 1000 } },
  { written: '{ window: 30m, perWindow: 5 }', window: { minutes: 30, count: 5 } },
  { written: '{ count: 3, window: 2d }', window: { minutes: 2880, count: 30 } },
])('B6.5 caps: $written', ({ written, window }) => {
  const policy = config(withPolicy(`caps: ${written}`)).policies.get('revoke-open-ssh');
  expect(policy?.guard.caps.window).toEqual(window);
});

it('B6.22 B6.29 what the parser stumbles over is quoted on one short line', () => {
  const [line = ''] = errors(`version: 1\npolicies: |${'x'.repeat(5_000)}\u001b[2J\n`);

  expect(line).toMatch(/^reeve\.yml:2: Block scalar header includes extra characters: \|x+…$/);
  expect(line.length).toBeLessThan(330);
});
