import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from '../../../shared/engine/glob.ts';

it.each([
  ['prod-*', 'prod-db', true],
  ['prod-*', 'prod-', true],
  ['prod-*', 'preprod-db', false],
  ['*prod*', 'preprod-db', true],
  ['db-?', 'db-1', true],
  ['db-?', 'db-', false],
  ['db-?', 'db-12', false],
  ['', '', true],
  ['', 'x', false],
  ['*', '', true],
  ['**', 'anything', true],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['[ab]', '[ab]', true],
  ['{a,b}', 'a', false],
  ['arn:*:iam::*:role/sec-*', 'arn:aws-cn:iam::111122223333:role/sec-ops', true],
  ['*a*b', 'aXbYb', true],
  ['*ab', 'aab', true],
])('B6.28 %j on %j is %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

it('B6.28 agrees with a fully escaped regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '['), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const source = pattern.replace(/[.[]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
      expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
    }),
    { numRuns: 2000 },
  );
});

it('B6.27 many stars over a long text end quickly', () => {
  expect(matchesGlob(`${'*a'.repeat(20)}b`, 'a'.repeat(50_000))).toBe(false);
});
