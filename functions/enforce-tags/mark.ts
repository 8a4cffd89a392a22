import type { Settings } from './settings.ts';

/** What the mark on a resource says. */
export type Mark =
  | { readonly state: 'none' }
  | { readonly state: 'waiting' | 'due'; readonly until: Date }
  /** Cannot be read, or names a day that no mark of ours could name: it is written anew, and told (B2.40). */
  | { readonly state: 'tampered'; readonly why: string };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FORM = /^(stop|quarantine)@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})Z$/;

/** What follows when a deadline is over. */
export type Penalty = 'stop' | 'quarantine';

/** Reads the mark of the deadline; never later than the settings allow, whoever edited it. */
export function readMark(value: string | undefined, { onDeadline, deadline }: Settings, now: Date): Mark {
  if (value === undefined) return { state: 'none' };
  const [, penalty, written] = FORM.exec(value.trim()) ?? [];
  const until = new Date(`${written}Z`);
  // The 31st of February would silently become a day in March.
  const real = !Number.isNaN(until.getTime()) && until.toISOString().startsWith(`${written}:`);
  if (!real) return { state: 'tampered', why: `"${value}" is no mark of Reeve's` };
  // Written under other settings: whoever read it reckons with something else.
  if (onDeadline !== 'report' && penalty !== onDeadline) return { state: 'none' };
  const { days } = deadline;
  if (until > latest(days, now)) {
    return {
      state: 'tampered',
      why: `"${value}" is more than ${days} days ahead, which is the most allowed`,
    };
  }
  return { state: until <= now ? 'due' : 'waiting', until };
}

/** The mark that is written now. Whole hours: judged again within minutes it is the same. */
export function markFor(penalty: Penalty, { days }: Settings['deadline'], now: Date): string {
  return `${penalty}@${latest(days, now).toISOString().slice(0, 16)}Z`;
}

function latest(days: number, now: Date): Date {
  return new Date(Math.ceil(now.getTime() / HOUR) * HOUR + days * DAY);
}
