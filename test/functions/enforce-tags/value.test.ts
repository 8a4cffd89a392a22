import { describe, expect, it } from 'vitest';
import { matchesWhole, patternMistake } from '../../../functions/enforce-tags/pattern.ts';
import { flawOf, type ValueRule } from '../../../functions/enforce-tags/value.ts';

const stages: ValueRule = { values: ['prod', 'staging', 'dev'] };
const digits: ValueRule = { pattern: '\\d{4}' };
const held = ['todo', 'n/a', '-', 'none'];

it.each<{ value: string; rule: ValueRule; kind: string | undefined; suggestion?: string }>([
  { value: 'prod', rule: stages, kind: undefined },
  { value: 'Prod', rule: stages, kind: 'wrong-case-value', suggestion: 'prod' },
  { value: 'prd', rule: stages, kind: 'not-allowed', suggestion: 'prod' },
  { value: 'kitchen', rule: stages, kind: 'not-allowed' },
  { value: 'PROD', rule: { values: ['prod', 'Prod'] }, kind: 'not-allowed', suggestion: 'prod' },
])('B2.9 $value against a list is $kind', ({ value, rule, kind, suggestion }) => {
  expect(flawOf(value, rule, held)?.kind).toBe(kind);
  expect(flawOf(value, rule, held)?.suggestion).toBe(suggestion);
});

it.each<{ value: string; rule: ValueRule; kind: string | undefined }>([
  { value: '1234', rule: digits, kind: undefined },
  { value: '12345', rule: digits, kind: 'no-match' },
  { value: 'x1234', rule: digits, kind: 'no-match' },
  { value: 'a', rule: { pattern: 'a|b' }, kind: undefined },
  { value: 'ab', rule: { pattern: 'a|b' }, kind: 'no-match' },
])('B2.10 $value against a pattern, as a whole, is $kind', ({ value, rule, kind }) => {
  expect(flawOf(value, rule, held)?.kind).toBe(kind);
});

it.each(['', ' ', '\u00a0', ' \u2003\u00a0 '])('B2.7 %j is empty', (value) => {
  expect(flawOf(value, {}, held)?.kind).toBe('empty');
});

it.each(['TODO', 'n/a', '-', 'None', ' todo '])('B2.7 %j only holds the place of a value', (value) => {
  expect(flawOf(value, {}, held)?.kind).toBe('placeholder');
});

it('B2.7 a placeholder that the rule itself lists is a value', () => {
  expect(flawOf('none', { values: ['none', 'daily'] }, held)).toBeUndefined();
});

it.each([
  ['a', 'no-match'],
  ['\u{1f4a1}', 'no-match'],
  ['e\u0301', 'too-long'],
])('B2.5 AWS counts Unicode characters: of %j 256 are not too long, 257 are', (character, kind) => {
  const rule = { pattern: 'x' };

  expect(flawOf(character.repeat(256), rule, held)?.kind).toBe(kind);
  expect(flawOf(character.repeat(257), rule, held)?.kind).toBe('too-long');
});

describe('B2.8 spaces and Unicode', () => {
  it.each<[string, string, ValueRule, string | undefined, string | undefined]>([
    ['a trailing space', 'prod ', stages, 'untidy', 'prod'],
    ['a leading space by pattern', ' 1234', digits, 'untidy', '1234'],
    ['a space around free text', 'ana ', {}, 'untidy', 'ana'],
    ['a decomposed letter', 'Jose\u0301', { values: ['Jos\u00e9'] }, 'untidy', 'Jos\u00e9'],
    ['a decomposed letter in free text', 'Jose\u0301', {}, 'untidy', 'Jos\u00e9'],
    ['case and a space', 'Prod ', stages, 'untidy', 'prod'],
    ['a look-alike letter', '\u0440rod', stages, 'not-allowed', 'prod'],
    ['nothing of it', 'Jos\u00e9', {}, undefined, undefined],
  ])('%s is told with what was meant', (_what, value, rule, kind, suggestion) => {
    expect(flawOf(value, rule, held)).toEqual(
      kind === undefined ? undefined : expect.objectContaining({ kind, suggestion }),
    );
  });
});

describe('B6.27 patterns of the settings', () => {
  it('B2.10 take time in proportion to the text', () => {
    const started = process.cpuUsage();
    expect(matchesWhole('(a+)+$', `${'a'.repeat(50_000)}b`)).toBe(false);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });

  it('B2.5 B2.10 are not even asked about more than AWS allows', () => {
    expect(flawOf('1'.repeat(256), { pattern: '1*' }, [])).toBeUndefined();
    expect(flawOf('1'.repeat(257), { pattern: '1*' }, [])?.kind).toBe('too-long');
  });

  it.each(['(?=a)b', '(a)\\1', '(', '[z-a]'])('%s is refused', (pattern) => {
    expect(patternMistake(pattern)).toEqual(expect.any(String));
  });
});
