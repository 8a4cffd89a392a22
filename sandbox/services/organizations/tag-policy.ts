import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';

type Operator = '@@assign' | '@@append' | '@@remove';
const OPERATORS: readonly string[] = ['@@assign', '@@append', '@@remove'];
const SETTINGS = ['tag_key', 'tag_value', 'enforced_for', 'report_required_tag_for'] as const;
type Setting = (typeof SETTINGS)[number];

/** What a tag policy says about one key: each setting with its operators and their values. */
type Rule = Readonly<Partial<Record<Setting, Readonly<Partial<Record<Operator, readonly string[]>>>>>>;

/** By policy key, which is the tag's key in lower case. */
export type TagPolicy = ReadonlyMap<string, Rule>;

/** What holds for an account once all policies above it are put together. */
export interface EffectiveRule {
  /** The key in the case that it has to have. */
  readonly tag_key: string;
  /** None listed: any value. One `*` in a value stands for any text. */
  readonly tag_value?: readonly string[];
  /** `ec2:instance`, `ec2:ALL_SUPPORTED` */
  readonly enforced_for?: readonly string[];
  /** Types on which a missing tag is reported; nothing is refused for it. */
  readonly report_required_tag_for?: readonly string[];
}

function malformed(why: string): AwsError {
  return new AwsError(
    'MalformedPolicyDocumentException',
    `The provided policy document is not valid: ${why}.`,
  );
}

/** Reads a tag policy (Organizations User Guide, "Tag policy syntax"). */
export function parseTagPolicy(content: string): TagPolicy {
  const tags = members(members(parsed(content)).tags);
  return new Map(
    Object.entries(tags).map(([key, rule]) => {
      const settings = Object.entries(members(rule)).map(([name, setting]) => {
        if (!SETTINGS.some((known) => known === name)) throw notImplemented(`${name} of a tag policy`);
        return [name, operatorsOf(name, members(setting))] as const;
      });
      return [key.toLowerCase(), Object.fromEntries(settings)];
    }),
  );
}

function operatorsOf(name: string, setting: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(setting).map(([operator, value]) => {
      if (!OPERATORS.includes(operator)) throw notImplemented(`${operator} of a tag policy`);
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      const texts = values.filter((each) => typeof each === 'string');
      const isSingle = name === 'tag_key' && operator === '@@assign' && typeof value === 'string';
      if (texts.length < values.length || (name === 'tag_key') !== isSingle) {
        throw malformed(`${operator} of ${name} has a value of the wrong type`);
      }
      return [operator, texts];
    }),
  );
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw malformed('it is no JSON');
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('an object is missing');
  return { ...value };
}

/** Puts policies together, from the root down (User Guide, "Inheritance operators"). */
export function effectiveRules(policies: readonly TagPolicy[]): ReadonlyMap<string, EffectiveRule> {
  const rules = new Map<string, EffectiveRule>();
  for (const policy of policies) {
    for (const [key, rule] of policy) {
      const above = rules.get(key);
      const values = inherited(above?.tag_value, rule.tag_value);
      const enforced = inherited(above?.enforced_for, rule.enforced_for);
      const reported = inherited(above?.report_required_tag_for, rule.report_required_tag_for);
      rules.set(key, {
        tag_key: rule.tag_key?.['@@assign']?.[0] ?? above?.tag_key ?? key,
        ...(values && { tag_value: values }),
        ...(enforced && { enforced_for: enforced }),
        ...(reported && { report_required_tag_for: reported }),
      });
    }
  }
  return rules;
}

function inherited(above: readonly string[] | undefined, own: Rule[Setting]): readonly string[] | undefined {
  if (!own) return above;
  const { '@@assign': assigned, '@@append': added = [], '@@remove': removed = [] } = own;
  const values = new Set([...(assigned ?? above ?? []), ...added]);
  return [...values].filter((value) => !removed.includes(value));
}

/** What an enforced rule has against writing this tag to a resource of this type (`ec2:instance`); undefined if nothing. */
export function violationOf(
  rules: ReadonlyMap<string, EffectiveRule>,
  type: string,
  key: string,
  value: string,
): string | undefined {
  const rule = rules.get(key.toLowerCase());
  const [service] = type.split(':');
  const isEnforced = rule?.enforced_for?.some((one) => one === type || one === `${service}:ALL_SUPPORTED`);
  if (!rule || !isEnforced) return undefined;
  if (key !== rule.tag_key) {
    return `The tag policy does not allow the capitalization of the following tag key: '${key}'. Use '${rule.tag_key}'.`;
  }
  if (!rule.tag_value?.length || rule.tag_value.some((pattern) => matches(pattern, value))) return undefined;
  return `The tag policy does not allow the specified value for the following tag key: '${key}'.`;
}

function matches(pattern: string, value: string): boolean {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === value;
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}
