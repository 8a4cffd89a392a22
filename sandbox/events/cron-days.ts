import { DAYS, fieldValues } from './cron-fields.ts';

type DayTest = (day: Date) => boolean;

/** Reads day of month and day of week, one of which has to be `?`. Days are midnights in UTC. */
export function dayMatcher(dayOfMonth: string, dayOfWeek: string): DayTest {
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error('one of day of month and day of week must be "?", the other must not');
  }
  return dayOfWeek === '?' ? anyOf(dayOfMonth, monthDay) : anyOf(dayOfWeek, weekDay);
}

function anyOf(field: string, read: (item: string) => DayTest): DayTest {
  const tests = field.split(',').map(read);
  return (day) => tests.some((test) => test(day));
}

/** `L` is the last day of the month, `LW` its last weekday, `15W` the weekday nearest to the 15th. */
function monthDay(item: string): DayTest {
  if (item === 'L') return (day) => day.getUTCDate() === lastDay(day);
  if (item === 'LW') return (day) => day.getUTCDate() === nearestWeekday(day, lastDay(day));
  const near = /^(\d{1,2})W$/.exec(item);
  if (near) {
    const [wanted = 1] = fieldValues(near[1] ?? '', 'day of month', 1, 31);
    return (day) => wanted <= lastDay(day) && day.getUTCDate() === nearestWeekday(day, wanted);
  }
  const values = fieldValues(item, 'day of month', 1, 31);
  return (day) => values.has(day.getUTCDate());
}

/** `L` is Saturday, `5L` the month's last Thursday, `3#2` its second Tuesday; Sunday is 1. */
function weekDay(item: string): DayTest {
  const one = (text: string) => [...fieldValues(text, 'day of week', 1, 7, DAYS)][0];
  if (item === 'L') return (day) => weekdayOf(day) === 7;
  const [, nth, count] = /^([^#]+)#([1-5])$/.exec(item) ?? [];
  if (nth) {
    const wanted = one(nth);
    return (day) => weekdayOf(day) === wanted && Math.ceil(day.getUTCDate() / 7) === Number(count);
  }
  const [, last] = /^(\w+)L$/.exec(item) ?? [];
  if (last) {
    const wanted = one(last);
    return (day) => weekdayOf(day) === wanted && day.getUTCDate() + 7 > lastDay(day);
  }
  const values = fieldValues(item, 'day of week', 1, 7, DAYS);
  return (day) => values.has(weekdayOf(day));
}

const weekdayOf = (day: Date) => day.getUTCDay() + 1;

const lastDay = (day: Date) =>
  new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** The weekday nearest to that date without leaving the month. */
function nearestWeekday(day: Date, date: number): number {
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === lastDay(day) ? date - 2 : date + 1;
  return date;
}
