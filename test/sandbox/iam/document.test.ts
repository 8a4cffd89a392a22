import { expect, it } from 'vitest';
import { type PolicyKind, parsePolicy } from '../../../sandbox/iam/document.ts';

const VERSION = '2012-10-17';
const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
const parse = (change: object, kind: PolicyKind = 'identity') =>
  parsePolicy(JSON.stringify({ Version: VERSION, Statement: [{ ...statement, ...change }] }), kind);

it.each<{ what: string; change: object; kind?: PolicyKind; error: RegExp }>([
  { what: 'an unknown element', change: { Actions: 'x' }, error: /unknown element Actions/ },
  { what: 'no effect', change: { Effect: 'allow' }, error: /effect/i },
  { what: 'Action beside NotAction', change: { NotAction: 'iam:*' }, error: /Both Action and NotAction/ },
  { what: 'no action', change: { Action: undefined }, error: /must contain actions/ },
  { what: 'an empty list of actions', change: { Action: [] }, error: /Syntax errors/ },
  { what: 'an action with no service', change: { Action: 'SendMessage' }, error: /prefaced by a vendor/ },
  { what: 'a resource that is no ARN', change: { Resource: 'jobs' }, error: /ARN format/ },
  { what: 'no resource', change: { Resource: undefined }, error: /must contain resources/ },
  {
    what: 'a principal in an identity policy',
    change: { Principal: '*' },
    error: /should not specify a principal/,
  },
  { what: 'no principal in a resource policy', change: {}, kind: 'resource', error: /Principal/ },
  {
    what: 'a resource in a trust policy',
    change: { Principal: '*' },
    kind: 'trust',
    error: /prohibited field Resource/,
  },
  {
    what: 'an unsupported kind of principal',
    change: { Principal: { Federated: 'x' } },
    kind: 'resource',
    error: /Federated/,
  },
  {
    what: 'a principal that is none',
    change: { Principal: { AWS: 'ana' } },
    kind: 'resource',
    error: /Invalid principal.*ana/,
  },
  {
    what: 'an operator that is not supported',
    change: { Condition: { BinaryEquals: { 'x:k': 'YQ==' } } },
    error: /BinaryEquals/,
  },
  {
    what: 'an operator that does not exist',
    change: { Condition: { StringMatches: { 'x:k': 'a' } } },
    error: /StringMatches/,
  },
  {
    what: 'a set operator misspelt',
    change: { Condition: { 'ForSomeValues:StringLike': { 'x:k': 'a' } } },
    error: /ForSomeValues/,
  },
  { what: 'NullIfExists', change: { Condition: { NullIfExists: { 'x:k': 'true' } } }, error: /NullIfExists/ },
  {
    what: 'a condition key with no service',
    change: { Condition: { StringLike: { key: 'a' } } },
    error: /prefaced by a vendor/,
  },
  {
    what: 'a range that is none',
    change: { Condition: { IpAddress: { 'aws:SourceIp': 'office' } } },
    error: /office/,
  },
  {
    what: 'a number that is none',
    change: { Condition: { NumericLessThan: { 'x:k': 'few' } } },
    error: /few/,
  },
  { what: 'a date that is none', change: { Condition: { DateLessThan: { 'x:k': 'soon' } } }, error: /soon/ },
  { what: 'a Bool that is none', change: { Condition: { Bool: { 'x:k': 'yes' } } }, error: /yes/ },
  { what: 'a Sid with a blank', change: { Sid: 'a b' }, error: /alpha-numeric/ },
])('$what is refused by name', ({ change, kind, error }) => {
  expect(() => parse(change, kind)).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument' }));
  expect(() => parse(change, kind)).toThrow(error);
});

it.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['an unknown version', JSON.stringify({ Version: '2020-01-01', Statement: [statement] })],
  ['an unknown top element', JSON.stringify({ Version: VERSION, Statements: [statement] })],
  ['no statement', JSON.stringify({ Version: VERSION, Statement: [] })],
  [
    'one Sid twice',
    JSON.stringify({
      Version: VERSION,
      Statement: [
        { ...statement, Sid: 'A' },
        { ...statement, Sid: 'A' },
      ],
    }),
  ],
])('%s is refused', (_, text) => {
  expect(() => parsePolicy(text, 'identity')).toThrow(
    expect.objectContaining({ code: 'MalformedPolicyDocument' }),
  );
});

it('a single statement needs no list', () => {
  expect(
    parsePolicy(JSON.stringify({ Version: VERSION, Statement: statement }), 'identity').statements,
  ).toHaveLength(1);
});
