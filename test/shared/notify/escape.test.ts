import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cap, csvCell, jsonText, plain, redact, safe } from '../../../shared/notify/escape.ts';
import { anyText } from '../../support/any-text.ts';

const dangerous =
  /[\p{Cc}\u2028\u2029\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\uFFFE\uFFFF]/u;
/** Text that a stranger may have written: any characters, the bad ones often. */
const hostile = fc
  .array(
    fc.oneof(
      anyText(),
      fc.constantFrom(
        '\r\n',
        '\u001b[31m',
        '\u009b2J',
        '\u2028',
        '\u202e',
        '\u2066',
        '\0',
        '\t',
        '\ud800',
        '👩‍👩‍👧',
      ),
    ),
  )
  .map((parts) => parts.join(''));

it.each([
  ['two\r\nlines', 'two lines'],
  ['\u001b[2J\u001b[31mred\u001b[0m', 'red'],
  ['a\u2028b\u2029c\u0085d', 'a b c d'],
  ['abc\u202etxt.exe\u2066', 'abctxt.exe'],
  ['nul\0bell\u0007', 'nulbell'],
  ['no\ufffe message\uffff', 'no message'],
  ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
  ['Zoë, 東京, 👩‍👩‍👧', 'Zoë, 東京, 👩‍👩‍👧'],
])('B6.22 %j is shown as %j', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

it('B6.22 B6.26 whatever comes in, one well-formed line without control characters goes out', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 200 }), (text, max) => {
      for (const shown of [plain(text, max), safe(text, max)]) {
        expect(shown).not.toMatch(dangerous);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

it('B5.35 a cut falls between what a reader sees as characters', () => {
  const family = '👩‍👩‍👧';
  expect(cap(`${family}${family}`, family.length + 3)).toBe(`${family}…`);
  expect(cap('abc', 3)).toBe('abc');
  expect(cap('abcd', 3)).toBe('ab…');
});

it.each([
  ['key AKIAIOSFODNN7EXAMPLE used', 'key [key …MPLE] used'],
  ['ASIAIOSFODNN7EXAMPL2', '[key …MPL2]'],
  ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '[hidden]'],
  ['aws_secret_access_key = abc123', 'aws_secret_access_key = [hidden]'],
  ['{"password": "hunter2"}', '{"password": "[hidden]"}'],
  [
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=0a1b&x=1',
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=[hidden]&x=1',
  ],
  ['X-Amz-Security-Token: FwoGZXIvYXdz', 'X-Amz-Security-Token: [hidden]'],
  ['Authorization: AWS4 Signature=0123456789abcdef0123', 'Authorization: AWS4 Signature=[hidden]'],
  ['Bearer abcdefgh12345678', 'Bearer [hidden]'],
  ['https://hooks.slack.com/services/T0/B0/xyz', 'https://hooks.slack.com/[hidden]'],
  ['https://x.webhook.office.com/webhookb2/1@2/3', 'https://x.webhook.office.com/[hidden]'],
  ['https://discord.com/api/webhooks/1/abc', 'https://discord.com/[hidden]'],
  ['https://ana:hunter2@example.com/x', 'https://example.com/x'],
])('B6.34 hides the secret in %j', (text, shown) => {
  expect(redact(text)).toBe(shown);
});

it.each([
  'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d4e5f60718',
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/main-AbCdEf',
  'commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-1',
  'tokens and passwords are words',
])('B6.34 leaves %j as it is', (text) => {
  expect(redact(text)).toBe(text);
});

it('B6.34 a cut leaves no half of a secret', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  for (let max = 1; max < 60; max++) expect(safe(`the key is ${key}, sorry`, max)).not.toContain('AKIA');
  expect(safe(`AKIA\u200bIOSFODNN7EXAMPLE`)).toBe('[key …MPLE]');
});

it('B6.27 hostile text of 50,000 characters is dealt with at once', () => {
  for (const piece of [
    'a',
    ' ',
    'token',
    '\u001b[',
    'https://',
    'secret = ',
    'X-Amz-Signature=',
    '\u200b',
    '/',
  ])
    expect(safe(piece.repeat(50_000 / piece.length), 500).length).toBeLessThanOrEqual(500);
});

it.each([
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['\rx', `"'\rx"`],
  ['  =1', `"'  =1"`],
  ['say "hi", ok', '"say ""hi"", ok"'],
  ['plain', '"plain"'],
  ['', '""'],
])('B6.24 the cell %j is written as %s', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

it('B6.24 no cell can start a formula or leave its quotes', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const cell = csvCell(text);
      expect(cell).toMatch(/^"(?![=+\-@\t\r])(?:[^"]|"")*"$/);
    }),
  );
});

it('B6.22 JSON parses to the same value and holds nothing that acts on a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (record) => {
      const value = Object.entries(record).map(([key, text]) => ({
        key: key.toWellFormed(),
        text: text.toWellFormed(),
      }));
      const text = jsonText(value);
      expect(text).not.toMatch(dangerous);
      expect(JSON.parse(text)).toEqual(value);
    }),
  );
});

const unseen = [0xad, 0x180e, 0x2061, 0x2064, 0x206a, 0xfff9, 0xe0001, 0xe0041, 0xe007f];

it('B6.26 what no reader can see is spelled out in JSON', () => {
  const text = String.fromCodePoint(...unseen);
  expect(jsonText(text)).toMatch(/^"(\\u[0-9a-f]{4})+"$/);
  expect(JSON.parse(jsonText(text))).toBe(text);
});

it('B6.26 what no reader can see hides nothing in a message', () => {
  const text = unseen.map((code) => `a${String.fromCodePoint(code)}`).join('');
  expect(plain(text)).toBe('a'.repeat(unseen.length));
});
