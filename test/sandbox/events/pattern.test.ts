import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../sandbox/events/pattern.ts';

const event = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2026-11-02T08:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1', 'arn:aws:s3:::logs'],
  detail: {
    eventName: 'AuthorizeSecurityGroupIngress',
    errorCode: null,
    empty: '',
    readOnly: false,
    sourceIPAddress: '203.0.113.9',
    v6: '2001:db8::1',
    count: 5,
    price: 3.0e2,
    tags: [],
    ports: [22, 80],
    people: [
      { name: 'ana', role: 'admin' },
      { name: 'bob', role: 'guest' },
    ],
    userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/Ops/Ana', type: 'AssumedRole' },
  },
};

const detail = (pattern: unknown) => JSON.stringify({ detail: pattern });
const matches = (pattern: string) => compilePattern(pattern)(event);

describe('an event pattern', () => {
  it.each<[string, unknown, boolean]>([
    ['an exact string', { eventName: ['AuthorizeSecurityGroupIngress'] }, true],
    ['one of several strings', { eventName: ['X', 'AuthorizeSecurityGroupIngress'] }, true],
    ['another string', { eventName: ['RevokeSecurityGroupIngress'] }, false],
    ['strings with regard to case', { eventName: ['authorizesecuritygroupingress'] }, false],
    ['all fields together', { eventName: ['AuthorizeSecurityGroupIngress'], count: [6] }, false],
    ['null', { errorCode: [null] }, true],
    ['null where a string is', { eventName: [null] }, false],
    ['the empty string', { empty: [''] }, true],
    ['the empty string where null is', { errorCode: [''] }, false],
    ['a boolean', { readOnly: [false] }, true],
    ['a boolean given as a string', { readOnly: ['false'] }, false],
    ['a number however it is written', { price: [300] }, true],
    ['a number given as a string', { count: ['5'] }, false],
    ['any element of an array', { ports: [80] }, true],
    ['no element of an array', { ports: [443] }, false],
    ['two fields of one array element', { people: { name: ['ana'], role: ['admin'] } }, true],
    ['two fields spread over array elements', { people: { name: ['ana'], role: ['guest'] } }, false],
    ['a prefix', { eventName: [{ prefix: 'Authorize' }] }, true],
    ['another prefix', { eventName: [{ prefix: 'Revoke' }] }, false],
    ['a prefix of a number', { count: [{ prefix: '5' }] }, false],
    ['a prefix in any case', { eventName: [{ prefix: { 'equals-ignore-case': 'AUTHORIZE' } }] }, true],
    ['a suffix', { eventName: [{ suffix: 'Ingress' }] }, true],
    ['another suffix', { eventName: [{ suffix: 'Egress' }] }, false],
    ['a suffix in any case', { eventName: [{ suffix: { 'equals-ignore-case': 'INGRESS' } }] }, true],
    ['text in any case', { eventName: [{ 'equals-ignore-case': 'authorizeSECURITYgroupingress' }] }, true],
    ['anything but another string', { eventName: [{ 'anything-but': 'X' }] }, true],
    ['anything but this string', { eventName: [{ 'anything-but': event.detail.eventName }] }, false],
    [
      'anything but a list with it',
      { eventName: [{ 'anything-but': ['X', event.detail.eventName] }] },
      false,
    ],
    ['anything but a number', { count: [{ 'anything-but': 5 }] }, false],
    ['anything but other numbers', { count: [{ 'anything-but': [6, 7] }] }, true],
    ['anything but, on an absent field', { nothing: [{ 'anything-but': 'X' }] }, false],
    ['anything but, for one array element', { ports: [{ 'anything-but': 22 }] }, true],
    ['anything but a prefix', { eventName: [{ 'anything-but': { prefix: 'Auth' } }] }, false],
    ['anything but prefixes', { eventName: [{ 'anything-but': { prefix: ['Re', 'Mo'] } }] }, true],
    ['anything but a suffix', { eventName: [{ 'anything-but': { suffix: 'gress' } }] }, false],
    [
      'anything but, in any case',
      { eventName: [{ 'anything-but': { 'equals-ignore-case': ['x', 'y'] } }] },
      true,
    ],
    [
      'anything but a wildcard',
      { userIdentity: { arn: [{ 'anything-but': { wildcard: '*/Ops/*' } }] } },
      false,
    ],
    [
      'anything but other wildcards',
      { userIdentity: { arn: [{ 'anything-but': { wildcard: ['*x', 'y*'] } }] } },
      true,
    ],
    ['a number in a range', { count: [{ numeric: ['>', 0, '<=', 5] }] }, true],
    ['a number at an open end', { count: [{ numeric: ['>', 5] }] }, false],
    ['a number equal', { count: [{ numeric: ['=', 5] }] }, true],
    ['a string in a numeric range', { eventName: [{ numeric: ['>', 0] }] }, false],
    ['a field that exists', { eventName: [{ exists: true }] }, true],
    ['a null that exists', { errorCode: [{ exists: true }] }, true],
    ['an absent field', { nothing: [{ exists: false }] }, true],
    ['a field that should be absent', { eventName: [{ exists: false }] }, false],
    ['an empty array, which is absent', { tags: [{ exists: true }] }, false],
    ['an object, which is no leaf', { userIdentity: [{ exists: true }] }, false],
    ['an absent field of an absent object', { gone: { field: [{ exists: false }] } }, true],
    ['an IPv4 address in a block', { sourceIPAddress: [{ cidr: '203.0.113.0/24' }] }, true],
    ['an IPv4 address outside a block', { sourceIPAddress: [{ cidr: '203.0.112.0/24' }] }, false],
    ['an IPv6 address in a block', { v6: [{ cidr: '2001:db8::/32' }] }, true],
    ['an IPv6 address and an IPv4 block', { v6: [{ cidr: '0.0.0.0/0' }] }, false],
    ['no address at all', { eventName: [{ cidr: '0.0.0.0/0' }] }, false],
    ['a wildcard', { userIdentity: { arn: [{ wildcard: 'arn:*:assumed-role/*/Ana' }] } }, true],
    ['a wildcard whose ends overlap', { sourceIPAddress: [{ wildcard: '203.0.113.9*9' }] }, false],
    ['an escaped star', { eventName: [{ wildcard: 'Authorize\\*' }] }, false],
    ['one way of $or', { $or: [{ count: [9] }, { eventName: [{ prefix: 'Auth' }] }] }, true],
    ['no way of $or', { $or: [{ count: [9] }, { eventName: ['X'] }] }, false],
    ['$or and a field that differs', { count: [9], $or: [{ count: [5] }, { price: [1] }] }, false],
    ['a name of the prototype', { constructor: [{ exists: true }] }, false],
  ])('%s', (_title, pattern, expected) => {
    expect(matches(detail(pattern))).toBe(expected);
  });

  it('matches the envelope, any of the resources included', () => {
    expect(matches('{"source":["aws.ec2"],"resources":[{"suffix":":::logs"}]}')).toBe(true);
    expect(matches('{"source":["aws.s3"]}')).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /Reason: /],
    ['no object', '[]', /Filter is not an object/],
    ['an empty object', '{}', /Empty objects are not allowed/],
    [
      'an empty object inside',
      '{"source":["aws.health"],"detail":{}}',
      /Empty objects are not allowed at detail/,
    ],
    ['an empty array', '{"source":[]}', /Empty arrays are not allowed at source/],
    ['a bare string', '{"detail":{"slug":"x"}}', /"slug" must be an object or an array/],
    ['an array in an array', '{"source":[["x"]]}', /Match value must be/],
    ['an unknown operator', '{"source":[{"like":"x"}]}', /Unrecognized match type like/],
    ['an inherited name as operator', '{"source":[{"toString":"x"}]}', /Unrecognized match type toString/],
    ['two operators at once', '{"source":[{"prefix":"x","suffix":"y"}]}', /Only one key allowed/],
    ['no operator', '{"source":[{}]}', /Match expression name not found/],
    ['a prefix that is a number', '{"source":[{"prefix":1}]}', /prefix match pattern must be a string/],
    ['exists without a boolean', '{"source":[{"exists":"true"}]}', /exists match pattern/],
    ['a broken CIDR', '{"source":[{"cidr":"10.0.0.0/33"}]}', /Malformed CIDR/],
    ['two stars', '{"source":[{"wildcard":"a**b"}]}', /Consecutive wildcard characters at pos 1/],
    ['an odd escape', '{"source":[{"wildcard":"a\\\\b"}]}', /Invalid escape character at pos 1/],
    ['an empty anything-but', '{"source":[{"anything-but":[]}]}', /Empty arrays are not allowed/],
    ['a mixed anything-but', '{"source":[{"anything-but":["x",1]}]}', /mixed type is not supported/],
    ['a null anything-but', '{"source":[{"anything-but":null}]}', /Value of anything-but must be/],
    [
      'an unknown anything-but',
      '{"source":[{"anything-but":{"numeric":["=",1]}}]}',
      /Unsupported anything-but/,
    ],
    ['an empty anything-but prefix', '{"source":[{"anything-but":{"prefix":""}}]}', /Null prefix/],
    ['an empty numeric', '{"source":[{"numeric":[]}]}', /numeric/],
    ['an unknown comparison', '{"source":[{"numeric":["!=",1]}]}', /Unrecognized numeric range operator/],
    ['a number too large', '{"source":[{"numeric":["<",5000000001]}]}', /between -5.0e9 and 5.0e9/],
    ['an empty range', '{"source":[{"numeric":[">",5,"<",5]}]}', /Bottom must be less than top/],
    ['a single $or', '{"$or":[{"source":["x"]}]}', /at least 2 Objects/],
    ['an $or of strings', '{"$or":["x","y"]}', /"\$or" must be an array of objects/],
    ['more than 2,048 characters', JSON.stringify({ source: ['x'.repeat(2040)] }), /the limit is 2048/],
  ])('refuses %s and says so', (_title, pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: expect.stringMatching(reason),
      }),
    );
  });

  it('accepts 2,048 characters, and refuses 4,097 as invalid input', () => {
    expect(() => compilePattern(JSON.stringify({ source: ['x'.repeat(2048 - 15)] }))).not.toThrow();
    expect(() => compilePattern(JSON.stringify({ source: ['x'.repeat(4097 - 15)] }))).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });

  it('matches a value against itself, and never against itself under anything-but', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (value) => {
        const here = { detail: { value } };
        expect(compilePattern(detail({ value: [value] }))(here)).toBe(true);
        expect(compilePattern(detail({ value: [{ 'anything-but': value }] }))(here)).toBe(false);
      }),
    );
  });

  it('reads wildcards as a regular expression would', () => {
    const alphabet = fc.constantFrom('a', 'b', '*');
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b') }),
        (chars, value) => {
          const pattern = chars.join('').replaceAll(/\*+/g, '*');
          const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value);
          expect(compilePattern(detail({ value: [{ wildcard: pattern }] }))({ detail: { value } })).toBe(
            expected,
          );
        },
      ),
    );
  });
});
