import { expect, it } from 'vitest';
import { settings } from '../../../functions/enforce-tags/settings.ts';
import { TYPE_NAMES } from '../../../functions/enforce-tags/type-names.ts';

it('one required key is enough, with careful defaults', () => {
  expect(settings.parse({ tags: [{ key: 'Owner' }] })).toEqual({
    tags: [{ key: 'Owner', required: true, from: [] }],
    types: TYPE_NAMES,
    placeholders: ['todo', 'tbd', 'n/a', 'none', '-', 'null', 'undefined', 'changeme'],
    wrongCase: { keys: 'add', values: 'report' },
    graceMinutes: 10,
    onDeadline: 'report',
    organizationPolicy: false,
    deadline: { days: 7, mark: 'reeve:enforce-tags' },
    creator: { names: {}, automation: [], mail: 'keep' },
  });
});

const one = (rule: object) => ({ tags: [{ key: 'Owner', ...rule }] });

it.each([
  ['no tags', {}],
  ['an empty list', { tags: [] }],
  ['B2.3 a key of AWS', one({ key: 'aws:createdBy' })],
  ['B2.3 a key of AWS in capitals', one({ key: 'AWS:x' })],
  ['B2.3 a mark with a key of AWS', { ...one({}), deadline: { mark: 'aws:mark' } }],
  ['B2.5 a key that is too long', one({ key: 'k'.repeat(129) })],
  ['B2.5 a value that is too long', one({ values: ['v'.repeat(257)] })],
  ['B2.5 a default that is too long', one({ default: 'v'.repeat(257) })],
  ['an empty key', one({ key: '' })],
  ['a key with a space behind', one({ key: 'Owner ' })],
  ['a value with characters that tags cannot hold', one({ default: '<b>' })],
  ['values and a pattern', one({ values: ['a'], pattern: 'a' })],
  ['B6.27 a pattern with a look-ahead', one({ pattern: '(?=a)a' })],
  ['B6.27 a pattern with a back-reference', one({ pattern: '(a)\\1' })],
  ['B6.27 a pattern that is too long', one({ pattern: 'a'.repeat(1025) })],
  ['a default that is not allowed', one({ values: ['prod'], default: 'dev' })],
  ['a default that does not match', one({ pattern: '\\d+', default: 'dev' })],
  ['B2.1 a key twice, in two cases', { tags: [{ key: 'Owner' }, { key: 'owner' }] }],
  [
    'a key twice for one type',
    {
      tags: [
        { key: 'Owner', types: ['AWS::S3::Bucket', 'AWS::EC2::VPC'] },
        { key: 'Owner', types: ['AWS::EC2::VPC'] },
      ],
    },
  ],
  ['B2.11 a condition on a later key', { tags: [{ key: 'A', when: { key: 'B', in: ['x'] } }, { key: 'B' }] }],
  ['B2.11 a condition on itself', { tags: [{ key: 'A', when: { key: 'A', in: ['x'] } }] }],
  ['B2.19 a stack', { ...one({}), types: ['AWS::CloudFormation::Stack'] }],
  ['an unknown source', one({ from: ['guess'] })],
  ['an unknown consequence', { ...one({}), onDeadline: 'terminate' }],
  ['a deadline of no days', { ...one({}), deadline: { days: 0 } }],
  ['a deadline over 90 days', { ...one({}), deadline: { days: 91 } }],
  ['a grace over a day', { ...one({}), graceMinutes: 1441 }],
  ['a misspelt key', { ...one({}), placeholder: [] }],
])('refuses %s', (_what, given) => {
  expect(settings.safeParse(given).success).toBe(false);
});

it.each([
  ['B2.5 the longest key and value', one({ key: 'k'.repeat(128), values: ['v'.repeat(256)] })],
  ['B6.27 the longest pattern', one({ pattern: 'a'.repeat(1024) })],
  [
    'a key twice for different types',
    {
      tags: [
        { key: 'Owner', types: ['AWS::S3::Bucket'] },
        { key: 'Owner', types: ['AWS::EC2::VPC'] },
      ],
    },
  ],
  [
    'B2.11 a condition on an earlier key',
    { tags: [{ key: 'B' }, { key: 'A', when: { key: 'B', in: ['x'] } }] },
  ],
  ['B2.11 a condition on a key without a rule', one({ when: { key: 'Team', in: ['x'] } })],
])('accepts %s', (_what, given) => {
  expect(settings.safeParse(given).error).toBeUndefined();
});

it('B6.27 settings survive being embedded as JSON', () => {
  const parsed = settings.parse({ tags: [{ key: 'CostCenter', pattern: '\\d{4}' }] });

  expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
});
