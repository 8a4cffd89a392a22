import { expect, it } from 'vitest';
import { parseSchedule } from '../../../sandbox/events/schedule.ts';
import { longestGapMs, silentHours } from '../../../shared/config/longest-gap.ts';

const HOUR = 3_600_000;

it.each<[schedule: string, gap: number, alarm: number | undefined]>([
  ['rate(1 minute)', 1 / 60, 3],
  ['rate(1 hour)', 1, 3],
  ['rate(90 minutes)', 1.5, 4],
  ['rate(1 day)', 24, 26],
  ['rate(6 days)', 144, 146],
  ['cron(0 6 * * ? *)', 24, 26],
  ['cron(0 6,18 * * ? *)', 12, 14],
  ['cron(0 6,7 * * ? *)', 23, 25],
  ['cron(30 0/4 * * ? *)', 4, 6],
  ['cron(0 6 ? * MON-FRI *)', 72, 74],
  ['cron(0 6 ? * 2,5 *)', 96, 98],
  ['cron(5/20 8-18 ? * MON-FRI *)', 61 + 20 / 60, 64],
  ['cron(0 6 1/3 * ? *)', 72, 74],
])('a sweep by %s is missed at most %d hours: the alarm looks back %d', (schedule, gap, alarm) => {
  expect(longestGapMs(schedule) / HOUR).toBeCloseTo(gap, 9);
  expect(silentHours(schedule)).toBe(alarm);

  // The same as the schedule itself does, over four years.
  const next = parseSchedule(schedule, Date.UTC(2028, 0, 1));
  let longest = 0;
  let last = next(Date.UTC(2028, 0, 1)) ?? Number.NaN;
  for (let runs = 0; runs < 4000; runs++) {
    const due = next(last) ?? Number.NaN;
    longest = Math.max(longest, due - last);
    last = due;
  }
  expect(longest).toBe(longestGapMs(schedule));
});

it.each([
  'rate(7 days)',
  'rate(30 days)',
  'cron(0 6 ? * MON *)',
  'cron(0 6 1 * ? *)',
  'cron(0 6 ? 1-6 * *)',
  'cron(0 6 L * ? *)',
  'cron(0 6 15W * ? *)',
  'cron(0 6 ? * MON#1 *)',
  'cron(0 6 * * ? 2027)',
  'cron(0 6 ? * FRI-MON *)',
  'cron(0 25 * * ? *)',
  'off',
  '',
])('no alarm can look back as far as %s: none is made rather than one that cries wolf', (schedule) => {
  expect(silentHours(schedule)).toBeUndefined();
});

it('an alarm looks back seven days and not an hour more', () => {
  expect(silentHours('rate(166 hours)')).toBe(168);
  expect(silentHours('rate(167 hours)')).toBeUndefined();
});
