import type { Change, Json, Tags } from '../../shared/engine/verdict.ts';
import type { Tagged } from './resource.ts';

/** Write tags on a resource and remove some; for an instance past its deadline, stop it after that. */
export interface FixTags extends Change {
  readonly action: 'tag-resource' | 'stop-instance';
  readonly repeatKey: string;
  readonly set: Tags;
  /** With the values that they have to have, or they stay (B2.37). */
  readonly remove: Tags;
  /** What the keys above held when this was planned: whatever else is there by then is left alone. */
  readonly expected: Tags;
}

export interface Wanted {
  readonly set: Tags;
  readonly remove: Tags;
  readonly stop: boolean;
  /** The key of the deadline's mark: its date says nothing about whether the same was done before. */
  readonly mark: string;
}

/** Deliveries of one event come within minutes; a tag that somebody took off again is another matter. */
const SAME_MS = 15 * 60_000;

/** The one change that a resource needs, or none. */
export function remedyFor(
  resource: Tagged,
  { set, remove, stop, mark }: Wanted,
  now: Date,
): FixTags | undefined {
  if (set.size + remove.size === 0 && !stop) return undefined;
  const touched = [...new Set([...set.keys(), ...remove.keys()])].sort();
  const expected = new Map(touched.flatMap((key) => entry(key, resource.tags.get(key))));
  const what = [
    ...writing([...set].filter(([key]) => key !== mark)),
    ...removing(remove),
    ...marking(set, mark),
  ];
  const repeatKey = [
    ...(stop ? ['stop'] : []),
    ...touched.map((key) => (key === mark ? key : repeated(key, set))),
  ].join('; ');
  return {
    action: stop ? 'stop-instance' : 'tag-resource',
    summary: [...(stop ? [`Stop ${resource.id}`] : []), ...what].join('; '),
    past: stop ? 'stopped what nobody tagged' : 'put tags right',
    fingerprint: fingerprint(resource, { set, remove, stop, mark }, now),
    repeatKey,
    planKey: stop ? `${repeatKey}; ${launchOf(resource) ?? 'a running instance'}` : repeatKey,
    before: {
      type: resource.type,
      id: resource.id,
      arn: resource.arn,
      tags: touched.map((key) => told(key, expected)),
      // What is started and stopped again by others is theirs by then (B6.18).
      ...(stop ? { launchTime: launchOf(resource) ?? null } : {}),
    },
    undo: undoOf(resource, { set, remove, stop, mark }),
    parameters: { resource: resource.arn, set: Object.fromEntries(set), remove: [...remove.keys()], stop },
    set,
    remove,
    expected,
  };
}

/** The launch for a stop; for tags the state that they are in, in a quarter of an hour. */
function fingerprint(resource: Tagged, { set, remove, stop }: Wanted, now: Date): string {
  if (stop) return `stop ${launchOf(resource) ?? 'a running instance'}`;
  const changes = [...writing([...set]), ...removing(remove)].join('; ');
  return `${changes} @${Math.floor(now.getTime() / SAME_MS)}`;
}

function launchOf({ machine }: Tagged): string | undefined {
  return machine?.launchTime?.toISOString();
}

function writing(set: readonly (readonly [string, string])[]): readonly string[] {
  return set.length === 0 ? [] : [`Tag with ${set.map(([key, value]) => `${key}=${value}`).join(', ')}`];
}

function removing(remove: Tags): readonly string[] {
  return remove.size === 0 ? [] : [`remove the tag ${[...remove.keys()].join(', ')}`];
}

function marking(set: Tags, mark: string): readonly string[] {
  const value = set.get(mark);
  return value === undefined ? [] : [`mark it ${value}`];
}

function repeated(key: string, set: Tags): string {
  const value = set.get(key);
  return value === undefined ? `-${key}` : `${key}=${value}`;
}

function undoOf({ id, tags }: Tagged, { set, remove, stop }: Wanted): string {
  const added = [...set.keys()].filter((key) => !tags.has(key));
  const replaced = [...set.keys(), ...remove.keys()].filter((key) => tags.has(key));
  return [
    ...(stop ? [`Start ${id}`] : []),
    ...(added.length === 0 ? [] : [`Remove the tags ${added.join(', ')} from ${id}`]),
    ...(replaced.length === 0
      ? []
      : [`Write ${replaced.map((key) => `${key}=${tags.get(key)}`).join(', ')} on ${id}`]),
  ].join('; ');
}

function entry(key: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[key, value]];
}

/** A key as the journal keeps it; tag keys are written by strangers, hence a list. `null`: it was not there. */
function told(key: string, expected: Tags): Json {
  return { Key: key, Value: expected.get(key) ?? null };
}
