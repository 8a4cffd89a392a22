import { describe, expect, it } from 'vitest';
import { namesIn, resolve } from '../../../sandbox/cloudformation/intrinsics.ts';
import { inOrder } from '../../../sandbox/cloudformation/order.ts';
import { createScope, parametersOf } from '../../../sandbox/cloudformation/scope.ts';
import { parseTemplate } from '../../../sandbox/cloudformation/template.ts';

const template = parseTemplate({
  Parameters: {
    Stage: { Type: 'String', Default: 'dev' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
  },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
  },
  Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
});
const stack = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  name: 'shop',
  id: 'arn:stack',
  tags: [],
};
const made = new Map([['Topic', { ref: 'arn:topic', attributes: { TopicName: 'news' } }]]);
const scope = createScope(stack, template, parametersOf(template), made);

describe('the intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref to a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref to a list', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref to a resource', { Ref: 'Topic' }, 'arn:topic'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Topic', 'TopicName'] }, 'news'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Topic.TopicName' }, 'news'],
    [
      'Sub',
      { 'Fn::Sub': `\${AWS::Partition}/\${Topic.TopicName}/\${Stage}/\${!Stage}` },
      `aws/news/dev/\${Stage}`,
    ],
    [
      'Sub with its own names',
      { 'Fn::Sub': [`\${Who}-\${Stage}`, { Who: { Ref: 'Topic' } }] },
      'arn:topic-dev',
    ],
    ['Join', { 'Fn::Join': [':', ['a', { Ref: 'Stage' }, { 'Fn::Join': ['/', ['b', 'c']] }]] }, 'a:dev:b/c'],
    ['Select of Split', { 'Fn::Select': ['1', { 'Fn::Split': [':', { Ref: 'Topic' }] }] }, 'topic'],
    ['If', { 'Fn::If': ['IsProd', 'big', 'small'] }, 'small'],
    [
      'If without a value',
      { a: { 'Fn::If': ['IsProd', 'x', { Ref: 'AWS::NoValue' }] }, b: [{ Ref: 'AWS::NoValue' }, 1] },
      { b: [1] },
    ],
    ['And, Or, Not', [{ 'Fn::If': ['Both', 1, 0] }, { 'Fn::If': ['Either', 1, 0] }], [0, 1]],
    [
      'a policy with a Condition of its own',
      { Condition: { StringEquals: { a: { Ref: 'Stage' } } } },
      { Condition: { StringEquals: { a: 'dev' } } },
    ],
  ])('%s', (_title, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown name', { Ref: 'Nobody' }, /Nobody is referred to and does not exist/],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Topic', 'Color'] },
      /Topic\.Color is not supported \(AWS::SNS::Topic\)/,
    ],
    ['an unknown function', { 'Fn::ImportValue': 'x' }, /Fn::ImportValue is not supported/],
    ['an unknown condition', { 'Fn::If': ['Nope', 1, 2] }, /Condition Nope does not exist/],
    ['an element that is not there', { 'Fn::Select': [2, ['a', 'b']] }, /no element 2/],
  ])('refuse %s', (_title, value, reason) => {
    expect(() => resolve(value, scope)).toThrow(reason);
  });

  it('take parameters over their defaults, and no others', () => {
    expect(parametersOf(template, { Stage: 'prod' }).get('Stage')).toBe('prod');
    expect(() => parametersOf(template, { Size: 'L' })).toThrow(/\[Size\] do not exist/);
    const needy = parseTemplate({ Parameters: { Key: { Type: 'String' } }, Resources: {} });
    expect(() => parametersOf(needy)).toThrow(/\[Key\] must have values/);
  });

  it('show what a value depends on', () => {
    const value = {
      a: { Ref: 'A' },
      b: [{ 'Fn::GetAtt': ['B', 'Arn'] }],
      c: { 'Fn::Sub': [`\${C.Arn}\${D}\${!E}`, { D: { Ref: 'F' } }] },
    };
    expect([...namesIn(value)].sort()).toEqual(['A', 'B', 'C', 'F']);
  });
});

describe('the order of resources', () => {
  const type = 'AWS::SNS::Topic';

  it('puts what is needed first', () => {
    const resources = {
      A: { Type: type, Properties: { x: { Ref: 'C' } } },
      B: { Type: type, DependsOn: ['A'] },
      C: { Type: type },
    };
    expect(inOrder(resources)).toEqual(['C', 'A', 'B']);
  });

  it('refuses circles and strangers', () => {
    const circle = { A: { Type: type, Properties: { x: { Ref: 'B' } } }, B: { Type: type, DependsOn: 'A' } };
    expect(() => inOrder(circle)).toThrow(/Circular dependency between resources: A → B → A/);
    expect(() => inOrder({ A: { Type: type, DependsOn: 'Z' } })).toThrow(
      `A (${type}): DependsOn Z does not exist`,
    );
  });
});
