import type { PlaceReport } from '../../shared/engine/outcome.ts';
import { heldUntil, type LastScans } from '../../shared/engine/shrinkage.ts';
import { where } from '../../shared/engine/words.ts';
import type { Announced } from './announced.ts';

/** A place in which sweeps read far fewer than before, so that a policy changes nothing there for a time. */
export interface Held {
  readonly policy: string;
  readonly account: string;
  readonly region: string;
  readonly since: Date;
  readonly until: Date;
  /** So many were read before. */
  readonly before: number;
  /** So many were read just now, with the caller's rights; undefined: it was not looked at, or not to its end. */
  readonly read: number | undefined;
}

/** Where a policy is held back by what its last sweeps read. Pure. */
export function heldBy(
  policy: string,
  scans: LastScans,
  places: readonly PlaceReport[],
  now: Date,
): readonly Held[] {
  const read = new Map(
    places.flatMap((place) => (place.state === 'scanned' ? [[where(place), place.scanned]] : [])),
  );
  return [...scans].flatMap(([place, scan]): readonly Held[] => {
    const until = heldUntil(scan);
    if (scan.fewer === undefined || until === undefined || until <= now) return [];
    const [account = '', region = ''] = place.split(', ');
    const { since } = scan.fewer;
    return [{ policy, account, region, since, until, before: scan.scanned, read: read.get(place) }];
  });
}

/** What is due where its policy is held back waits for the end of that. Pure. */
export function heldUp(announced: readonly Announced[], held: readonly Held[]): readonly Announced[] {
  return announced.map((each) => {
    const brake = held.find(({ account, region }) => account === each.account && region === each.region);
    if (each.standing !== 'due' || brake === undefined) return each;
    const note = `it is due, and held back until ${brake.until.toISOString()}, because far fewer is read there`;
    return { ...each, standing: 'waiting', note };
  });
}
