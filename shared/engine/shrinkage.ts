import { isDeepStrictEqual } from 'node:util';
import type { Remediable, Run } from './context.ts';
import { settle, skip } from './guard.ts';
import type { Outcome, PlaceReport, Result } from './outcome.ts';
import type { Missing } from './policy.ts';
import type { GuardSettings } from './ports.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, count, where } from './words.ts';

/** What the last sweep of a policy read in one place, and since when sweeps have read far less. */
export interface LastScan {
  readonly scanned: number;
  readonly fewer?: { readonly since: Date; readonly paged: Date };
  /** How it dealt with what it found; absent: not known. */
  readonly regime?: Regime;
  /** Who last said that fewer is right, and where so many had been read. */
  readonly accepted?: { readonly at: Date; readonly by: string; readonly instead: number };
}

/** Only told; remedied at once; or after a grace. */
export type Regime = 'report' | 'enforce' | 'grace';

/** By place, as `where` writes it. */
export type LastScans = ReadonlyMap<string, LastScan>;

const DAY_MS = 86_400_000;
/** A real shrinkage is believed once every sweep of so long saw it; until then somebody was called each day. */
const BELIEVED_MS = 3 * DAY_MS;
/** From so many on a share says something (B6.4); nothing where there was something always does. */
const ENOUGH = 10;

/** What a sweep read compared with the last one: where not to act, and what to note for the next. */
export interface Shrinkage {
  readonly suspect: ReadonlyMap<string, Outcome>;
  readonly news: LastScans;
  /** What was noted before; undefined: not looked up. */
  readonly last?: LastScans;
}

const NOTHING: Shrinkage = { suspect: new Map(), news: new Map() };

/** How a run deals with what it finds. */
export function regimeOf({ mode, graceMs }: GuardSettings): Regime {
  if (mode !== 'enforce') return 'report';
  return graceMs === undefined ? 'enforce' : 'grace';
}

/**
 * Where a sweep read nothing, or at most a fifth of what the last one read, a permission or a region is probably
 * wrong: nothing is changed there, and somebody is called (B6.6). The first sweep of a place has nothing to compare with.
 */
export async function shrinkage<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  places: readonly PlaceReport[],
  missing: readonly Missing[],
): Promise<Shrinkage> {
  const { ports, policy, signal } = run;
  const read = places.filter(({ state }) => state === 'scanned');
  if (signal.scope.kind !== 'sweep' || read.length === 0) return NOTHING;
  let last: LastScans;
  try {
    last = await ports.journal.lastScans(policy.name);
  } catch (error) {
    ports.log.error('What the last sweep read could not be looked up', { error });
    const reason = `Nothing was changed, because it could not be told what the last sweep read: ${brief(error)}.`;
    run.warnings.add(reason);
    const failed = { outcome: 'failed', code: 'last-scan-unreadable', reason } as const;
    return { suspect: new Map(read.map((place) => [where(place), failed])), news: new Map() };
  }
  const complete = !missing.some(({ why }) => why === 'unreadable');
  const suspect = new Map<string, Outcome>();
  const news = new Map<string, LastScan>();
  for (const place of read) {
    const name = where(place);
    const before = last.get(name);
    const compared = compare(before, place.scanned, complete, ports.now());
    const { known, reason, page } = acceptedBy(
      ports.acceptsFewer,
      before,
      place.scanned,
      compared,
      ports.now(),
    );
    const next = { ...known, regime: regimeOf(run.guard) };
    if (!isDeepStrictEqual(next, before)) news.set(name, next);
    if (known.accepted !== undefined && known.accepted !== before?.accepted)
      run.warnings.add(
        `${name}: ${count(place.scanned, 'resource')} read where there were ${known.accepted.instead}, accepted by ${known.accepted.by}.`,
      );
    if (reason === undefined) continue;
    suspect.set(name, skip('few-scanned', `${reason}, so nothing is changed there.`));
    if (page)
      run.pages.add(
        `${name}: ${reason}. Nothing is changed there for three days, or until somebody who has looked says that it is right: ` +
          `reeve sweep ${policy.name} --region ${place.region} --accept-fewer`,
      );
  }
  return { suspect, news, last };
}

interface Compared {
  /** What to know by the next time. */
  readonly known: LastScan;
  readonly reason?: string;
  readonly page?: boolean;
}

/** A person has looked and says that so few are right: from now on that is the number. */
function acceptedBy(
  by: string | undefined,
  last: LastScan | undefined,
  scanned: number,
  compared: Compared,
  now: Date,
): Compared {
  if (by === undefined || last === undefined || compared.reason === undefined) return compared;
  return { known: { scanned, accepted: { at: now, by, instead: last.scanned } } };
}

function compare(last: LastScan | undefined, scanned: number, complete: boolean, now: Date): Compared {
  if (last === undefined) return { known: { scanned } };
  const accepted = last.accepted && { accepted: last.accepted };
  const isFew = scanned === 0 ? last.scanned > 0 : last.scanned >= ENOUGH && scanned * 5 <= last.scanned;
  const { since = now, paged = new Date(0) } = last.fewer ?? {};
  if (!isFew || now.getTime() - since.getTime() >= BELIEVED_MS) {
    // What could not be read says nothing about how much there is: unless it is believed, it lowers nothing.
    const known = complete || isFew ? scanned : Math.max(scanned, last.scanned);
    return { known: { scanned: known, ...accepted } };
  }
  const reason = `Only ${count(scanned, 'resource')} read where there were ${last.scanned}: permissions or the region may be wrong`;
  const page = now.getTime() - paged.getTime() >= DAY_MS;
  const fewer = { since, paged: page ? now : paged };
  return { known: { scanned: last.scanned, fewer, ...accepted }, reason, page };
}

/** Until when nothing is changed in a place because far fewer is read there; undefined where that is not so. */
export function heldUntil({ fewer }: LastScan): Date | undefined {
  return fewer && new Date(fewer.since.getTime() + BELIEVED_MS);
}

/** Parts what may be changed from what is in a place that looks wrong. Taking back our own is never in question. */
export function byPlace<A, R extends Resource, C extends Change>(
  planned: readonly Remediable<A, R, C>[],
  { suspect }: Shrinkage,
): { readonly trusted: readonly Remediable<A, R, C>[]; readonly doubted: readonly Result[] } {
  const doubt = ({ around, verdict }: Remediable<A, R, C>) =>
    verdict.remedy.takesBack ? undefined : suspect.get(where(around.place));
  const doubted = planned.flatMap((each) => {
    const outcome = doubt(each);
    return outcome === undefined ? [] : [settle(each, outcome)];
  });
  return { trusted: planned.filter((each) => doubt(each) === undefined), doubted };
}

/**
 * Note what this sweep read, for the next one; what cannot be noted leaves the older number. Where something is left of
 * how an earlier one dealt with what it found, that is what stays noted.
 */
export async function noteScans<A, S, R extends Resource, F, C extends Change>(
  { ports, policy }: Run<A, S, R, F, C>,
  { news, last }: Shrinkage,
  isSettled: boolean,
): Promise<void> {
  const noted = isSettled ? news : withRegimeOf(last, news);
  if (noted.size === 0) return;
  try {
    await ports.journal.noteScans(policy.name, noted, ports.now());
  } catch (error) {
    ports.log.warn('What was read could not be noted', { places: noted.size, error });
  }
}

function withRegimeOf(last: LastScans | undefined, news: LastScans): LastScans {
  const kept = [...news].map(([place, { regime: _, ...scan }]) => {
    const regime = last?.get(place)?.regime;
    return [place, { ...scan, ...(regime && { regime }) }] as const;
  });
  return new Map(kept.filter(([place, scan]) => !isDeepStrictEqual(scan, last?.get(place))));
}
