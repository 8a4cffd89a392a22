import { duration } from './duration.ts';
import { BadInput } from './exit.ts';

/** A moment: a span before now (`90m`, `7d`), or ISO 8601 (`2026-11-21`, `2026-11-21T08:00:00Z`); BadInput otherwise. */
export function momentOf(option: string, text: string, now: Date): Date {
  if (/^[1-9]\d{0,5}[smhd]$/.test(text)) return new Date(now.getTime() - duration(text));
  const written = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const at = new Date(written && isDay(text.slice(0, 10)) ? text : Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new BadInput(
    `${option}: expected a span (90m, 12h, 7d) or a time in ISO 8601 (2026-11-21T08:00:00Z), got ${JSON.stringify(text)}`,
  );
}

/** The 31st of February would silently become a day in March. */
function isDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}
