const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: HOUR, day: DAY };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** An alarm looks back seven days at most: Period times EvaluationPeriods is at most 604,800 s (PutMetricAlarm). */
const MOST_HOURS = 168;

/** A sweep may begin up to ten minutes late, and be tried again for an hour; a run takes its time too. */
const SLACK_HOURS = 2;

/**
 * After how many hours without a sweep something is wrong with this schedule; undefined where no alarm can look back as
 * far, e.g. for a weekly one. Source: CloudWatch API reference, PutMetricAlarm, `Period`.
 */
export function silentHours(schedule: string): number | undefined {
  const hours = Math.ceil(longestGapMs(schedule) / HOUR) + SLACK_HOURS;
  return hours <= MOST_HOURS ? hours : undefined;
}

/**
 * The longest time between two runs of a `rate(…)` or `cron(…)` schedule, ms; infinite where that is more than a week or
 * would take more than lists, ranges and steps to tell.
 */
export function longestGapMs(schedule: string): number {
  const [, kind, body = ''] = /^(rate|cron)\((.*)\)$/.exec(schedule) ?? [];
  if (kind === 'cron') return gapOfCron(body);
  const [, value, unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body) ?? [];
  return Number(value ?? Number.NaN) * (UNITS[unit] ?? Number.NaN) || Number.POSITIVE_INFINITY;
}

function gapOfCron(body: string): number {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = body.split(' ');
  const minutes = members(minute, 0, 59, []);
  const hours = members(hour, 0, 23, []);
  const days = members(dayOfMonth, 1, 31, []);
  const months = members(month, 1, 12, MONTHS);
  const weekdays = members(dayOfWeek, 1, 7, WEEKDAYS);
  if (!minutes || !hours || !days || !months || !weekdays || year !== '*') return Number.POSITIVE_INFINITY;
  const [times, isDue] = [timesOf(hours, minutes), (at: Date) => onDay(at, days, months, weekdays)];

  // Three years hold every order of weekdays, month ends and a leap day that a gap of a week could fall on.
  let [last, longest] = [Date.UTC(2027, 0, 1), 0];
  for (let day = last; day < Date.UTC(2030, 0, 1); day += DAY) {
    if (!isDue(new Date(day))) continue;
    for (const time of times) {
      longest = Math.max(longest, day + time - last);
      last = day + time;
    }
  }
  longest = Math.max(longest, Date.UTC(2030, 0, 1) - last);
  return longest > MOST_HOURS * HOUR ? Number.POSITIVE_INFINITY : longest;
}

function timesOf(hours: ReadonlySet<number>, minutes: ReadonlySet<number>): readonly number[] {
  const all = [...hours].flatMap((hour) => [...minutes].map((minute) => hour * HOUR + minute * 60_000));
  return all.sort((one, other) => one - other);
}

function onDay(
  at: Date,
  days: ReadonlySet<number>,
  months: ReadonlySet<number>,
  weekdays: ReadonlySet<number>,
): boolean {
  return days.has(at.getUTCDate()) && months.has(at.getUTCMonth() + 1) && weekdays.has(at.getUTCDay() + 1);
}

/** The values of one field; undefined for what needs a calendar (`L`, `W`, `#`) or is no field at all. */
function members(
  field: string,
  least: number,
  most: number,
  names: readonly string[],
): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    const [from, to] = boundsOf(range, least, most, names, step !== undefined);
    if (from === undefined || to === undefined || from < least || to > most || to < from) return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return found;
}

function boundsOf(
  range: string,
  least: number,
  most: number,
  names: readonly string[],
  stepped: boolean,
): readonly [from: number | undefined, to: number | undefined] {
  if (range === '*' || range === '?') return [least, most];
  const [first = '', second] = range.split('-');
  const from = numberOf(first, least, names);
  // `5/15` is every fifteen from five on.
  return [from, second === undefined ? (stepped ? most : from) : numberOf(second, least, names)];
}

function numberOf(text: string, least: number, names: readonly string[]): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + least;
  return /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}
