import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { matchesWhole } from '../../../functions/enforce-tags/pattern.ts';
import { settings } from '../../../functions/enforce-tags/settings.ts';
import { TYPE_NAMES } from '../../../functions/enforce-tags/type-names.ts';
import { tagsAsYaml, tagsFromPolicy } from '../../../shared/config/tag-policy.ts';

/** The example of AWS's own manual. */
const EXAMPLE = {
  tags: {
    costcenter: {
      tag_key: { '@@assign': 'CostCenter' },
      tag_value: { '@@assign': ['100', '200'] },
      enforced_for: { '@@assign': ['secretsmanager:*'] },
    },
  },
};

function imported(document: unknown) {
  const read = tagsFromPolicy(JSON.stringify(document));
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  return read;
}

const statement = (more: object) => ({ tags: { owner: { tag_key: { '@@assign': 'Owner' }, ...more } } });

it('B2.20 the example of the manual becomes a rule, and what AWS enforces is told', () => {
  expect(imported(EXAMPLE)).toEqual({
    ok: true,
    tags: [{ key: 'CostCenter', required: false, values: ['100', '200'] }],
    notes: ['CostCenter: AWS itself refuses anything else on secretsmanager:*'],
  });
});

it('B2.20 an effective policy, which has no operators, says the same', () => {
  const effective = { tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['100', '200'] } } };

  expect(imported(effective).tags).toEqual(imported(EXAMPLE).tags);
});

it('B2.1 without a tag key the policy key counts, in lower case', () => {
  expect(imported({ tags: { CostCenter: {} } }).tags).toEqual([{ key: 'costcenter', required: false }]);
});

it('a wildcard becomes a pattern for the whole value, all else is taken literally', () => {
  const [rule] = imported(statement({ tag_value: { '@@assign': ['300*', '*@example.com', 'a.b'] } })).tags;
  const pattern = rule?.pattern ?? '';

  for (const value of ['300', '3001', 'ana@example.com', 'a.b'])
    expect(matchesWhole(pattern, value)).toBe(true);
  for (const value of ['30', 'ana@example.org', 'axb', '']) expect(matchesWhole(pattern, value)).toBe(false);
});

it.each([[undefined], [{ '@@assign': [] }], [{ '@@assign': ['*'] }]])('%j allows any value', (tag_value) => {
  expect(imported(statement(tag_value === undefined ? {} : { tag_value })).tags).toEqual([
    { key: 'Owner', required: false },
  ]);
});

it('a tag is only missed where the policy says so', () => {
  const { tags, notes } = imported(
    statement({
      report_required_tag_for: { '@@assign': ['ec2:instance', 's3:ALL_SUPPORTED', 'eks:cluster'] },
    }),
  );

  expect(tags).toEqual([
    { key: 'Owner', required: true, types: ['AWS::EC2::Instance', 'AWS::S3::Bucket'] },
    { key: 'Owner', required: false, types: expect.not.arrayContaining(['AWS::EC2::Instance']) },
  ]);
  expect(notes).toEqual(['Owner: required on eks:cluster, which Reeve does not look at']);
});

it('all types of a service are meant by its wildcard', () => {
  const { tags } = imported(statement({ report_required_tag_for: { '@@assign': ['ec2:*'] } }));

  expect(tags[0]?.types).toEqual(TYPE_NAMES.filter((type) => type.startsWith('AWS::EC2::')));
});

it('what is imported can be written into reeve.yml', () => {
  const { tags, notes } = imported({
    tags: {
      ...EXAMPLE.tags,
      owner: { tag_key: 'Owner', tag_value: ['a*'], report_required_tag_for: ['ec2:instance'] },
      '@@operators_allowed_for_child_policies': ['@@none'],
    },
  });
  const text = tagsAsYaml(tags, notes);

  expect(text).toMatch(/^# CostCenter: AWS itself refuses/);
  expect(settings.safeParse(parse(text)).error).toBeUndefined();
});

describe('refused', () => {
  it.each([
    ['no JSON', 'tags:', 'a tag policy is a JSON document'],
    ['another policy', '{"Version": "2012-10-17"}', 'has the member "tags"'],
    ['a statement that is none', '{"tags": {"owner": 7}}', 'tags.owner is not a policy statement'],
    [
      'values that are no list',
      '{"tags": {"owner": {"tag_value": {"@@assign": "x"}}}}',
      'tags.owner is not a policy',
    ],
    ['another key', '{"tags": {"owner": {"tag_key": "Team"}}}', 'may differ from it in case only'],
    [
      'a removal',
      '{"tags": {"owner": {"tag_value": {"@@remove": ["x"]}}}}',
      'import the effective policy instead',
    ],
  ])('%s', (_what, text, mistake) => {
    expect(tagsFromPolicy(text)).toEqual({ ok: false, mistakes: [expect.stringContaining(mistake)] });
  });

  it('B6.30 a policy key called __proto__ harms nothing', () => {
    expect(tagsFromPolicy('{"tags": {"__proto__": {"tag_value": ["x"]}}}')).toMatchObject({ ok: true });
  });
});
