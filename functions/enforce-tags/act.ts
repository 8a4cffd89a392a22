import type { Aws } from '../../shared/aws/access.ts';
import type { Tags, Target, Written } from '../../shared/aws/tagging/target.ts';
import type { Acted, Doing, Surroundings } from '../../shared/engine/policy.ts';
import { failed } from './failed.ts';
import { leftBy } from './left.ts';
import { cutOffAll, listed } from './quarantine.ts';
import type { FixTags } from './remedy.ts';
import type { Tagged } from './resource.ts';
import { stopAll } from './stop.ts';
import { readEach } from './types/read-each.ts';
import type { TagType } from './types/row.ts';
import { TYPES } from './types/table.ts';

/** Rights of everything that `actAll` calls, but for stopping, which only some settings ask for. */
export const actRights = [...TYPES.values()].flatMap(({ rights }) => rights.write);

type One = Doing<Tagged, FixTags>;

/**
 * Carries out changes type by type: reads all once more, leaves alone what has changed meanwhile, and writes the same
 * tags on many resources in one call. Safe to run twice.
 */
export async function actAll(
  changes: readonly One[],
  around: Pick<Surroundings<Aws>, 'aws' | 'keptFrom'>,
): Promise<ReadonlyMap<string, Acted>> {
  const { aws } = around;
  const ended = new Map<string, Acted>();
  for (const [type, ofType] of Map.groupBy(changes, ({ resource }) => resource.type)) {
    const row = TYPES.get(type);
    if (row === undefined) throw new RangeError(`no row for ${type}`);
    const open = await stillAsPlanned(ofType, row, around, ended);
    const tagged = await write(open, 'set', row, aws, ended);
    const cleaned = await write(tagged, 'remove', row, aws, ended);
    await stopAll(cleaned, aws, ended);
    await cutOffAll(cleaned, aws, ended);
    for (const { change, resource } of cleaned) {
      const { id } = resource;
      if (ended.has(id)) continue;
      ended.set(id, { result: 'done', after: leftBy(change, id), requestId: undefined });
    }
  }
  return ended;
}

/** Nobody else's tag is written over, and nothing that somebody has just exempted or protected is touched (B2.8, B6.21). */
async function stillAsPlanned(
  changes: readonly One[],
  row: TagType,
  { aws, keptFrom }: Parameters<typeof actAll>[1],
  ended: Map<string, Acted>,
): Promise<readonly One[]> {
  const ids = changes.map(({ resource }) => resource.id);
  const { told, refused } = await readEach(row, aws, ids);
  for (const [id, failure] of refused) ended.set(id, failed(failure));
  const now = new Map(told.map((one) => [one.id, one]));
  return changes.filter(({ change, resource }) => {
    const { id } = resource;
    if (ended.has(id)) return false;
    const tags = now.get(id)?.tags;
    const drifted = tags && drift(change, tags);
    const kept = tags && keptFrom?.(resource, tags);
    if (tags === undefined) ended.set(id, { result: 'gone', reason: `${id} does not exist any more.` });
    else if (kept !== undefined) ended.set(id, { result: 'left', code: 'protected', reason: kept });
    else if (drifted !== undefined) {
      const reason = `Its tag ${drifted} was changed meanwhile; it is judged anew next time.`;
      ended.set(id, { result: 'left', code: 'changed', reason });
    } else if (isGrave(change) && !isSame(resource.tags, tags)) {
      const reason = `The tags of ${id} were changed meanwhile; it is judged anew next time.`;
      ended.set(id, { result: 'left', code: 'changed', reason });
    } else if (change.measure && !isSameMachine(resource, now.get(id))) {
      const reason = `${id} was stopped, started or given other groups meanwhile; it is judged anew next time.`;
      ended.set(id, { result: 'left', code: 'changed', reason });
    }
    return !ended.has(id);
  });
}

/** A stop, a quarantine, or the mark that announces one. */
function isGrave({ measure, set }: FixTags): boolean {
  return measure !== undefined || [...set.values()].some((value) => /^(stop|quarantine)@/.test(value));
}

/** Whoever tags a machine may just have exempted or protected it: nobody stops or cuts off what was not judged so. */
function isSame(judged: Tags, now: Tags): boolean {
  return judged.size === now.size && [...judged].every(([key, value]) => now.get(key) === value);
}

/** What somebody else stopped, or gave other groups, is not ours to put back on undo. */
function isSameMachine(
  { machine: was, interfaces }: Tagged,
  now: Pick<Tagged, 'machine' | 'interfaces'> | undefined,
): boolean {
  const is = now?.machine;
  const runs = was?.state === 'running' && is?.state === 'running';
  const isSame = runs && is.launchTime?.getTime() === was.launchTime?.getTime();
  return isSame && JSON.stringify(listed(interfaces)) === JSON.stringify(listed(now?.interfaces ?? []));
}

/** The first key that neither is as it was judged nor as it is to become. */
function drift({ set, remove, expected }: FixTags, now: Tags): string | undefined {
  const keys = [...new Set([...set.keys(), ...remove.keys()])];
  return keys.find((key) => now.get(key) !== expected.get(key) && now.get(key) !== set.get(key));
}

/** One call for all that get the same tags, or lose the same. */
async function write(
  changes: readonly One[],
  what: 'set' | 'remove',
  row: TagType,
  aws: Aws,
  ended: Map<string, Acted>,
): Promise<readonly One[]> {
  const groups = Map.groupBy(changes, ({ change }) => JSON.stringify([...change[what]].sort()));
  for (const same of groups.values()) {
    const tags = same[0]?.change[what] ?? new Map();
    if (tags.size === 0) continue;
    const targets: readonly Target[] = same.map(({ resource: { id, arn } }) => ({ id, arn }));
    for (const written of await row.write[what](aws, targets, tags)) note(written, ended);
  }
  return changes.filter(({ resource }) => !ended.has(resource.id));
}

function note({ id, failure }: Written, ended: Map<string, Acted>): void {
  if (failure === undefined) return;
  ended.set(id, failed(failure));
}
