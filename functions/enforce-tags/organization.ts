import type { Aws } from '../../shared/aws/access.ts';
import type { Lookup } from '../../shared/aws/ec2/stopping/facts.ts';
import { orWhy } from '../../shared/aws/ec2/stopping/or-why.ts';
import { effectiveTagPolicy } from '../../shared/aws/organizations.ts';
import { typesOf, valuesOf } from '../../shared/config/tag-policy-terms.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Plan } from './plan.ts';
import type { Settings, TagRule } from './settings.ts';
import { TYPE_NAMES } from './type-names.ts';
import { flawOf } from './value.ts';
import { undone } from './writable.ts';

/** What the organization's tag policy says about one key. */
export interface OrganizationRule extends Pick<TagRule, 'key' | 'values' | 'pattern'> {
  /** The types on which it reports the tag where it is missing. */
  readonly required: readonly string[];
}

/** By the key in lower case; none where the account has no tag policy. */
export type OrganizationRules = ReadonlyMap<string, OrganizationRule>;

/** A run asks once a place; what it lends a policy is made anew for each. */
const read = new WeakMap<Surroundings<Aws>, Promise<Lookup<OrganizationRules>>>();

/** The tag policy that holds for the account, where the settings ask for it; what cannot be read or understood is unknown. */
export async function organizationRules(
  { organizationPolicy }: Settings,
  around: Surroundings<Aws>,
): Promise<Lookup<OrganizationRules> | 'not-asked'> {
  if (!organizationPolicy) return 'not-asked';
  const known = read.get(around) ?? ask(around.aws);
  read.set(around, known);
  return known;
}

async function ask(aws: Aws): Promise<Lookup<OrganizationRules>> {
  const told = await orWhy(effectiveTagPolicy(aws));
  if ('unknown' in told) return told;
  return told.value === undefined ? { value: new Map() } : rulesIn(told.value);
}

function rulesIn(content: string): Lookup<OrganizationRules> {
  try {
    const tags = new Field(content, 'the effective tag policy').json()?.at('tags').object();
    if (tags === undefined) return { unknown: 'the effective tag policy is no JSON' };
    return { value: new Map(tags.keys().map((name) => [name.toLowerCase(), ruleIn(name, tags.at(name))])) };
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
}

function ruleIn(name: string, told: Field): OrganizationRule {
  const texts = (key: string) =>
    told
      .at(key)
      .entries()
      .map((each) => each.text());
  return {
    key: told.object().at('tag_key').optionalText() ?? name,
    ...mutable(valuesOf(texts('tag_value'))),
    required: typesOf(texts('report_required_tag_for')).types,
  };
}

function mutable({ values, pattern }: ReturnType<typeof valuesOf>): Pick<TagRule, 'values' | 'pattern'> {
  return { ...(values && { values: [...values] }), ...(pattern !== undefined && { pattern }) };
}

/** The settings with what the organization asks for besides; of the values of a key only those that both allow. Pure. */
export function withOrganization(
  settings: Settings,
  told: Lookup<OrganizationRules> | 'not-asked',
): Settings {
  if (told === 'not-asked' || 'unknown' in told || told.value.size === 0) return settings;
  const own = settings.tags.flatMap((rule) => joined(rule, told.value.get(rule.key.toLowerCase())));
  // Behind the own ones: they count where none of those is about a resource.
  return { ...settings, tags: [...own, ...[...told.value.values()].flatMap(rulesFor)] };
}

function joined(rule: TagRule, organization: OrganizationRule | undefined): readonly TagRule[] {
  if (organization === undefined) return [rule];
  const narrow = { ...rule, ...allowedByBoth(rule, organization) };
  if (rule.required) return [narrow];
  const { required } = organization;
  const types = rule.types ?? TYPE_NAMES;
  return [
    { ...narrow, required: true, types: types.filter((type) => required.includes(type)) },
    { ...narrow, types: types.filter((type) => !required.includes(type)) },
  ];
}

/** The values that both list; a pattern of one goes through the list of the other, and two patterns both have to match. */
function allowedByBoth(
  own: TagRule,
  organization: OrganizationRule,
): Pick<TagRule, 'values' | 'pattern' | 'patternToo'> {
  const [list, other] = own.values === undefined ? [organization.values, own] : [own.values, organization];
  if (list === undefined) return twoPatterns(own.pattern, organization.pattern);
  return { values: list.filter((value) => flawOf(value, other, []) === undefined), pattern: undefined };
}

function twoPatterns(own: string | undefined, organization: string | undefined) {
  return own === undefined ? { pattern: organization } : { pattern: own, patternToo: organization };
}

function rulesFor({ key, values, pattern, required }: OrganizationRule): readonly TagRule[] {
  const of = (isRequired: boolean): TagRule => ({
    key,
    values,
    pattern,
    from: [],
    required: isRequired,
    types: TYPE_NAMES.filter((type) => required.includes(type) === isRequired),
  });
  return [of(true), of(false)];
}

/** A plan without the writes that the organization's policy does not allow, which AWS may refuse (B2.20). Pure. */
export function allowedByOrganization(plan: Plan, told: Lookup<OrganizationRules> | 'not-asked'): Plan {
  if (told === 'not-asked' || 'unknown' in told) return plan;
  const refused = [...plan.set].flatMap(([key, value]) => {
    const rule = told.value.get(key.toLowerCase());
    if (rule === undefined) return [];
    return rule.key === key && flawOf(value, rule, []) === undefined ? [] : [key];
  });
  const taken = new Map([...plan.set].filter(([key]) => !refused.includes(key)));
  return undone(plan, taken, refused, 'the tag policy of the organisation does not allow it');
}

/** What is told instead of acting while nobody knows what the organization allows. */
export function organizationDoubt(told: Lookup<OrganizationRules> | 'not-asked'): string | undefined {
  return told !== 'not-asked' && 'unknown' in told
    ? `Nothing is done about it, as the tag policy of the organisation could not be read: ${told.unknown}.`
    : undefined;
}
