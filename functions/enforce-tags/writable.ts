import type { Flaw, Plan } from './plan.ts';
import type { Tagged } from './resource.ts';
import { isReserved, MOST } from './text.ts';

/** Keys that EC2 refuses on an instance that shows its tags in its metadata (B2.6). */
const NOT_IN_METADATA = /[\s/]|^(\.|\.\.|_index)$/;

/**
 * A plan as far as AWS takes it: keys that the resource cannot have stay undone, and where not all new keys find room
 * none is written (B2.4, B2.6).
 */
export function writable(plan: Plan, resource: Tagged): Plan {
  const refused = [...plan.set.keys()].filter((key) => resource.metadataTags && NOT_IN_METADATA.test(key));
  const taken = new Map([...plan.set].filter(([key]) => !refused.includes(key)));
  const left = undone(
    plan,
    taken,
    refused,
    'the instance shows its tags in its metadata, where such a key cannot be',
  );
  if (roomFor(resource, [...taken.keys()])) return left;
  const why = `the resource already has ${userTags(resource)} of ${MOST.tags} tags`;
  return { ...undone(left, new Map(), [...taken.keys()], why), remove: new Map() };
}

/** Whether these keys fit; those that are there already take no room. */
export function roomFor(resource: Tagged, keys: readonly string[]): boolean {
  const added = new Set(keys.filter((key) => !resource.tags.has(key)));
  return added.size === 0 || userTags(resource) + added.size <= MOST.tags;
}

function userTags({ tags }: Tagged): number {
  return [...tags.keys()].filter((key) => !isReserved(key)).length;
}

/** A plan without these keys, and why they stay undone. */
export function undone(plan: Plan, set: Plan['set'], keys: readonly string[], why: string): Plan {
  if (keys.length === 0) return plan;
  const flaws = plan.flaws.map((flaw): Flaw => {
    if (!keys.includes(flaw.key)) return flaw;
    const sentence = `${flaw.sentence.replace(/\.$/, '')}, but it cannot be written: ${why}.`;
    return { ...flaw, sentence, becomes: undefined, suggestion: flaw.becomes ?? flaw.suggestion };
  });
  return { flaws, set, remove: plan.remove };
}
