import type { Change, Json, Tags } from '../../shared/engine/verdict.ts';
import type { Measure } from './overdue.ts';
import { listed, toCutOff } from './quarantine.ts';
import type { Tagged } from './resource.ts';

/** Write tags on a resource and remove some; for an instance past its deadline, stop it or cut it off after that. */
export interface FixTags extends Change {
  readonly action: 'tag-resource' | 'stop-instance' | 'quarantine-instance';
  /** What is done to an instance besides. */
  readonly measure: Measure | undefined;
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
  readonly measure: Measure | undefined;
  /** The key of the deadline's mark: its date says nothing about whether the same was done before. */
  readonly mark: string;
}

/** Deliveries of one event come within minutes; a tag that somebody took off again is another matter. */
const SAME_MS = 15 * 60_000;

/** The one change that a resource needs, or none. */
export function remedyFor(resource: Tagged, wanted: Wanted, now: Date): FixTags | undefined {
  const { set, remove, measure, mark } = wanted;
  if (set.size + remove.size === 0 && !measure) return undefined;
  const touched = [...new Set([...set.keys(), ...remove.keys()])].sort();
  const expected = new Map(touched.flatMap((key) => entry(key, resource.tags.get(key))));
  const what = [
    ...writing([...set].filter(([key]) => key !== mark)),
    ...removing(remove),
    ...marking(set, mark),
  ];
  const repeatKey = [
    ...(measure ? [measure.penalty] : []),
    ...touched.map((key) => (key === mark ? key : repeated(key, set))),
  ].join('; ');
  return {
    action: measure ? `${measure.penalty}-instance` : 'tag-resource',
    summary: [...measuring(measure, resource), ...what].join('; '),
    past: measure ? PAST[measure.penalty] : 'put tags right',
    fingerprint: fingerprint(resource, wanted, now),
    repeatKey,
    planKey: measure ? `${repeatKey}; ${stateOf(resource, wanted)}` : repeatKey,
    before: {
      type: resource.type,
      id: resource.id,
      arn: resource.arn,
      tags: touched.map((key) => told(key, expected)),
      // What is started and stopped again by others is theirs by then (B6.18).
      ...(measure ? { launchTime: launchOf(resource) ?? null } : {}),
      ...(measure?.penalty === 'quarantine'
        ? { interfaces: listed(toCutOff(resource, measure.groupId)), quarantine: measure.groupId }
        : {}),
    },
    undo: undoOf(resource, wanted),
    parameters: {
      resource: resource.arn,
      set: Object.fromEntries(set),
      remove: [...remove.keys()],
      stop: measure?.penalty === 'stop',
      quarantine: measure?.penalty === 'quarantine' ? measure.groupId : null,
    },
    measure,
    set,
    remove,
    expected,
  };
}

const PAST = { stop: 'stopped what nobody tagged', quarantine: 'cut off what nobody tagged' } as const;

/** The state that a measure changes; for tags the state that they are in, in a quarter of an hour. */
function fingerprint(resource: Tagged, wanted: Wanted, now: Date): string {
  const { set, remove, measure } = wanted;
  if (measure) return stateOf(resource, wanted);
  const changes = [...writing([...set]), ...removing(remove)].join('; ');
  return `${changes} @${Math.floor(now.getTime() / SAME_MS)}`;
}

/** The launch that a stop ends; the groups that a quarantine takes away, by the deadline that it goes by. */
function stateOf(resource: Tagged, { measure, mark }: Wanted): string {
  const launch = launchOf(resource) ?? 'a running instance';
  if (measure?.penalty !== 'quarantine') return `stop ${launch}`;
  const groups = toCutOff(resource, measure.groupId).map(({ id, groupIds }) => `${id}=${groupIds.join()}`);
  return `${resource.tags.get(mark)} ${launch} ${groups.join(' ')}`;
}

function measuring(measure: Measure | undefined, { id }: Tagged): readonly string[] {
  if (measure === undefined) return [];
  return [measure.penalty === 'stop' ? `Stop ${id}` : `Cut ${id} off by the group ${measure.groupId}`];
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

function undoOf(resource: Tagged, { set, remove, measure }: Wanted): string {
  const { id, tags } = resource;
  const added = [...set.keys()].filter((key) => !tags.has(key));
  const replaced = [...set.keys(), ...remove.keys()].filter((key) => tags.has(key));
  return [
    ...(measure?.penalty === 'stop' ? [`Start ${id}`] : []),
    ...(measure?.penalty === 'quarantine' ? [`Give the interfaces of ${id} their groups again`] : []),
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
