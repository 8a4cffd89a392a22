import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Shown } from '../../shared/engine/policy.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Tagged } from './resource.ts';
import { tagsIn } from './undo.ts';

/** By the values of the tags that were to be written or removed; that a measure followed them, tags do not tell. */
export function shows(
  { tags }: Tagged,
  { action, before, parameters }: Pick<JournalEntry, 'action' | 'before' | 'parameters'>,
): Shown {
  const was = tagsIn(new Field(before, 'before').at('tags'));
  const set = new Map(Object.entries(Object(parameters.set)));
  const keys = [...set.keys(), ...[parameters.remove ?? []].flat().map(String)];
  if (keys.every((key) => tags.get(key) === was.get(key))) return 'not-done';
  return action === 'tag-resource' && keys.every((key) => tags.get(key) === set.get(key))
    ? 'done'
    : 'neither';
}
