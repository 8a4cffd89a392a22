import type { Config, PolicyConfig } from '../../shared/config/load.ts';
import { findingOf, type Mark, rule } from '../../shared/engine/mark.ts';
import type { PlaceReport, Result } from '../../shared/engine/outcome.ts';
import type { Tag } from '../../shared/engine/policy.ts';
import { tagKeyOf, tagOf } from '../../shared/engine/promise.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Resource } from '../../shared/engine/verdict.ts';

/**
 * How it stands with what was announced: `waiting` for its date, `due` with the next run, `ends` with the next sweep,
 * `anew` announced first, `void` because nothing of the kind is asked for any more, or `unclear`.
 */
export type Standing = 'waiting' | 'due' | 'ends' | 'anew' | 'void' | 'unclear';

/** Something that is going to be done on a date, or was to be. */
export interface Announced extends Place {
  readonly policy: string;
  readonly resource: Pick<Resource, 'type' | 'id' | 'arn' | 'name'>;
  readonly summary: string;
  readonly since: Date | undefined;
  /** Undefined: its tag does not say. */
  readonly due: Date | undefined;
  /** Undefined: the mark does not say. */
  readonly told: boolean | undefined;
  readonly standing: Standing;
  readonly note: string;
  /** Who can stop it, and how. */
  readonly stop: string;
  /** The tag that goes on saying so, although it is void. */
  readonly left: Tag | undefined;
}

/** What one policy's sweep saw, compliant resources included. */
export interface Seen {
  readonly policy: string;
  readonly results: readonly Result[];
  readonly places: readonly PlaceReport[];
}

/** What a policy has announced: its marks in the journal, and its own on the resources. Pure. */
export function announcedBy(
  seen: Seen,
  marks: readonly Mark[],
  own: PolicyConfig,
  config: Config,
  now: Date,
): readonly Announced[] {
  const byArn = new Map(seen.results.map((result) => [result.resource.arn, result]));
  const marked = marks.map((mark): Announced => {
    const result = byArn.get(mark.resource.arn);
    const { due, ...standing } = standingOf(mark, result, seen, own, now);
    const { since, told, summary, account, region, partition } = mark;
    const said = { since, told: told && mark.lapsed === undefined, summary, due };
    const resource = result?.resource ?? { ...mark.resource, name: undefined };
    const stop = stopText(result, own, config, due);
    const left = standing.standing === 'void' ? leftOn(seen.policy, mark, result) : undefined;
    return { partition, account, region, policy: seen.policy, resource, ...said, ...standing, stop, left };
  });
  const known = new Set(marks.map(({ resource }) => resource.arn));
  const others = seen.results.filter(({ resource: { arn } }) => !known.has(arn));
  return [
    ...marked,
    ...others.flatMap((result) => onItself(seen.policy, result, own, config, now)),
    ...others.flatMap((result) => byTag(seen.policy, result, own)),
  ];
}

/** Marks of a policy that the configuration does not mention: nothing comes of them. */
export function announcedByNobody(
  policy: string,
  marks: readonly Mark[],
  bearsTags: boolean,
): readonly Announced[] {
  return marks.map(({ partition, account, region, resource, summary, since, due, ...mark }) => ({
    ...{ partition, account, region, policy, summary, since, due, told: mark.told },
    resource: { ...resource, name: undefined },
    standing: 'void',
    note: 'the policy is not in the configuration, so nothing comes of it',
    stop: '',
    left: bearsTags ? tagOf(policy, { due }) : undefined,
  }));
}

function standingOf(
  mark: Mark,
  result: Result | undefined,
  { places }: Seen,
  { guard }: PolicyConfig,
  now: Date,
): Pick<Announced, 'standing' | 'note'> & { readonly due: Date } {
  const { due } = mark;
  const ms = mark.notice ? guard.exemption.noticeMs : guard.graceMs;
  if (guard.mode !== 'enforce' || ms === undefined) return { due, standing: 'void', note: whyNothing(guard) };
  if (result === undefined) return { due, ...missing(mark, places) };
  const { verdict, outcome } = result;
  if (verdict.verdict === 'unknown') return { due, standing: 'unclear', note: verdict.reason };
  if (verdict.verdict !== 'violation') return { due, standing: 'ends', note: verdict.reason };
  if (outcome.code !== 'report-mode') return { due, standing: 'ends', note: outcome.reason };
  const { remedy } = verdict;
  const finding = remedy === undefined || mark.notice ? mark.finding : findingOf({ ...verdict, remedy });
  const ruling = rule(mark, finding, now, ms);
  if (ruling.state === 'over') return { due, standing: 'due', note: 'the next run does it' };
  if (ruling.state === 'waiting') return { due: ruling.due, standing: 'waiting', note: verdict.reason };
  const why = finding === mark.finding ? 'its time counts no more' : 'by now something else is found';
  return { due, standing: 'anew', note: `${why}: it is announced anew, with a later date` };
}

function whyNothing({ mode }: PolicyConfig['guard']): string {
  if (mode !== 'enforce') return 'the policy only reports (mode: report), so nothing comes of it';
  return 'no grace is asked for any more, so nothing comes of it';
}

function missing(mark: Mark, places: readonly PlaceReport[]): Pick<Announced, 'standing' | 'note'> {
  const place = places.find(({ account, region }) => account === mark.account && region === mark.region);
  if (place === undefined) return { standing: 'unclear', note: 'its account and region were not looked at' };
  if (place.state !== 'scanned') return { standing: 'unclear', note: 'its place could not be read' };
  return { standing: 'ends', note: 'it was not found any more' };
}

/** By a mark of the policy's own. */
function onItself(
  policy: string,
  { partition, account, region, resource, verdict }: Result,
  own: PolicyConfig,
  config: Config,
  now: Date,
): readonly Announced[] {
  const { coming } = verdict;
  if (coming === undefined) return [];
  const { summary, since, due } = coming;
  const stop = `${coming.stop}, or ${stopText({ resource }, own, config, due)}`;
  const what = { partition, account, region, policy, resource, summary, since, due, stop };
  if (own.guard.mode !== 'enforce') {
    const note = 'the policy only reports (mode: report), so nothing comes of it for now; its own tags stay';
    return [{ ...what, told: undefined, standing: 'void', note, left: undefined }];
  }
  const isDue = due <= now;
  const note = isDue ? 'the next run does it, if it still stands' : verdict.reason;
  return [{ ...what, told: undefined, standing: isDue ? 'due' : 'waiting', note, left: undefined }];
}

/** By a tag alone, of which the journal has no mark: where no grace is given no sweep takes it off. */
function byTag(policy: string, result: Result, { guard }: PolicyConfig): readonly Announced[] {
  const { partition, account, region, resource } = result;
  const key = tagKeyOf(policy);
  const value = resource.tags.get(key);
  if (value === undefined || (guard.mode === 'enforce' && guard.graceMs !== undefined)) return [];
  const at = Date.parse(value);
  return [
    {
      ...{ partition, account, region, policy, resource, told: undefined, since: undefined, stop: '' },
      summary: 'Only a tag announces it',
      due: Number.isNaN(at) ? undefined : new Date(at),
      standing: 'void',
      note: whyNothing(guard),
      left: { key, value },
    },
  ];
}

/** A tag of ours that was not seen, because its resource could not be looked at, may still be there. */
function leftOn(policy: string, mark: Mark, result: Result | undefined): Tag | undefined {
  const { key, value } = tagOf(policy, mark);
  if (result === undefined) return undefined;
  const found = result.resource.tags.get(tagKeyOf(policy));
  return found === undefined ? undefined : { key, value: found === value ? value : found };
}

function stopText(
  result: { readonly resource: Pick<Resource, 'tags'> } | undefined,
  { guard: { exemption } }: PolicyConfig,
  { notify }: Config,
  due: Date,
): string {
  const owner = result?.resource.tags.get(notify.ownerTag ?? 'Owner');
  const who = exemption.setBy.length === 0 ? 'whoever may tag it' : exemption.setBy.join(' or ');
  const how = `put it in order, or exempt it (tag ${exemption.tag}, e.g. "TICKET-123 until ${due.toISOString().slice(0, 10)}", by ${who})`;
  return owner === undefined ? how : `${how}; its owner is ${owner}`;
}
