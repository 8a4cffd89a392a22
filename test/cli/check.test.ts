import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reeve } from './run.ts';

const world = { IpRanges: [{ CidrIp: '0.0.0.0/0', Description: null }] };
const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
const group = (GroupId: string, ...IpPermissions: object[]) => ({
  GroupId,
  GroupName: `name of ${GroupId}`,
  OwnerId: '111122223333',
  VpcId: 'vpc-1',
  IpPermissions,
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function saved(content: unknown, name = 'saved.json'): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const judged = async (...files: string[]) => {
  const said = await reeve([
    'check',
    'revoke-open-ssh',
    ...files.flatMap((file) => ['--from', file]),
    '--format',
    'json',
  ]);
  return { ...said, findings: JSON.parse(said.out) as Record<string, unknown>[] };
};

it.each([
  { when: 'UTF-8 with a byte order mark', encoding: 'utf8' as const },
  { when: 'UTF-16, as PowerShell redirects it', encoding: 'utf16le' as const },
])('reads an answer in $when', async ({ encoding }) => {
  const file = join(folder, `${encoding}.json`);
  const text = JSON.stringify({ SecurityGroups: [group('sg-a', { ...ssh, ...world })] });
  writeFileSync(file, Buffer.from(`\uFEFF${text}`, encoding));

  expect((await judged(file)).code).toBe(1);
});

describe('reeve check judges a saved answer offline', () => {
  it.each([
    {
      when: 'SSH to the world',
      groups: [group('sg-a', { ...ssh, ...world })],
      verdict: 'violation',
      code: 1,
    },
    {
      when: 'an office address',
      groups: [group('sg-a', { ...ssh, IpRanges: [{ CidrIp: '198.51.100.7/32' }] })],
      verdict: 'compliant',
      code: 0,
    },
    {
      when: 'a prefix list without its entries',
      groups: [group('sg-a', { ...ssh, PrefixListIds: [{ PrefixListId: 'pl-1' }] })],
      verdict: 'unknown',
      code: 3,
    },
    {
      when: 'a prefix list that holds the world',
      groups: [group('sg-a', { ...ssh, PrefixListIds: [{ PrefixListId: 'pl-1' }] })],
      more: {
        PrefixLists: [{ PrefixListId: 'pl-1', OwnerId: '111122223333', Entries: [{ Cidr: '0.0.0.0/0' }] }],
      },
      verdict: 'violation',
      code: 1,
    },
    {
      when: 'a prefix list of AWS',
      groups: [group('sg-a', { ...ssh, PrefixListIds: [{ PrefixListId: 'pl-1' }] })],
      more: { PrefixLists: [{ PrefixListId: 'pl-1', OwnerId: 'AWS' }] },
      verdict: 'compliant',
      code: 0,
    },
  ])('$when: $verdict', async ({ groups, more = {}, verdict, code }) => {
    const said = await judged(saved({ SecurityGroups: groups, ...more }));

    expect(said.findings).toMatchObject([
      { policy: 'revoke-open-ssh', account: '111122223333', resource: 'sg-a', verdict },
    ]);
    expect(said.code).toBe(code);
  });

  it('gives the stable keys, and every group its verdict', async () => {
    const { findings } = await judged(
      saved({ SecurityGroups: [group('sg-a', { ...ssh, ...world }), group('sg-b')] }),
    );

    expect(findings.map(({ verdict }) => verdict)).toEqual(['violation', 'compliant']);
    for (const key of [
      'policy',
      'account',
      'region',
      'resource',
      'verdict',
      'reasonCode',
      'reason',
      'evidence',
      'remedy',
    ]) {
      expect(findings[0]).toHaveProperty(key);
    }
    expect(findings[0]?.evidence).toMatchObject([{ protocol: 'tcp', fromPort: 22, source: '0.0.0.0/0' }]);
    expect(findings[0]?.remedy).toMatchObject({ action: 'revoke-ingress' });
  });

  it('takes rule ids, prefix lists and network interfaces from files beside it', async () => {
    const everything = { IpProtocol: '-1', ...world };
    const { findings } = await judged(
      saved({ SecurityGroups: [group('sg-a', everything)] }, 'groups.json'),
      saved(
        {
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: 'sgr-1',
              GroupId: 'sg-a',
              IsEgress: false,
              IpProtocol: '-1',
              FromPort: -1,
              ToPort: -1,
              CidrIpv4: '0.0.0.0/0',
            },
          ],
        },
        'rules.json',
      ),
      saved({ NetworkInterfaces: [] }, 'interfaces.json'),
    );

    expect(findings[0]?.remedy).toMatchObject({ parameters: { groupId: 'sg-a', ruleIds: ['sgr-1'] } });
  });

  it('reads the bare list that --query leaves, and the region from an ARN', async () => {
    const arn = 'arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-a';
    const { findings } = await judged(saved([{ ...group('sg-a'), SecurityGroupArn: arn }]));

    expect(findings).toMatchObject([{ region: 'cn-north-1', arn }]);
  });
});

describe('bad input gets one clear line and exit code 2', () => {
  it.each([
    { when: 'no such file', content: undefined, line: /none\.json: cannot be read \(ENOENT\)$/ },
    {
      when: 'JSON nested deeper than any answer',
      content: `{"SecurityGroups":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      line: /saved\.json: SecurityGroups\[0\]: expected object/,
    },
    { when: 'not JSON', content: '{"SecurityGroups": [', line: /saved\.json: not JSON: / },
    {
      when: 'another answer',
      content: { Vpcs: [] },
      line: /expected SecurityGroups, as `aws ec2 describe-security-groups`/,
    },
    {
      when: 'a group without id',
      content: { SecurityGroups: [{ IpPermissions: [] }] },
      line: /saved\.json: SecurityGroups\[0\]\.GroupId: expected string, received undefined$/,
    },
    {
      when: 'a port that is none',
      content: { SecurityGroups: [group('sg-a', { ...ssh, FromPort: '22' })] },
      line: /SecurityGroups\[0\]\.IpPermissions\[0\]\.FromPort: expected number, received string$/,
    },
    { when: 'a number', content: 5, line: /saved\.json: expected object, received number$/ },
  ])('$when', async ({ content, line }) => {
    const file = content === undefined ? join(folder, 'none.json') : saved(content);
    const { code, out, err } = await reeve(['check', 'revoke-open-ssh', '--from', file]);

    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toHaveLength(1);
    expect(err).toMatch(line);
    expect(err).toMatch(/^reeve: /);
  });

  it.each([
    [['check', 'revoke-open-shs', '--from', 'x'], /did you mean revoke-open-ssh\?/],
    [['check', 'revoke-open-ssh'], /required option '--from <file>' not specified/],
    [['chek'], /unknown command 'chek'/],
    [['sweep'], /sweep takes a policy or --all; policies are .*revoke-open-ssh/],
    [['sweep', 'revoke-open-ssh', '--all'], /sweep takes a policy or --all/],
    [['sweep', 'revoke-open-ssh', '--format', 'xml'], /Allowed choices are table, json, csv/],
    [['sweep', 'revoke-open-ssh', '--enforec'], /unknown option '--enforec'/],
    [['sweep', 'revoke-open-ssh', '--config', 'none.yml'], /none\.yml: there is no such file/],
    [['invoke', 'revoke-open-ssh', 'none.json'], /none\.json: cannot be read \(ENOENT\)/],
    [['invoke', 'revoke-open-ssh', 'package.json', '--package', 'none'], /run npm run package/],
  ])('reeve %j', async (words, line) => {
    const { code, out, err } = await reeve(words);

    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.split('\n')).toHaveLength(1);
    expect(err).toMatch(line);
  });
});

describe('what strangers wrote cannot harm the terminal', () => {
  const evil = '\u001b[2J\u202ename\r\n=cmd()';
  const answer = { SecurityGroups: [{ ...group('sg-a', { ...ssh, ...world }), GroupName: evil }] };

  it.each(['table', 'json', 'csv'])('B6.22 control characters do not pass as %s', async (format) => {
    const { out } = await reeve(['check', 'revoke-open-ssh', '--from', saved(answer), '--format', format]);

    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('B6.24 a CSV cell cannot become a formula', async () => {
    const formula = { SecurityGroups: [{ ...group('sg-a', { ...ssh, ...world }), GroupName: '=cmd()' }] };
    const { out } = await reeve(['check', 'revoke-open-ssh', '--from', saved(formula), '--format', 'csv']);

    expect(out).toContain(`"'=cmd()"`);
  });

  it.each([60, 80, 100, 160])('a table fits %i columns', async (columns) => {
    const { out } = await reeve(['check', 'revoke-open-ssh', '--from', saved(answer)], columns);

    if (columns >= 90)
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(out).toContain('sg-a');
  });
});
