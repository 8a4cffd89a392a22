import type { Aws } from '../../shared/aws/access.ts';
import { startInstances } from '../../shared/aws/ec2/power.ts';
import { setInterfaceGroups } from '../../shared/aws/ec2/quarantine.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Tags, Target, Written } from '../../shared/aws/tagging/target.ts';
import type { Acted } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import { failed } from './failed.ts';
import { cutOffIn, listed, notRegrouped, regrouped } from './quarantine.ts';
import type { InterfaceGroups } from './resource.ts';
import type { Told } from './types/row.ts';
import { TYPES } from './types/table.ts';

/**
 * Takes just the written tags away again, or gives them back the values that they had, and starts what was stopped or gives what was cut off its own groups. Where
 * a tag is no more as Reeve left it nothing is done: it is somebody else's by now (B2.37, B6.18).
 */
export async function undo(before: Json, after: Json, aws: Aws): Promise<Acted> {
  const journaled = new Field(before, 'before');
  const target = { id: journaled.at('id').text(), arn: journaled.at('arn').text() };
  const row = TYPES.get(journaled.at('type').text());
  if (row === undefined) return journaled.at('type').refuse('a type that Reeve tags');
  const was = tagsIn(journaled.at('tags'));
  const left = new Field(after, 'after');
  const set = tagsIn(left.at('set'));
  const removed = tagsIn(left.at('removed'));
  try {
    const [told] = await row.read(aws, [target.id]);
    if (told === undefined) return { result: 'gone', reason: `${target.id} does not exist any more.` };
    const stopped = left.at('stopped').value === true;
    const power = stopped ? powerOf(told, journaled.at('launchTime').optionalText()) : 'untouched';
    if (power === 'others') {
      const reason = `Nothing was taken back: ${target.id} was started and stopped by somebody else since.`;
      return { result: 'left', code: 'changed', reason };
    }
    const cutOff = cutOffIn(journaled, left);
    const differs = [...difference(told.tags, was, set, removed), ...regrouped(told.interfaces, cutOff)];
    if (differs.length > 0)
      return { result: 'failed', code: 'changed', reason: `Nothing was taken back: ${differs.join('; ')}.` };
    const takeAway = new Map([...set].filter(([key]) => !was.has(key) && told.tags.has(key)));
    const giveBack = new Map([...was].filter(([key, value]) => told.tags.get(key) !== value));
    if (power === 'runs' && takeAway.size + giveBack.size === 0) {
      return { result: 'gone', reason: `${target.id} runs already.` };
    }
    await write(row.write.remove, aws, target, takeAway);
    await write(row.write.set, aws, target, giveBack);
    const refused = await regroup(aws, cutOff.was);
    if (refused !== undefined) return refused;
    const starts = power === 'ours';
    if (starts) await startInstances(aws, [target.id]);
    const list = (tags: Tags): Json => [...tags].map(([Key, Value]) => ({ Key, Value }));
    return {
      result: 'done',
      after: {
        id: target.id,
        set: list(giveBack),
        removed: list(takeAway),
        started: starts,
        regrouped: listed(cutOff.was),
      },
      requestId: undefined,
    };
  } catch (error) {
    return failed(error);
  }
}

async function regroup(aws: Aws, cutOff: readonly InterfaceGroups[]): Promise<Acted | undefined> {
  try {
    for (const { id, groupIds } of cutOff) await setInterfaceGroups(aws, id, groupIds);
    return undefined;
  } catch (error) {
    return notRegrouped(error);
  }
}

/** Whether a stop is still ours to take back: of the very launch that it ended, and not taken back by anybody. */
export function powerOf({ machine }: Told, launchTime: string | undefined): 'ours' | 'runs' | 'others' {
  if (machine?.state === 'running' || machine?.state === 'pending') return 'runs';
  const isSameLaunch = launchTime !== undefined && machine?.launchTime?.toISOString() === launchTime;
  return isSameLaunch ? 'ours' : 'others';
}

/** A sentence for each tag that is neither as Reeve left it nor already as it was before. */
export function difference(now: Tags, was: Tags, set: Tags, removed: Tags): readonly string[] {
  const keys = [...new Set([...set.keys(), ...removed.keys()])];
  return keys.flatMap((key) => {
    const value = now.get(key);
    if (value === set.get(key) || value === was.get(key)) return [];
    return [`${key} is ${value === undefined ? 'gone' : `"${value}"`} by now`];
  });
}

async function write(
  how: (aws: Aws, targets: readonly Target[], tags: Tags) => Promise<readonly Written[]>,
  aws: Aws,
  target: Target,
  tags: Tags,
): Promise<void> {
  if (tags.size === 0) return;
  const failure = (await how(aws, [target], tags)).find((written) => written.failure)?.failure;
  if (failure instanceof AwsFailure) throw failure;
}

/** Journaled tags; a value of null says that the key was not there. */
export function tagsIn(list: Field): Tags {
  return new Map(
    list.entries().flatMap((tag) => {
      const { value } = tag.at('Value');
      return typeof value === 'string' ? [[tag.at('Key').text(), value] as const] : [];
    }),
  );
}
