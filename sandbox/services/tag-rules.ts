import type { AwsError } from '../core/errors.ts';

const MOST_TAGS = 50;

/** How a service says what is wrong with tags. */
export interface TagRefusals {
  reserved(key: string): AwsError;
  tooMany(): AwsError;
}

/** Writes tags over those that are there: all of them or, when one may not be written or they get too many, none. */
export function addTags(
  tags: Map<string, string>,
  added: Iterable<readonly [key: string, value: string]>,
  refuse: TagRefusals,
): void {
  const entries = [...added];
  const reserved = entries.find(([key]) => /^aws:/i.test(key));
  if (reserved) throw refuse.reserved(reserved[0]);
  const own = new Set([...tags.keys(), ...entries.map(([key]) => key)].filter((key) => !/^aws:/i.test(key)));
  if (own.size > MOST_TAGS) throw refuse.tooMany();
  for (const [key, value] of entries) tags.set(key, value);
}
