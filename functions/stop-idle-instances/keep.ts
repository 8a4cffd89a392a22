import { endOfDay } from './hours.ts';

/** What a keep-until tag says. */
export type Keep =
  | { readonly state: 'kept' | 'past'; readonly until: Date }
  | { readonly state: 'unreadable' };

/** `2026-12-31` means the end of that day in `zone`; a time needs its offset (`2026-12-31T18:00+01:00`) (B1.58). */
export function readKeep(value: string, zone: string, now: Date): Keep {
  const until = untilOf(value.trim(), zone);
  if (until === undefined) return { state: 'unreadable' };
  return { state: until < now ? 'past' : 'kept', until };
}

function untilOf(text: string, zone: string): Date | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return endOfDay(text, zone);
  const [, date = '', offset] =
    /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2})?(Z|[+-]\d{2}:\d{2})$/.exec(text) ?? [];
  if (offset === undefined || endOfDay(date, 'UTC') === undefined) return undefined;
  const until = new Date(text);
  return Number.isNaN(until.getTime()) ? undefined : until;
}
