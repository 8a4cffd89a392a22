import type { Field } from '../../shared/events/fields.ts';

type Pair = readonly [key: string, value: string];

/**
 * The tags that a creating call asked for, in any of the forms in which services record them: EC2's by type of
 * resource, `{key, value}` lists, plain objects. What is hidden or written otherwise is simply not announced.
 */
export function requestedTags(request: Field, resourceType?: string): readonly Pair[] {
  const specifications = request
    .at('tagSpecificationSet', 'items')
    .entries()
    .filter((one) => one.at('resourceType').value === resourceType);
  return [...specifications, request].flatMap((holder) => pairsOf(holder.at('tags')));
}

function pairsOf(tags: Field): readonly Pair[] {
  if (tags.isObject()) return tags.keys().flatMap((key) => pair(key, tags.at(key).value));
  return tags
    .entries()
    .flatMap((tag) => pair(tag.at('key').optionalText() ?? tag.at('Key').optionalText(), textOf(tag)));
}

function textOf(tag: Field): unknown {
  const lower = tag.at('value');
  return lower.isMissing() ? tag.at('Value').value : lower.value;
}

function pair(key: string | undefined, value: unknown): readonly Pair[] {
  return key !== undefined && typeof value === 'string' ? [[key, value]] : [];
}
