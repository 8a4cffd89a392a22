import { expect, it } from 'vitest';
import { conditionsHold, parseConditions } from '../../../sandbox/iam/conditions.ts';

/** A policy variable. */
const v = (name: string) => `\${${name}}`;

type Values = Record<string, string[]>;
const hold = (operator: string, key: string, wanted: unknown, given: Values) =>
  conditionsHold(
    parseConditions({ [operator]: { [key]: wanted } }),
    new Map(Object.entries(given).map(([name, values]) => [name.toLowerCase(), values])),
  );
const K = 'x:Key';

it.each<[operator: string, wanted: unknown, given: string[], holds: boolean]>([
  ['StringEquals', 'a', ['a'], true],
  ['StringEquals', 'a', ['A'], false],
  ['StringEquals', ['b', 'a'], ['a'], true],
  ['StringEquals', 'a*', ['ab'], false],
  ['StringEquals', 'a', [], false],
  ['StringEqualsIfExists', 'a', [], true],
  ['StringEqualsIfExists', 'a', ['b'], false],
  ['StringNotEquals', 'a', ['b'], true],
  ['StringNotEquals', ['a', 'b'], ['b'], false],
  ['StringNotEquals', 'a', [], true],
  ['StringEqualsIgnoreCase', 'a', ['A'], true],
  ['StringNotEqualsIgnoreCase', 'a', ['A'], false],
  ['StringLike', 'a*c?', ['abbcd'], true],
  ['StringLike', 'a.c', ['abc'], false],
  ['StringNotLike', 'a*', ['ab'], false],
  ['NumericEquals', 5, ['5.0'], true],
  ['NumericNotEquals', '5', ['5'], false],
  ['NumericLessThan', '5', ['5'], false],
  ['NumericLessThanEquals', '5', ['5'], true],
  ['NumericGreaterThan', '5', ['5'], false],
  ['NumericGreaterThan', '9', ['10'], true],
  ['NumericGreaterThanEquals', '5', ['5'], true],
  ['NumericLessThan', '5', ['many'], false],
  ['DateLessThan', '2026-11-03T00:00:00Z', ['2026-11-02T08:00:00Z'], true],
  ['DateLessThanEquals', '2026-11-02T08:00:00Z', ['2026-11-02T08:00:00Z'], true],
  ['DateGreaterThan', '2026-11-03T00:00:00Z', ['2026-11-02T08:00:00Z'], false],
  ['DateGreaterThanEquals', '2026-11-02T08:00:00Z', ['2026-11-02T08:00:00Z'], true],
  ['DateEquals', '1793606400', ['2026-11-02T08:00:00Z'], true],
  ['DateNotEquals', '1793606400', ['2026-11-02T08:00:00Z'], false],
  ['Bool', true, ['true'], true],
  ['Bool', 'false', ['true'], false],
  ['BoolIfExists', 'false', [], true],
  ['IpAddress', '203.0.113.0/24', ['203.0.113.9'], true],
  ['IpAddress', '203.0.113.0/24', ['203.0.114.9'], false],
  ['IpAddress', '203.0.113.9', ['203.0.113.9'], true],
  ['IpAddress', '2001:db8::/32', ['203.0.113.9'], false],
  ['IpAddress', '2001:db8::/32', ['2001:db8::1'], true],
  ['NotIpAddress', '203.0.113.0/24', ['198.51.100.1'], true],
  ['NotIpAddress', '203.0.113.0/24', ['203.0.113.9'], false],
  ['ArnEquals', 'arn:aws:events:*:1:rule/*', ['arn:aws:events:eu-west-1:1:rule/a'], true],
  ['ArnLike', 'arn:aws:s3:::b*', ['arn:aws:s3:::bucket'], true],
  ['ArnLike', 'arn:*:rule/a', ['arn:aws:events:eu-west-1:1:rule/a'], false],
  ['ArnNotEquals', 'arn:aws:s3:::b', ['arn:aws:s3:::b'], false],
  ['ArnNotLike', 'arn:aws:s3:::b*', ['arn:aws:s3:::c'], true],
  ['Null', 'true', [], true],
  ['Null', 'true', ['a'], false],
  ['Null', false, ['a'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a', 'b'], [], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a', 'b'], [], false],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
  ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
  ['ForAnyValue:StringNotEquals', ['a'], [], false],
  ['ForAllValues:StringNotLike', ['a*'], ['b', 'ab'], false],
])('%s %j with %j: %s', (operator, wanted, given, holds) => {
  expect(hold(operator, K, wanted, { [K]: given })).toBe(holds);
});

it('compares with the value of a variable, and with nothing when there is none', () => {
  expect(hold('StringEquals', K, v('aws:username'), { [K]: ['ana'], 'aws:username': ['ana'] })).toBe(true);
  expect(hold('StringEquals', K, v('aws:username'), { [K]: ['ana'] })).toBe(false);
  expect(
    hold('StringLike', K, `x-${v('aws:username')}-*`, { [K]: ['x-ana-1'], 'aws:username': ['ana'] }),
  ).toBe(true);
  const own = { [K]: ['arn:aws:iam::1:user/ana'], 'aws:username': ['ana'] };
  expect(hold('ArnLike', K, `arn:aws:iam::1:user/${v('aws:username')}`, own)).toBe(true);
});

it('all keys and all operators of a statement have to hold', () => {
  const block = parseConditions({ StringEquals: { 'x:A': 'a', 'x:B': 'b' }, Bool: { 'x:C': 'true' } });
  const given = (b: string, c: string) =>
    new Map([
      ['x:a', ['a']],
      ['x:b', [b]],
      ['x:c', [c]],
    ]);
  expect(conditionsHold(block, given('b', 'true'))).toBe(true);
  expect(conditionsHold(block, given('x', 'true'))).toBe(false);
  expect(conditionsHold(block, given('b', 'false'))).toBe(false);
});

it('condition keys are found in any letter case', () => {
  expect(hold('StringEquals', 'AWS:SourceArn', 'a', { 'aws:sourceARN': ['a'] })).toBe(true);
});
