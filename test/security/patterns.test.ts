import { expect, it } from 'vitest';
import { LONGEST_PATTERN, matchesWhole, patternMistake } from '../../functions/enforce-tags/pattern.ts';
import { settings as tagSettings } from '../../functions/enforce-tags/settings.ts';
import { matchesGlob } from '../../shared/engine/glob.ts';

/** Patterns on which an engine that backtracks would need more steps than there are atoms. */
const HOSTILE = ['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){12}$', '([a-z]+)*$'];
const LONG = `${'a'.repeat(50_000)}!`;

it.each(HOSTILE)('B6.27 %s on 50,000 characters is answered', (pattern) => {
  expect(matchesWhole(pattern, LONG)).toBe(false);
  expect(matchesWhole(pattern, LONG.slice(0, -1))).toBe(true);
});

it('B6.27 the settings refuse what no linear engine can run, and patterns that are too long', () => {
  const withPattern = (pattern: string) =>
    tagSettings.safeParse({ tags: [{ key: 'Owner', pattern }] }).success;

  expect(patternMistake('(a)\\1')).toBeDefined();
  expect(['(a+)+$', 'a'.repeat(LONGEST_PATTERN)].map(withPattern)).toEqual([true, true]);
  expect(['(a)\\1', '(?=a)a', 'a'.repeat(LONGEST_PATTERN + 1)].map(withPattern)).toEqual([
    false,
    false,
    false,
  ]);
});

it('B6.27 a glob reads each character of a text at most once for each of the pattern', () => {
  const pattern = `${'*a'.repeat(20)}b`;
  let reads = 0;
  const counted = new Proxy(Object('a'.repeat(2_000)), {
    get(text: object, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
      return Reflect.get(text, key);
    },
  });

  expect(matchesGlob(pattern, counted)).toBe(false);
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(pattern.length * 2_000);
});
