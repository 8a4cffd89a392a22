import type { Aws } from '../../shared/aws/access.ts';
import { startInstances } from '../../shared/aws/ec2/power.ts';
import { setInterfaceGroups } from '../../shared/aws/ec2/quarantine.ts';
import type { Tags } from '../../shared/aws/tagging/target.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import type { Standing, WayBack } from '../../shared/engine/way-back.ts';
import { Field } from '../../shared/events/fields.ts';
import { cutOffIn, regrouped, willRegroup } from './quarantine.ts';
import { TYPES } from './types/table.ts';
import { difference, powerOf, tagsIn, undo } from './undo.ts';

/** Written tags are taken away, or get the values that they had, what was stopped is started, what was cut off gets its groups. */
export const wayBack: WayBack<Aws> = {
  policy: 'enforce-tags',
  kind: 'tagging',
  standing,
  undo: (entry, { aws }) => undo(entry.before, afterOf(entry), aws),
  rights: [
    ...new Set([
      ...[...TYPES.values()].flatMap(({ rights }) => [...rights.read, ...rights.write]),
      ...startInstances.rights,
      ...setInterfaceGroups.rights,
    ]),
  ],
};

async function standing(entry: JournalEntry, { aws }: Surroundings<Aws>): Promise<Standing> {
  const before = new Field(entry.before, 'before');
  const id = before.at('id').text();
  const row = TYPES.get(before.at('type').text());
  if (row === undefined) return before.at('type').refuse('a type that Reeve tags');
  const [told] = await row.read(aws, [id]);
  if (told === undefined) return { state: 'gone', reason: `${id} does not exist any more.` };

  const after = new Field(afterOf(entry), 'after');
  const [was, set, removed] = [
    tagsIn(before.at('tags')),
    tagsIn(after.at('set')),
    tagsIn(after.at('removed')),
  ];
  const stopped = after.at('stopped').value === true;
  const power = stopped ? powerOf(told, before.at('launchTime').optionalText()) : 'runs';
  const cutOff = cutOffIn(before, after);
  const differs = [
    ...difference(told.tags, was, set, removed),
    ...regrouped(told.interfaces, cutOff),
    ...(power === 'others' ? [`${id} was started and stopped by somebody else since`] : []),
  ];
  if (differs.length > 0) return { state: 'changed', differs };
  const will = willOf(id, told.tags, was, new Set([...set.keys(), ...removed.keys()]));
  if (power === 'ours') will.push(`Start ${id}.`);
  will.push(...willRegroup(told.interfaces, cutOff));
  return will.length === 0
    ? { state: 'as-before', reason: `${id} is as it was before.` }
    : { state: 'ours', will };
}

function willOf(id: string, now: Tags, was: Tags, keys: ReadonlySet<string>): string[] {
  return [...keys].flatMap((key) => {
    const [value, old] = [now.get(key), was.get(key)];
    if (value === old) return [];
    return [old === undefined ? `Take the tag ${key} off ${id}.` : `Tag ${id} with ${key}=${old} again.`];
  });
}

/** What was written, or, where no end was written down, what was going to be. */
function afterOf({ before, parameters, outcome }: JournalEntry): Json {
  if (new Field(outcome?.after ?? null, 'after').isObject()) return outcome?.after ?? null;
  const planned = new Field(parameters, 'parameters');
  const was = tagsIn(new Field(before, 'before').at('tags'));
  const set = planned.at('set');
  const pairs = set.keys().map((key) => ({ Key: key, Value: String(set.at(key).value ?? '') }));
  const removed = planned
    .at('remove')
    .entries()
    .map((key) => key.text())
    .map((key) => ({ Key: key, Value: was.get(key) ?? '' }));
  return {
    set: pairs,
    removed,
    stopped: planned.at('stop').value === true,
    quarantined: typeof planned.at('quarantine').value === 'string',
  };
}
