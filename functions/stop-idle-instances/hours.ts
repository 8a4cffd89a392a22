/** When something is open: days of the week and a span of the day, by the wall clock of a zone. */
export interface Hours {
  /** 0 is Sunday. A span over midnight belongs to the day on which it begins. */
  readonly days: ReadonlySet<number>;
  /** Minutes from midnight; `to` is exclusive, at most 24:00. */
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  readonly text: string;
}

const DAYS: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK = DAYS.map((_, day) => day);
const FORM = /^\s*(\S+)\s+([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)(?:\s+(\S+))?\s*$/;

/**
 * Reads `mon-fri 08:00-19:00 Europe/Berlin`, `mon+wed 22:00-06:00`, `daily 06:00-24:00 UTC`; undefined when it cannot be
 * read. Without a zone it means `zone`.
 */
export function parseHours(text: string, zone: string): Hours | undefined {
  const [, days, fromHour, fromMinute, toHour, toMinute, own = zone] = FORM.exec(text.slice(0, 256)) ?? [];
  const open = days === undefined ? undefined : parseDays(days.toLowerCase());
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (open === undefined || from >= 1440 || to > 1440 || from === to || !isZone(own)) return undefined;
  return { days: open, from, to, zone: own, text: text.trim() };
}

/** `mon-fri`, `sat`, `mon+wed-fri`, `fri-mon`, `daily`. */
function parseDays(text: string): ReadonlySet<number> | undefined {
  if (text === 'daily') return new Set(WEEK);
  const days = new Set<number>();
  for (const part of text.split('+')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [begin, end] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (begin < 0 || end < 0 || more.length > 0) return undefined;
    const count = ((end - begin + 7) % 7) + 1;
    for (let step = 0; step < count; step++) days.add((begin + step) % 7);
  }
  return days;
}

/** True for names that the runtime's time zone database knows; fixed offsets are not zones (B1.57). */
export function isZone(name: string): boolean {
  if (!/^(UTC|[A-Za-z_]+\/[\w/+-]+)$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether the clock on the wall stands within the hours: an hour that comes twice is judged alike both times (B1.57). */
export function isOpen({ days, from, to, zone }: Hours, at: Date): boolean {
  const { day, minute } = wallClock(at, zone);
  if (from < to) return days.has(day) && minute >= from && minute < to;
  return (days.has(day) && minute >= from) || (days.has((day + 6) % 7) && minute < to);
}

/** The share of a week without clock changes in which it is closed, from 0 to 1. */
export function closedShare({ days, from, to }: Hours): number {
  return 1 - (days.size * ((to - from + 1440) % 1440 || 1440)) / (7 * 1440);
}

/** The end of a day (`2026-12-31`) by the wall clock of a zone; undefined when there is no such day. */
export function endOfDay(date: string, zone: string): Date | undefined {
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const wanted = midnight.getTime() + 86_400_000;
  // The zone's offset at the end of that day, taken twice because the first guess may lie beyond a clock change.
  const guess = wanted - offsetOf(new Date(wanted), zone);
  return new Date(wanted - offsetOf(new Date(guess), zone) - 1);
}

function offsetOf(at: Date, zone: string): number {
  const { year, month, date, minute } = wallClock(at, zone);
  return Date.UTC(year, month - 1, date, 0, minute) - Math.floor(at.getTime() / 60_000) * 60_000;
}

function wallClock(at: Date, zone: string) {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (part: Intl.DateTimeFormatPartTypes) => Number(parts.get(part));
  return {
    year: number('year'),
    month: number('month'),
    date: number('day'),
    day: DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase()),
    minute: number('hour') * 60 + number('minute'),
  };
}

/** Making one costs a hundred times what using it costs, and ten thousand instances share a few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, made);
  return made;
}
