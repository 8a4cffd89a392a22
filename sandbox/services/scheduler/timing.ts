import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import type { NextTime } from '../../events/cron.ts';
import { parseSchedule } from '../../events/schedule.ts';
import { isTimeZone, momentOf } from '../../events/time-zone.ts';
import { invalid } from './state.ts';

export interface Timing {
  readonly next: NextTime;
  readonly once: boolean;
}

/**
 * When a schedule falls due: `at(…)` once, `rate(…)` from its start on (at once when it has none), `cron(…)`; times
 * are those of its time zone, and of the beginning of a flexible window.
 */
export function timingOf(settings: CreateScheduleInput, now: number): Timing {
  const { ScheduleExpression = '', ScheduleExpressionTimezone: zone = 'UTC', StartDate, EndDate } = settings;
  if (!isTimeZone(zone)) throw invalid(`The ScheduleExpressionTimezone ${zone} is not valid.`);
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(ScheduleExpression);
  if (at) {
    const moment = momentOf(Date.parse(`${at[1]}Z`), zone);
    if (moment === undefined) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
    return { once: true, next: (after) => (moment > after ? moment : undefined) };
  }
  const from = StartDate?.getTime() ?? now;
  const until = EndDate?.getTime() ?? Number.POSITIVE_INFINITY;
  const recurring = recurrence(ScheduleExpression, from, zone);
  return {
    once: false,
    next(after) {
      const due = recurring(Math.max(after, from - 1));
      return due !== undefined && due <= until ? due : undefined;
    },
  };
}

function recurrence(expression: string, from: number, zone: string): NextTime {
  try {
    return parseSchedule(expression, from, zone);
  } catch (error) {
    throw invalid(
      `Invalid Schedule Expression ${expression}: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
