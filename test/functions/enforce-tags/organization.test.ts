import * as organizations from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { seedOrganization } from '../../../sandbox/services/organizations/state.ts';
import { facts, verdictOn, violationBy } from './builders.ts';
import { Office } from './office.ts';

const rule = (key: string, values?: readonly string[], required: readonly string[] = []) =>
  [key.toLowerCase(), { key, required, ...(values && { values: [...values] }) }] as const;
const told = (...rules: readonly ReturnType<typeof rule>[]) => ({
  facts: facts({ organization: { value: new Map(rules) } }),
});

describe('B2.20 judged together with reeve.yml', () => {
  it.each([
    [
      'a value that the organisation does not allow is not written',
      { key: 'Stage', default: 'qa' },
      rule('Stage', ['prod', 'dev']),
    ],
    ['nor a key in another case', { key: 'stage', default: 'dev' }, rule('Stage', ['prod', 'dev'])],
    [
      'nor one for which the two agree on no value',
      { key: 'Stage', values: ['qa'], default: 'qa' },
      rule('Stage', ['prod']),
    ],
  ])('%s', (_what, own, organization) => {
    const verdict = violationBy({}, [own], told(organization));

    expect(verdict.remedy).toBeUndefined();
  });

  it('a value that both allow is written', () => {
    const verdict = violationBy({}, [{ key: 'Stage', default: 'dev' }], told(rule('Stage', ['prod', 'dev'])));

    expect(verdict.remedy?.set.get('Stage')).toBe('dev');
  });

  it.each([
    ['a value', { Cost: '7' }, rule('Cost', ['1', '2'])],
    ['the case of a key', { cost: '1' }, rule('Cost', ['1', '2'])],
    ['a tag that it wants reported', {}, rule('Cost', undefined, ['AWS::EC2::Volume'])],
  ])('what reeve.yml does not mention counts too: %s', (_what, tags, organization) => {
    const own = [{ key: 'Owner', required: false }];

    expect(verdictOn(tags, own, told(organization)).verdict).toBe('violation');
    expect(verdictOn(tags, own).verdict).toBe('compliant');
  });

  const prod = rule('Stage', ['prod']);
  const wanted = rule('Stage', undefined, ['AWS::EC2::Volume']);
  const like = (pattern: string) => ['stage', { key: 'Stage', required: [], pattern }] as const;
  it.each([
    ['its values beside a pattern', { Stage: 'qa' }, { pattern: '[a-z]+' }, prod],
    ['its pattern beside a pattern', { Stage: 'qa' }, { pattern: '[a-z]+' }, like('p.*')],
    ['the own pattern beside its values', { Stage: 'prod' }, { pattern: '[0-9]+' }, prod],
    [
      'its values on types that the own rule leaves out',
      { Stage: 'qa' },
      { types: ['AWS::S3::Bucket'] },
      prod,
    ],
    [
      'its values where the own condition is not met',
      { Stage: 'qa' },
      { when: { key: 'A', in: ['b'] } },
      prod,
    ],
    ['that it is required where the own rule is not', {}, { required: false }, wanted],
    ['that it is required on types of no own rule', {}, { types: ['AWS::S3::Bucket'] }, wanted],
  ])('of a key that reeve.yml mentions too: %s', (_what, tags, own, organization) => {
    const rules = [{ key: 'Stage', required: false, ...own }];

    expect(verdictOn(tags, rules, told(organization)).verdict).toBe('violation');
  });

  it('each flaw is told once', () => {
    const verdict = violationBy({ stage: 'prod' }, [{ key: 'Stage', values: ['prod'] }], told(prod));

    expect(verdict.evidence).toHaveLength(1);
  });
});

describe('B2.20 read at run time', () => {
  const settings = {
    tags: [{ key: 'Stage', default: 'qa' }],
    types: ['AWS::EC2::Instance'],
    organizationPolicy: true,
  };

  async function attach(office: Office, content: object): Promise<void> {
    const { account, world } = office.sandbox;
    const { rootId } = seedOrganization(world, [{ id: account }]);
    const client = office.client(organizations.OrganizationsClient);
    const { Policy } = await client.send(
      new organizations.CreatePolicyCommand({
        Name: 'tags',
        Description: '',
        Type: 'TAG_POLICY',
        Content: JSON.stringify(content),
      }),
    );
    const PolicyId = Policy?.PolicySummary?.Id ?? '';
    await client.send(new organizations.AttachPolicyCommand({ PolicyId, TargetId: rootId }));
  }

  const STAGES = {
    tags: { stage: { tag_key: { '@@assign': 'Stage' }, tag_value: { '@@assign': ['prod', 'dev*'] } } },
  };

  it('once a run, and nothing is written against it', async () => {
    const office = new Office(settings);
    await attach(office, STAGES);
    const [id = ''] = await office.launch();
    await office.pass(60);
    office.sandbox.world.forgetCalls();

    const { results } = await office.sweep();

    expect(office.calls()).toEqual(['DescribeEffectivePolicy', 'DescribeInstances']);
    expect(results[0]?.verdict.reason).toContain('("qa") does not match');
    expect(await office.tagsOf(id)).toEqual({});
  });

  it('what it alone requires is taken from where reeve.yml says', async () => {
    const own = { key: 'Stage', required: false, from: ['parent'], default: 'prod' };
    const office = new Office({ ...settings, tags: [own], types: ['AWS::EC2::Volume'] });
    await attach(office, {
      tags: { stage: { ...STAGES.tags.stage, report_required_tag_for: { '@@assign': ['ec2:volume'] } } },
    });
    await office.launch({ Stage: 'dev-1' });
    await office.pass(60);

    const { results } = await office.sweep();

    expect(results[0]?.verdict.reason).toContain('it becomes "dev-1"');
  });

  it('what it allows by a pattern is written', async () => {
    const office = new Office({ ...settings, tags: [{ key: 'Stage', default: 'dev-7' }] });
    await attach(office, STAGES);
    const [id = ''] = await office.launch();
    await office.pass(60);

    await office.sweep();

    expect(await office.tagsOf(id)).toEqual({ Stage: 'dev-7' });
  });

  it('an account without organisation, or without such a policy, is judged by reeve.yml alone', async () => {
    for (const seed of [false, true]) {
      const office = new Office(settings);
      if (seed) seedOrganization(office.sandbox.world, [{ id: office.sandbox.account }]);
      const [id = ''] = await office.launch();
      await office.pass(60);

      await office.sweep();

      expect(await office.tagsOf(id)).toEqual({ Stage: 'qa' });
    }
  });

  it('while it cannot be read nothing is written, and that is told', async () => {
    const office = new Office(settings);
    const [id = ''] = await office.launch();
    await office.pass(60);
    office.sandbox.world.faults.add({ operation: 'DescribeEffectivePolicy', kind: 'denied' });

    const report = await office.sweep();

    expect(report).toMatchObject({ state: 'partial', counts: { done: 0, violations: 1 } });
    expect(report.missing[0]?.reason).toContain('could not be read');
    expect(await office.tagsOf(id)).toEqual({});
  });

  it('is not asked for unless the settings say so', async () => {
    const office = new Office({ ...settings, organizationPolicy: false });
    await office.launch();
    await office.pass(60);
    office.sandbox.world.forgetCalls();

    await office.sweep();

    expect(office.calls()).not.toContain('DescribeEffectivePolicy');
  });
});

it('an unreadable policy takes the remedy from a verdict, not the verdict', () => {
  const unread = { facts: facts({ organization: { unknown: 'no right' } }) };
  const verdict = verdictOn({}, [{ key: 'Owner', default: 'ops' }], unread);

  expect(verdict).toMatchObject({
    verdict: 'violation',
    remedy: undefined,
    advice: [expect.stringContaining('no right')],
  });
});
