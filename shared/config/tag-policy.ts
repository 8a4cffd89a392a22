import { stringify } from 'yaml';
import * as z from 'zod';
import { TYPES, typesOf, valuesOf } from './tag-policy-terms.ts';

/** A rule of enforce-tags as a tag policy says it. */
export interface ImportedTag {
  readonly key: string;
  /** Tag policies look at what is there; only `report_required_tag_for` misses a tag. */
  readonly required: boolean;
  readonly values?: readonly string[];
  readonly pattern?: string;
  readonly types?: readonly string[];
}

export type ImportedTags =
  | { readonly ok: true; readonly tags: readonly ImportedTag[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** A value of its own (an effective policy), or assigned or appended (a policy as it is written). */
function given<T extends z.ZodType>(value: T) {
  const written = z.looseObject({ '@@assign': value.optional(), '@@append': value.optional() });
  return z.union([value, written]).optional();
}

const texts = z.array(z.string());
const statement = z.looseObject({
  tag_key: given(z.string()),
  tag_value: given(texts),
  enforced_for: given(texts),
  report_required_tag_for: given(texts),
});
const policy = z.looseObject({ tags: z.record(z.string(), z.unknown()) });

/**
 * What a tag policy of AWS Organizations asks for, as `tags` of enforce-tags: a policy as it is written, or the effective
 * one that DescribeEffectivePolicy tells. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
 */
export function tagsFromPolicy(text: string): ImportedTags {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { ok: false, mistakes: ['a tag policy is a JSON document'] };
  }
  const read = policy.safeParse(document);
  if (!read.success)
    return { ok: false, mistakes: ['a tag policy has the member "tags", with a policy key for each tag'] };
  // `@@operators_allowed_for_child_policies` and the like say nothing about tags.
  const entries = Object.entries(read.data.tags).filter(([key]) => !key.startsWith('@@'));
  const parts = entries.map(([key, value]) => importOne(key, value));
  const mistakes = parts.flatMap((part) => part.mistakes);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, tags: parts.flatMap((part) => part.tags), notes: parts.flatMap((part) => part.notes) };
}

/** The same as they are written in `reeve.yml`, below `policies.enforce-tags`. */
export function tagsAsYaml(tags: readonly ImportedTag[], notes: readonly string[] = []): string {
  return `${notes.map((note) => `# ${note}\n`).join('')}${stringify({ tags }, { lineWidth: 0 })}`;
}

interface Part {
  readonly tags: readonly ImportedTag[];
  readonly notes: readonly string[];
  readonly mistakes: readonly string[];
}

function importOne(name: string, value: unknown): Part {
  const read = statement.safeParse(value);
  const unreadable = JSON.stringify(value)?.includes('"@@remove"') ?? false;
  if (!read.success || unreadable) {
    const why = unreadable
      ? 'takes away (@@remove) what a parent policy says: import the effective policy instead'
      : `is not a policy statement: ${read.error?.issues[0]?.path.join('.') || 'it has to be an object'}`;
    return { tags: [], notes: [], mistakes: [`tags.${name} ${why}`] };
  }
  const { tag_key, tag_value, enforced_for, report_required_tag_for } = read.data;
  const key = plain(tag_key) ?? name.toLowerCase();
  if (key.toLowerCase() !== name.toLowerCase()) {
    return {
      tags: [],
      notes: [],
      mistakes: [`tags.${name}: its tag_key "${key}" may differ from it in case only`],
    };
  }
  const allowed = valuesOf(plainList(tag_value));
  const required = typesOf(plainList(report_required_tag_for) ?? []);
  const enforced = plainList(enforced_for) ?? [];
  const rest = Object.values(TYPES).filter((type) => !required.types.includes(type));
  const tags: ImportedTag[] =
    required.types.length === 0
      ? [{ key, required: false, ...allowed }]
      : [
          { key, required: true, ...allowed, types: required.types },
          ...(rest.length === 0 ? [] : [{ key, required: false, ...allowed, types: rest }]),
        ];
  return {
    tags,
    notes: [
      ...(enforced.length === 0
        ? []
        : [`${key}: AWS itself refuses anything else on ${enforced.join(', ')}`]),
      ...required.unknown.map((type) => `${key}: required on ${type}, which Reeve does not look at`),
    ],
    mistakes: [],
  };
}

type Written<T> = T | { '@@assign'?: T | undefined; '@@append'?: T | undefined } | undefined;

function plain(told: Written<string>): string | undefined {
  return typeof told === 'object' ? (told['@@assign'] ?? told['@@append']) : told;
}

function plainList(told: Written<string[]>): readonly string[] | undefined {
  return told === undefined || Array.isArray(told) ? told : (told['@@assign'] ?? told['@@append']);
}
