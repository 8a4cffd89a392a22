import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../sandbox/events/schedule.ts';

const START = Date.parse('2026-11-02T08:00:00Z');

/** The next times after the start, a Monday. */
function times(expression: string, count = 3, zone = 'UTC', from = START): string[] {
  const next = parseSchedule(expression, START, zone);
  const found: string[] = [];
  let after = from;
  while (found.length < count) {
    const due = next(after);
    if (due === undefined) break;
    found.push(new Date(due).toISOString().replace(':00.000Z', 'Z'));
    after = due;
  }
  return found;
}

describe('a schedule', () => {
  it.each<[string, string, string[]]>([
    [
      'every five minutes',
      'rate(5 minutes)',
      ['2026-11-02T08:05Z', '2026-11-02T08:10Z', '2026-11-02T08:15Z'],
    ],
    ['every hour', 'rate(1 hour)', ['2026-11-02T09:00Z', '2026-11-02T10:00Z', '2026-11-02T11:00Z']],
    ['every two days', 'rate(2 days)', ['2026-11-04T08:00Z', '2026-11-06T08:00Z', '2026-11-08T08:00Z']],
    [
      'every day at 10:15',
      'cron(15 10 * * ? *)',
      ['2026-11-02T10:15Z', '2026-11-03T10:15Z', '2026-11-04T10:15Z'],
    ],
    [
      'now is not after now',
      'cron(0 8 * * ? *)',
      ['2026-11-03T08:00Z', '2026-11-04T08:00Z', '2026-11-05T08:00Z'],
    ],
    [
      'weekdays by name',
      'cron(0 18 ? * MON-FRI *)',
      ['2026-11-02T18:00Z', '2026-11-03T18:00Z', '2026-11-04T18:00Z'],
    ],
    [
      'weekdays by number',
      'cron(0 18 ? * 7,1 *)',
      ['2026-11-07T18:00Z', '2026-11-08T18:00Z', '2026-11-14T18:00Z'],
    ],
    [
      'steps from a start',
      'cron(5/25 9 * * ? *)',
      ['2026-11-02T09:05Z', '2026-11-02T09:30Z', '2026-11-02T09:55Z'],
    ],
    [
      'steps of all',
      'cron(*/30 12 * * ? *)',
      ['2026-11-02T12:00Z', '2026-11-02T12:30Z', '2026-11-03T12:00Z'],
    ],
    [
      'steps in a range',
      'cron(0 8-18/5 * * ? *)',
      ['2026-11-02T13:00Z', '2026-11-02T18:00Z', '2026-11-03T08:00Z'],
    ],
    [
      'the first of the month',
      'cron(0 8 1 * ? *)',
      ['2026-12-01T08:00Z', '2027-01-01T08:00Z', '2027-02-01T08:00Z'],
    ],
    [
      'months by name',
      'cron(0 0 1 JAN,JUL ? *)',
      ['2027-01-01T00:00Z', '2027-07-01T00:00Z', '2028-01-01T00:00Z'],
    ],
    [
      'the last day of the month',
      'cron(0 0 L * ? *)',
      ['2026-11-30T00:00Z', '2026-12-31T00:00Z', '2027-01-31T00:00Z'],
    ],
    [
      'the last weekday of the month',
      'cron(0 0 LW * ? *)',
      ['2026-11-30T00:00Z', '2026-12-31T00:00Z', '2027-01-29T00:00Z'],
    ],
    [
      'the weekday nearest to the 15th',
      'cron(0 0 15W * ? *)',
      ['2026-11-16T00:00Z', '2026-12-15T00:00Z', '2027-01-15T00:00Z'],
    ],
    [
      'the weekday nearest to the 1st',
      'cron(0 0 1W 8 ? *)',
      ['2027-08-02T00:00Z', '2028-08-01T00:00Z', '2029-08-01T00:00Z'],
    ],
    [
      'the last Saturday of the week',
      'cron(0 0 ? * L *)',
      ['2026-11-07T00:00Z', '2026-11-14T00:00Z', '2026-11-21T00:00Z'],
    ],
    [
      'the last Thursday of the month',
      'cron(0 0 ? * 5L *)',
      ['2026-11-26T00:00Z', '2026-12-31T00:00Z', '2027-01-28T00:00Z'],
    ],
    [
      'the second Tuesday',
      'cron(0 0 ? * 3#2 *)',
      ['2026-11-10T00:00Z', '2026-12-08T00:00Z', '2027-01-12T00:00Z'],
    ],
    [
      'the fifth Monday, where there is one',
      'cron(0 0 ? * MON#5 *)',
      ['2026-11-30T00:00Z', '2027-03-29T00:00Z', '2027-05-31T00:00Z'],
    ],
    ['leap days', 'cron(0 0 29 2 ? *)', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
    ['some years', 'cron(0 0 1 1 ? 2027-2028)', ['2027-01-01T00:00Z', '2028-01-01T00:00Z']],
    ['years gone by', 'cron(0 0 1 1 ? 2020)', []],
    ['days that do not exist', 'cron(0 0 31 4 ? *)', []],
  ])('%s: %s', (_title, expression, expected) => {
    expect(times(expression)).toEqual(expected);
  });

  it.each<[string, string, string, string, string[]]>([
    ['is on the wall', 'Europe/Berlin', 'cron(30 9 * * ? *)', '2026-11-02T00:00:00Z', ['2026-11-02T08:30Z']],
    [
      'keeps to the wall in summer',
      'Europe/Berlin',
      'cron(30 9 * * ? *)',
      '2027-06-01T00:00:00Z',
      ['2027-06-01T07:30Z'],
    ],
    [
      'is skipped when clocks jump over it',
      'Europe/Berlin',
      'cron(30 2 * * ? *)',
      '2027-03-27T12:00:00Z',
      ['2027-03-29T00:30Z'],
    ],
    [
      'runs once when clocks go back',
      'Europe/Berlin',
      'cron(30 2 * * ? *)',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:30Z', '2027-11-01T01:30Z'],
    ],
    [
      'lies a day ahead in the east',
      'Pacific/Auckland',
      'cron(0 6 ? * MON *)',
      '2026-11-01T00:00:00Z',
      ['2026-11-01T17:00Z'],
    ],
    [
      'lies a day behind in the west',
      'America/Los_Angeles',
      'cron(0 20 1 * ? *)',
      '2026-11-02T00:00:00Z',
      ['2026-11-02T04:00Z'],
    ],
  ])('%s: %s, %s', (_title, zone, expression, from, expected) => {
    expect(times(expression, expected.length, zone, Date.parse(from))).toEqual(expected);
  });

  it.each([
    ['rate(0 minutes)', /positive number/],
    ['rate(1 minutes)', /write "1 minute"/],
    ['rate(5 minute)', /write "5 minutes"/],
    ['rate(5 seconds)', /minutes, hours or days/],
    ['every hour', /rate\(…\) or cron\(…\)/],
    ['cron(0 8 * * ?)', /6 fields, not 5/],
    ['cron(0 8 * * * *)', /must be "\?"/],
    ['cron(0 8 ? * ? *)', /must be "\?"/],
    ['cron(60 8 * * ? *)', /"60" is not a value of minutes/],
    ['cron(0 24 * * ? *)', /"24" is not a value of hours/],
    ['cron(0 8 32 * ? *)', /day of month/],
    ['cron(0 8 ? * 0 *)', /"0" is not a value of day of week/],
    ['cron(0 8 ? * 3#6 *)', /day of week/],
    ['cron(0 8 * 13 ? *)', /month/],
    ['cron(0 8 * * ? 2200)', /year/],
    ['cron(0/0 8 * * ? *)', /no valid step/],
    ['cron(30-10 8 * * ? *)', /ends before it begins/],
  ])('%s is refused', (expression, reason) => {
    expect(() => parseSchedule(expression, START)).toThrow(reason);
  });
});
