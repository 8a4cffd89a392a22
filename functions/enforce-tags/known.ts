import { creatorOf } from './creator.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings, TagRule } from './settings.ts';
import { isWritable } from './text.ts';
import { flawOf } from './value.ts';

/** What a missing tag should hold, or why that is not known. */
export type Known =
  | { readonly value: string; readonly how: string }
  | { readonly value: undefined; readonly why: readonly string[] };

/**
 * The value of a missing tag from the first source that has one which the rule allows: what the resource belongs to,
 * who made it, the default. Nothing is guessed, nothing is cut to fit (B2.5).
 */
export function knownValue(rule: TagRule, resource: Tagged, facts: Facts, settings: Settings): Known {
  const why: string[] = [];
  for (const candidate of candidates(rule, resource, facts, settings)) {
    if (candidate.value === undefined) {
      why.push(candidate.how);
      continue;
    }
    const flaw = flawOf(candidate.value, rule, settings.placeholders);
    if (flaw === undefined && isWritable(candidate.value))
      return { value: candidate.value, how: candidate.how };
    why.push(`${candidate.how}, but its value ${flaw?.why ?? 'holds characters that tags cannot'}`);
  }
  return { value: undefined, why };
}

interface Candidate {
  readonly value: string | undefined;
  readonly how: string;
}

function candidates(rule: TagRule, resource: Tagged, facts: Facts, settings: Settings): readonly Candidate[] {
  const told = rule.from.map((source) =>
    source === 'parent' ? fromParents(rule.key, facts) : fromCreator(rule.key, resource, facts, settings),
  );
  const last: Candidate = { value: rule.default, how: 'default' };
  return [
    ...told.filter((candidate) => candidate !== undefined),
    ...(rule.default === undefined ? [] : [last]),
  ];
}

/** A volume of two instances with two owners belongs to neither alone (B2.16). */
function fromParents(key: string, { parents, parentsUnread }: Facts): Candidate | undefined {
  if (parentsUnread !== undefined) {
    return { value: undefined, how: `what it belongs to could not be read (${parentsUnread})` };
  }
  const having = parents.filter(({ tags }) => tags.has(key));
  const values = [...new Set(having.map(({ tags }) => tags.get(key)))];
  if (values.length > 1) {
    const owners = having.map(({ id, tags }) => `${id} has "${tags.get(key)}"`);
    return { value: undefined, how: `what it belongs to disagrees: ${owners.join(', ')}` };
  }
  const [first] = having;
  return first && { value: values[0], how: `as ${first.id} has it` };
}

function fromCreator(
  key: string,
  { creator: actor }: Tagged,
  { creatorInstance }: Facts,
  { creator }: Settings,
): Candidate | undefined {
  if (actor === undefined) return undefined;
  const { name, how } = creatorOf(actor, key, creatorInstance, creator);
  return { value: name, how };
}
