// Our own, as `aws-cron-parser` (1.1) knows UTC only, while schedules are written in time zones with summer time.
import { dayMatcher } from './cron-days.ts';
import { fieldValues, MONTHS } from './cron-fields.ts';
import { momentOf, wallTime } from './time-zone.ts';

/** The first moment after `after` (epoch ms) at which the schedule falls due; undefined when it never does again. */
export type NextTime = (after: number) => number | undefined;

const DAY_MS = 86_400_000;
const LAST_YEAR = 2199;

/**
 * Reads the six fields of an AWS cron expression: minutes, hours, day of month, month, day of week, year. Throws an
 * Error that says what is wrong. Source: EventBridge user guide, "Cron expressions reference".
 */
export function parseCron(text: string, zone = 'UTC'): NextTime {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`a cron expression has 6 fields, not ${fields.length}`);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  const minutes = [...fieldValues(minute, 'minutes', 0, 59)].sort(ascending);
  const hours = [...fieldValues(hour, 'hours', 0, 23)].sort(ascending);
  const months = fieldValues(month, 'month', 1, 12, MONTHS);
  const years = fieldValues(year, 'year', 1970, LAST_YEAR);
  const onDay = dayMatcher(dayOfMonth, dayOfWeek);
  const last = Math.max(...years);

  return (after) => {
    const wall = wallTime(after, zone);
    for (let day = wall - (wall % DAY_MS); ; day += DAY_MS) {
      const date = new Date(day);
      const thisYear = date.getUTCFullYear();
      if (thisYear > last) return undefined;
      if (!years.has(thisYear) || !months.has(date.getUTCMonth() + 1) || !onDay(date)) continue;
      const due = firstMoment(day, hours, minutes, (moment) => moment > after, zone);
      if (due !== undefined) return due;
    }
  };
}

function firstMoment(
  day: number,
  hours: readonly number[],
  minutes: readonly number[],
  fits: (moment: number) => boolean,
  zone: string,
): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const wall = day + (hour * 60 + minute) * 60_000;
      const moment = zone === 'UTC' ? wall : momentOf(wall, zone);
      if (moment !== undefined && fits(moment)) return moment;
    }
  }
  return undefined;
}

const ascending = (a: number, b: number) => a - b;
