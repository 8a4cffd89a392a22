import type { Tags } from '../../shared/engine/verdict.ts';
import { knownValue } from './known.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings, TagRule } from './settings.ts';
import { folded, isReserved, tidied } from './text.ts';
import { flawOf, type ValueFlawKind } from './value.ts';

export type FlawKind = 'missing' | 'wrong-case-key' | 'conflict' | ValueFlawKind;

/** One thing that is wrong with a resource's tags. */
export interface Flaw {
  readonly key: string;
  readonly kind: FlawKind;
  readonly value: string | undefined;
  /** A whole sentence for whoever owns the resource. */
  readonly sentence: string;
  /** What it becomes by the plan; undefined: a person has to say. */
  readonly becomes: string | undefined;
  /** What was probably meant, where that is not done by itself. */
  readonly suggestion: string | undefined;
}

/** What is wrong with the tags of a resource, and the writes that put right what can be put right. */
export interface Plan {
  readonly flaws: readonly Flaw[];
  readonly set: Tags;
  /** With the values that they are expected to have. */
  readonly remove: Tags;
}

/** Goes through the rules in order, each seeing what the fixes of those before it make of the tags (B2.11). Pure. */
export function planTags(resource: Tagged, facts: Facts, settings: Settings): Plan {
  const flaws: Flaw[] = [];
  const set = new Map<string, string>();
  const remove = new Map<string, string>();
  const planned = new Map([...resource.tags].filter(([key]) => !isReserved(key)));
  const seen = new Set<string>();
  for (const rule of settings.tags) {
    const name = rule.key.toLowerCase();
    // Of several rules of one key, as the organization may have, the first that is about the resource counts.
    if (seen.has(name) || !isAbout(rule, resource, planned)) continue;
    seen.add(name);
    const found = inspect(rule, resource, facts, settings);
    flaws.push(...found.flaws);
    if (found.set !== undefined) {
      set.set(rule.key, found.set);
      planned.set(rule.key, found.set);
    }
    for (const [key, value] of found.remove) remove.set(key, value);
  }
  return { flaws, set, remove };
}

function isAbout({ types, when }: TagRule, { type }: Tagged, planned: Tags): boolean {
  if (types !== undefined && !types.includes(type)) return false;
  const value = when && planned.get(when.key);
  return when === undefined || (value !== undefined && when.in.includes(tidied(value)));
}

interface Found {
  readonly flaws: readonly Flaw[];
  readonly set?: string | undefined;
  readonly remove: readonly (readonly [key: string, value: string])[];
}

const IN_ORDER: Found = { flaws: [], remove: [] };

function inspect(rule: TagRule, resource: Tagged, facts: Facts, settings: Settings): Found {
  const variants = [...resource.tags].filter(
    ([key]) => key !== rule.key && !isReserved(key) && folded(key) === folded(rule.key),
  );
  const value = resource.tags.get(rule.key);
  const values = new Set([...variants.map(([, other]) => other), ...(value === undefined ? [] : [value])]);
  if (values.size > 1) return conflict(rule, value, variants);
  const [variant] = variants;
  if (variant !== undefined) return otherSpelling(rule, value, variant, variants, settings);
  if (value === undefined) return rule.required ? missing(rule, resource, facts, settings) : IN_ORDER;
  return ownValue(rule, value, settings);
}

/** Two spellings, two values: nobody but the owner knows which is meant (B2.2). */
function conflict(
  { key }: TagRule,
  value: string | undefined,
  variants: readonly (readonly [string, string])[],
): Found {
  const all = [...(value === undefined ? [] : [[key, value] as const]), ...variants];
  const sentence = `${all.map(([name, own]) => `${name} is "${own}"`).join(', but ')}: keep one of them as ${key}.`;
  return {
    flaws: [{ key, kind: 'conflict', value, sentence, becomes: undefined, suggestion: undefined }],
    remove: [],
  };
}

/** The tag is there under a key of another case, spaces or Unicode form, with one value (B2.1, B2.8). */
function otherSpelling(
  rule: TagRule,
  value: string | undefined,
  [wrongKey, told]: readonly [string, string],
  variants: readonly (readonly [string, string])[],
  { wrongCase, placeholders }: Settings,
): Found {
  const { key } = rule;
  const flaw = flawOf(told, rule, placeholders);
  if (value !== undefined && (wrongCase.keys !== 'move' || flaw !== undefined)) {
    return flaw === undefined ? IN_ORDER : wrongValue(rule, told, flaw, undefined);
  }
  const fixes = flaw === undefined && wrongCase.keys !== 'report';
  const sentence = `${wrongKey} should be written ${key}${flaw === undefined ? '' : `, and its value ${flaw.why}`}.`;
  const becomes = fixes ? told : undefined;
  const suggestion = flaw?.suggestion ?? told;
  return {
    flaws: [{ key, kind: 'wrong-case-key', value: told, sentence, becomes, suggestion }],
    ...(fixes && value === undefined ? { set: told } : {}),
    remove: fixes && wrongCase.keys === 'move' ? variants : [],
  };
}

function missing(rule: TagRule, resource: Tagged, facts: Facts, settings: Settings): Found {
  const { key } = rule;
  const known = knownValue(rule, resource, facts, settings);
  const found = { key, kind: 'missing', value: undefined, suggestion: undefined } as const;
  if (known.value !== undefined) {
    const sentence = `${key} is missing; it becomes "${known.value}" (${known.how}).`;
    return { flaws: [{ ...found, sentence, becomes: known.value }], set: known.value, remove: [] };
  }
  const why = known.why.length === 0 ? '' : `: ${known.why.join('; ')}`;
  return { flaws: [{ ...found, sentence: `${key} is missing${why}.`, becomes: undefined }], remove: [] };
}

function ownValue(rule: TagRule, value: string, { placeholders, wrongCase }: Settings): Found {
  const flaw = flawOf(value, rule, placeholders);
  if (flaw === undefined) return IN_ORDER;
  const fixed = flaw.kind === 'wrong-case-value' && wrongCase.values === 'fix' ? flaw.suggestion : undefined;
  return wrongValue(rule, value, flaw, fixed);
}

function wrongValue(
  { key }: TagRule,
  value: string,
  { kind, why, suggestion }: { kind: ValueFlawKind; why: string; suggestion: string | undefined },
  becomes: string | undefined,
): Found {
  const sentence = `${key} ${why}.`;
  return {
    flaws: [{ key, kind, value, sentence, becomes, suggestion }],
    ...(becomes === undefined ? {} : { set: becomes }),
    remove: [],
  };
}
